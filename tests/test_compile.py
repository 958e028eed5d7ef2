# ruff: noqa: E501 - a table of cases reads best with a case on a line
"""From a SHACL-SPARQL constraint to one query for all focus nodes: what is joined, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.resources import Resources
from hrdd_graph.rules import Rule, read_rule, read_rules
from hrdd_graph.store import Scope, select
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Quad, RdfFormat, parse

DAY = date(2007, 12, 31)
EX = "https://example.org/"
RULE = """\
@prefix gap: <https://w3id.org/hrdd-graph/gap/> .
@prefix hrdd: <https://w3id.org/hrdd-graph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ungp: <https://w3id.org/hrdd-graph/ungp/principle/> .

gap:sample a sh:NodeShape , hrdd:GapRule ;
    rdfs:label "Sample"@en ;
    skos:definition "A sample."@en ;
    hrdd:advice "Ask."@en ;
    hrdd:settledBy "An answer."@en ;
    hrdd:invokes ungp:11 ;
    hrdd:since "0.1.0" ;
    hrdd:ruleVersion "1.0.0" ;
    hrdd:identifyingVariable "value" ;
    sh:severity sh:Violation ;
    sh:targetClass hrdd:Firm ;
    sh:sparql [ sh:prefixes <https://w3id.org/hrdd-graph/shapes> ;
        sh:message "{$this}: {?value}"@en , "{$this}: {?value}"@fr , "{$this}: {?value}"@es , "{$this}: {?value}"@de ;
        sh:select \"\"\"SELECT\"\"\" ] .
"""

Make = Callable[..., Rule]


@pytest.fixture
def rule(tmp_path: Path) -> Make:
    """A rule with a query of the test's own, and anything else replaced."""

    def make(query: str, **changes: str) -> Rule:
        text = RULE.replace("SELECT", query)
        for old, new in changes.items():
            text = text.replace(old.replace("__", ":"), new)
        path = tmp_path / "sample.ttl"
        path.write_text(text, encoding="utf-8")
        return read_rule(path)

    return make


def store(turtle: str) -> EmbeddedStore:
    built = EmbeddedStore.in_memory()
    prologue = f"@prefix hrdd: <https://w3id.org/hrdd-graph/ontology#> . @prefix ex: <{EX}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    graph = Iri(EX + "graph")
    quads = parse(prologue + turtle, format=RdfFormat.TURTLE)
    built.load([Quad(q.subject, q.predicate, q.object, graph) for q in quads], [graph.value])
    return built


def found(rule: Rule, turtle: str, *focus: str, day: date = DAY) -> set[tuple[str, ...]]:
    rows = select(store(turtle), compile_rule(rule).query(day, [Iri(EX + name) for name in focus]), Scope())
    return {tuple(term.value.removeprefix(EX) if term else "" for term in row) for row in rows.rows}


# -- what is refused -------------------------------------------------------------------------------------------------


DAY_OF = "SELECT $this ?value { ?e a hrdd:Evaluation ; hrdd:asOf ?day ."


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT $this ?value { $this hrdd:owns ?value MINUS { ?value a hrdd:Site } }", "it uses MINUS, which SHACL does not allow here; write FILTER NOT EXISTS."),
        ("SELECT $this ?value { $this hrdd:owns ?value { FILTER NOT EXISTS { ?value a ?k minus { ?k a ?k } } } }", "it uses MINUS"),
        ("SELECT $this ?value { SERVICE <http://e.org/> { $this hrdd:owns ?value } }", "it uses SERVICE"),
        ("SELECT $this ?value { VALUES ?value { hrdd:Firm } $this a ?value }", "it uses VALUES, which SHACL does not allow here; write the values into a FILTER with IN."),
        ("SELECT $this ?value { GRAPH ?g { $this hrdd:owns ?value } }", "it uses GRAPH"),
        ("SELECT $this ?value { { SELECT ?value { ?x hrdd:owns ?value } } }", "it has a sub-select, which cannot be joined with the target"),
        ("SELECT $this ?value { ?x hrdd:owns ?value BIND(?x AS $this) }", "it assigns to $this"),
        ("SELECT $this ?value { ?x hrdd:owns ?value BIND(?x AS ?this) }", "it assigns to $this"),
        ("SELECT ?value { $this hrdd:owns ?value }", "it does not select $this"),
        ("SELECT * { $this hrdd:owns ?value }", "it must name the variables that it selects"),
        ("ASK { $this hrdd:owns ?value }", "it must begin with SELECT"),
        ("PREFIX x: <x:> SELECT $this ?value { $this hrdd:owns ?value }", "prefixes are declared with sh:prefixes"),
        ("SELECT $this ?value { { ?value hrdd:owns ?x FILTER ( ?value = $this ) } }", "FILTER ( ?value = $this ) asks for $this inside a group in braces"),
        ("SELECT $this ?value { $this hrdd:owns ?value } LIMIT 1", "it uses LIMIT, which SHACL applies to each focus node by itself"),
        ("SELECT $this (COUNT(?x) AS ?value) { $this hrdd:owns ?x }", "it counts without GROUP BY $this"),
        ("SELECT $this ?value { $this hrdd:owns ?value } VALUES ?value { hrdd:Firm }", "it uses VALUES"),
        ("SELECT $this ?value WHERE", "it has no WHERE group"),
        ("SELECT $this ?value { $this hrdd:owns ?value", "brace is not closed"),
        ("SELECT $this ?value { $this unknown:owns ?value }", "error at"),
        ("SELECT $this ?value { $this hrdd:owns }", "error at"),
        ("SELECT $this ?value { $this hrdd:owns ?value . ?e hrdd:asOf ?day ; a hrdd:Evaluation . }", "write the day once, as `?evaluation a hrdd:Evaluation ; hrdd:asOf ?day .`"),
        ("SELECT $this ?value ?day { ?e a hrdd:Evaluation ; hrdd:asOf ?day . $this hrdd:owns ?value }", "it selects ?day"),
        (f"{DAY_OF} {{ $this hrdd:owns ?value . ?value hrdd:startLatest ?b FILTER ( ?b <= ?day ) }} }}", "FILTER ( ?b <= ?day ) asks for ?day, the day, inside a group in braces, where SPARQL does not see it"),
        (f"{DAY_OF} {{ $this hrdd:owns ?value }} UNION {{ ?value hrdd:startLatest ?b FILTER ( ?b <= ?day ) }} }}", "write the condition outside the braces"),
        (f"{DAY_OF} $this hrdd:owns ?value OPTIONAL {{ ?value hrdd:note ?n OPTIONAL {{ ?value hrdd:startLatest ?b FILTER ( ?b <= ?day ) }} }} }}", "asks for ?day"),
        (f"{DAY_OF} {{ $this hrdd:owns ?value FILTER NOT EXISTS {{ ?value hrdd:startLatest ?b FILTER ( ?b > ?day ) }} }} }}", "asks for ?day"),
        (f"{DAY_OF} $this hrdd:owns ?value OPTIONAL {{ ?value hrdd:startLatest ?b BIND ( ?b <= ?day AS ?c ) }} }}", "asks for ?day"),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_joined_with_its_target_is_refused(rule: Make, query: str, says: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        compile_rule(rule(query))
    assert "sample.ttl: has a query that cannot be used: " in str(caught.value)
    assert says in str(caught.value)


def test_a_word_in_a_string_or_a_comment_breaks_no_rule(rule: Make) -> None:
    query = "SELECT $this ?value { # MINUS SERVICE\\n $this hrdd:note ?value FILTER ( ?value = 'VALUES GRAPH' ) }"
    assert found(rule(query), "ex:a a hrdd:Firm ; hrdd:note 'VALUES GRAPH' .") == {("a", "VALUES GRAPH")}


# -- what is joined --------------------------------------------------------------------------------------------------

OWNS = "SELECT $this ?value { $this hrdd:owns ?value }"
WORLD = "ex:a a hrdd:Firm ; hrdd:owns ex:x , ex:y . ex:b a hrdd:Firm ; hrdd:owns ex:x . ex:c a hrdd:Court ; hrdd:owns ex:x ."


def test_one_query_answers_for_all_focus_nodes_of_the_target(rule: Make) -> None:
    assert found(rule(OWNS), WORLD) == {("a", "x"), ("a", "y"), ("b", "x")}


def test_a_focus_restricts_and_does_not_widen(rule: Make) -> None:
    assert found(rule(OWNS), WORLD, "b") == {("b", "x")}
    assert found(rule(OWNS), WORLD, "a", "b") == {("a", "x"), ("a", "y"), ("b", "x")}
    assert found(rule(OWNS), WORLD, "c") == set(), "a focus outside the target is nobody's"
    assert found(rule(OWNS), WORLD, "nobody") == set()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("sh:targetClass hrdd:Firm , hrdd:Court", {"a", "b", "c"}),
        ("sh:targetNode <https://example.org/c>", {"c"}),
        ("sh:targetSubjectsOf hrdd:owns", {"a", "b", "c"}),
        ("sh:targetClass hrdd:Court ; sh:targetNode <https://example.org/a>", {"a", "c"}),
        ("sh:targetObjectsOf hrdd:owns", set()),
    ],
)
def test_every_kind_of_target_is_joined(rule: Make, target: str, expected: set[str]) -> None:
    made = rule(OWNS, **{"sh__targetClass hrdd__Firm": target})
    assert {row[0] for row in found(made, WORLD)} == expected


def test_a_row_that_several_targets_give_is_one_row(rule: Make) -> None:
    made = rule(OWNS, **{"sh__targetClass hrdd__Firm": "sh:targetClass hrdd:Firm ; sh:targetSubjectsOf hrdd:owns"})
    rows = select(store(WORLD), compile_rule(made).query(DAY), Scope()).rows
    assert len(rows) == len(set(rows)) == 4


DATED = """SELECT $this ?value {
  ?evaluation a hrdd:Evaluation ; hrdd:asOf ?day .
  $this hrdd:owns ?value . ?value hrdd:startLatest ?begun . FILTER ( ?begun <= ?day ) }"""


def test_the_day_goes_into_the_query_and_no_node_is_needed(rule: Make) -> None:
    world = 'ex:a a hrdd:Firm ; hrdd:owns ex:x . ex:x hrdd:startLatest "2007-12-31"^^xsd:date .'
    assert found(rule(DATED), world, day=date(2007, 12, 31)) == {("a", "x")}
    assert found(rule(DATED), world, day=date(2007, 12, 30)) == set()


def test_the_day_reaches_into_every_group(rule: Make) -> None:
    query = DATED.replace(
        "FILTER ( ?begun <= ?day )", "FILTER NOT EXISTS { ?value hrdd:startLatest ?other . FILTER ( ?other > ?day ) }"
    )
    world = 'ex:a a hrdd:Firm ; hrdd:owns ex:x . ex:x hrdd:startLatest "2007-12-31"^^xsd:date .'
    assert found(rule(query), world, day=date(2008, 1, 1)) == {("a", "x")}
    assert found(rule(query), world, day=date(2007, 1, 1)) == set()


@pytest.mark.parametrize(
    "where",
    [
        "OPTIONAL { ?value hrdd:startLatest ?b FILTER ( ?b <= ?day ) }",
        "FILTER EXISTS { { ?value hrdd:startLatest ?b FILTER ( ?b <= ?day ) } }",
        "{ ?value hrdd:startLatest ?day FILTER ( ?day = ?day ) }",
    ],
)
def test_a_group_that_sees_the_day_may_ask_for_it(rule: Make, where: str) -> None:
    assert compile_rule(rule(f"{DAY_OF} $this hrdd:owns ?value {where} }}")).day_variable == "day"


def test_what_a_rule_asks_beside_the_body_is_kept(rule: Make) -> None:
    query = "SELECT DISTINCT $this (COUNT(?x) AS ?value) { $this hrdd:owns ?x } GROUP BY $this HAVING ( COUNT(?x) > 1 )"
    assert found(rule(query), WORLD) == {("a", "2")}


def test_nothing_is_counted_twice(rule: Make) -> None:
    query = """SELECT $this (COUNT(?x) AS ?value) { $this a ?kind . ?x a hrdd:Site .
        FILTER ( EXISTS { $this hrdd:owns ?x } || EXISTS { ?x hrdd:ownedBy $this } ) } GROUP BY $this"""
    several = "sh:targetClass hrdd:Firm ; sh:targetSubjectsOf hrdd:owns"
    world = "ex:a a hrdd:Firm ; hrdd:owns ex:x , ex:y . ex:x a hrdd:Site ; hrdd:ownedBy ex:a . ex:y a hrdd:Site ."
    made = rule(query, **{"sh__targetClass hrdd__Firm": several})
    assert found(made, world) == found(made, world, "a") == {("a", "2")}


@pytest.mark.parametrize("joined", [True, False])
def test_rows_are_the_same_whether_exists_is_joined_or_asked_row_by_row(rule: Make, joined: bool) -> None:
    query = "SELECT $this ?value { $this hrdd:owns ?value . FILTER NOT EXISTS { ?other hrdd:owns ?value . FILTER ( ?other != $this ) } }"
    rows = select(store(WORLD), compile_rule(rule(query)).query(DAY, joined=joined), Scope()).rows
    assert [[str(term) for term in row] for row in rows] == [[f"<{EX}a>", f"<{EX}y>"]]


# -- reading rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "sh__severity sh__Violation",
            "sh:severity sh:Grave",
            "a severity that is none of SHACL's. Use sh:Violation (high)",
        ),
        ("    sh__severity sh__Violation ;", "", "needs exactly one severity"),
        ('    hrdd__since "0.1.0" ;', "", "needs exactly one since"),
        ('    hrdd__ruleVersion "1.0.0" ;', "", "needs exactly one ruleVersion"),
        ("    sh__targetClass hrdd__Firm ;", "", "has no target"),
        (
            "sh__targetClass hrdd__Firm",
            "sh:target [ sh:select 'SELECT ?this { ?this ex:owns ?x }' ]",
            "has a target that cannot be used: the prefix ex: is not declared. Use sh:targetClass",
        ),
        ("sh__targetClass hrdd__Firm", "sh:target [ a sh:Target ]", "is a target without sh:select"),
        ('    rdfs__label "Sample"@en ;', "", "has no label in en"),
        ('    skos__definition "A sample."@en ;', "", "has no definition in en"),
        ('    hrdd__advice "Ask."@en ;', "", "has no advice in en"),
        ('    hrdd__settledBy "An answer."@en ;', "", "has no settledBy in en"),
        ('sh__message "{$this}: {?value}"@en ,', "sh:message", "has no message in en"),
        ("gap__sample", "gap:other", "does not match the file's name. Call it gap:sample."),
        ("hrdd__GapRule", "hrdd:Waiver", "declares no hrdd:GapRule, or several"),
        ("sh__sparql [", "sh:sparql [] , [", "needs exactly one sh:sparql constraint"),
        ("sh__severity", "sh:severity sh:severity", "is not Turtle"),
    ],
)
def test_a_broken_rule_says_what_it_lacks(rule: Make, old: str, new: str, says: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        rule(OWNS, **{old: new})
    assert "sample.ttl" in str(caught.value)
    assert says in str(caught.value)


def test_all_that_a_rule_lacks_is_told_at_once(rule: Make) -> None:
    with pytest.raises(UnusableInput) as caught:
        rule(OWNS, **{'    hrdd__since "0.1.0" ;': "", "    sh__targetClass hrdd__Firm ;": ""})
    assert len(caught.value.problems) == 2


def test_the_broken_rules_of_a_folder_are_told_together(tiny: Path) -> None:
    for name in ("first", "second"):
        (tiny / "shapes" / "gaps" / f"{name}.ttl").write_text("broken", encoding="utf-8")
    with pytest.raises(UnusableInput) as caught:
        read_rules(Resources(tiny))
    assert [Path(problem.where).name for problem in caught.value.problems] == ["first.ttl", "second.ttl"]


def test_a_rule_that_is_switched_off_says_so(rule: Make) -> None:
    assert rule(OWNS).active
    assert not rule(OWNS, **{"sh__severity": "sh:deactivated true ; sh:severity"}).active


def test_a_text_falls_back_to_english(rule: Make) -> None:
    assert rule(OWNS).text("label", "fr") == "Sample"
