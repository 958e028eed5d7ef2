"""What an explanation shows is in the graph, is enough for the finding, and has its place in a source."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.explain import Explanation, explain, explanation_of
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.gaps.salience import parse_weights
from hrdd_graph.gaps.strength import KIND, RELIABILITY, STATUS, Proof, Strength, strengths_of
from hrdd_graph.gaps.walk import Walker
from hrdd_graph.namespaces import HRDD, IDS
from hrdd_graph.report._explanation import explanation_document, explanation_text
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.sparql.paths import patterns_of
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Quad
from hrdd_graph.view import View

RULES = ("certified-open-abuse", "owner-linked-open-abuse", "harm-without-party", "ratified-not-applied")


@pytest.fixture(scope="module")
def run(view: View, resources: Resources) -> Run:
    return run_rules(view, [rule for rule in read_rules(resources) if rule.name in RULES])


def first(run: Run, resources: Resources, rule: str, value: str = "") -> Explanation:
    wanted = [
        f
        for f in run.findings
        if f.rule.name == rule and (not value or Iri(IDS + value) in f.bindings.get("value", ()))
    ]
    return explanation_of(resources, run, wanted[0])


@pytest.mark.parametrize("rule", RULES)
def test_every_statement_shown_is_in_the_view(run: Run, resources: Resources, rule: str) -> None:
    explanation = first(run, resources, rule)
    assert explanation.grounds.statements
    for statement in explanation.grounds.statements:
        assert run.view.ask(f"ASK {{ {statement.triple} }}")
        for place in statement.places:
            assert place.locator
            assert run.view.ask(
                f"ASK {{ <{place.record}> {HRDD.statedIn} <{place.source}> ; {HRDD.locator} ?l ; {HRDD.hasStatus} ?s }}"
            )


@pytest.mark.parametrize("rule", RULES)
def test_the_statements_shown_are_enough_for_the_finding(run: Run, resources: Resources, rule: str) -> None:
    """In a graph of nothing but these statements the rule finds the same thing again."""
    explanation = first(run, resources, rule)
    store = EmbeddedStore.in_memory()
    graph = run.view.graphs[0]
    kept = [s.triple for s in explanation.grounds.statements]
    focus = explanation.finding.focus
    kinds = [row[0] for row in run.view.select(f"SELECT ?k WHERE {{ {focus} a ?k }}").rows]
    quads = [Quad(t.subject, t.predicate, t.object, Iri(graph)) for t in kept]
    quads += [Quad(focus, Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), k, Iri(graph)) for k in kinds]  # type: ignore[arg-type]
    store.load(quads, run.view.graphs)
    again = run_rules(replace(run.view, store=store), [explanation.finding.rule])
    assert explanation.finding.iri in {finding.iri for finding in again.findings}


def test_a_share_is_shown_with_the_record_that_states_it(run: Run, resources: Resources) -> None:
    explanation = first(run, resources, "owner-linked-open-abuse")
    (way,) = explanation.grounds.ways
    assert [statement.triple.predicate for statement in way] == [HRDD.owns]
    assert all(place.record.startswith(IDS + "relationship/") for statement in way for place in statement.places)
    assert way[0].derived
    assert explanation_document(explanation)["explanation"]["path"][0][0]["statedIn"][0]["locator"]


def test_the_silence_that_no_remedy_rests_on_is_shown(run: Run, resources: Resources) -> None:
    explanation = first(run, resources, "certified-open-abuse", "abuse/yanacocha-mercury-spill")
    told = explanation.grounds.conditions[-1]
    assert any(s.triple.predicate == HRDD.lacks and s.triple.object == HRDD.Remediation for s in told.statements)
    opened = next(ground for ground in explanation.grounds.conditions if ground.title.startswith("Open:"))
    assert opened.denied
    assert opened.statements == ()
    # It tells what is not known; the finding does not stand on it.
    assert not any("/silence/" in record for record in explanation.grounds.records)


def test_the_weakest_evidence_comes_first(run: Run, resources: Resources) -> None:
    for rule in RULES:
        strengths = first(run, resources, rule).strengths
        assert strengths
        assert [s.order for s in strengths] == sorted(s.order for s in strengths)
        weakest = min(STATUS.index(s.status) for s in strengths)
        assert STATUS.index(strengths[0].status) == weakest


def strength(status: str = "Documented", **proof: str) -> Strength:
    chain = tuple(proof.pop("chain", "a").split())
    return Strength("r", chain[0], status, (Proof(chain, **proof),))


def test_weakness_is_status_first_then_reliability_then_kind_then_second_hand() -> None:
    assert strength("Alleged", kind="CourtDecision").order < strength("Documented").order
    assert (
        strength(reliability="ReliabilityLow").order < strength().order < strength(reliability="ReliabilityHigh").order
    )
    assert strength(kind="UnidentifiedSource").order < strength(kind="CourtDecision").order
    assert strength(chain="a b").order < strength(chain="a").order
    assert RELIABILITY.index("") > RELIABILITY.index("ReliabilityLow")
    assert KIND.index("") > KIND.index("UnidentifiedSource")


def test_a_record_stands_on_its_firmest_evidence(view: View) -> None:
    (spill,) = strengths_of(view, [IDS + "abuse/yanacocha-mercury-spill"])
    assert spill.best == max(spill.proofs, key=lambda proof: proof.order)
    assert spill.best.second_hand
    assert spill.best.chain[0] == IDS + "source/nieri-2016"
    assert strengths_of(view, []) == ()


def test_an_explanation_is_the_same_under_every_name_of_the_finding(view: View, resources: Resources, run: Run) -> None:
    address = run.findings[0].iri
    assert explanation_text(explain(resources, view, address)) == explanation_text(
        explain(resources, view, address.partition("/finding/")[2])
    )
    with pytest.raises(UnusableInput, match="says why not"):
        explain(resources, view, "certified-open-abuse/0000000000000000")


def test_text_and_document_say_what_would_settle_it_and_how_the_rank_moves(run: Run, resources: Resources) -> None:
    weighed = run.weighed(parse_weights("scope=3"))
    finding = next(f for f in weighed.findings if f.impact.endswith("yanacocha-mercury-spill"))
    explanation = explanation_of(resources, weighed, finding)
    text, document = explanation_text(explanation), explanation_document(explanation)
    json.dumps(document)
    for words in ("How the conditions are met", "Weakest evidence first", "Would be settled by", "not enough evidence"):
        assert words in text
    assert "3 × scope" in text
    assert document["run"]["weights"] == "scale=1,scope=3,irremediability=1"
    salience = document["salience"]
    assert salience
    low, high = salience["rankInterval"]
    assert low <= salience["rank"] <= high
    assert document["explanation"]["weakest"] == document["explanation"]["evidence"][0]


# -- paths -----------------------------------------------------------------------------------------------------------

CHAIN = "https://example.org/"


def chain_view(view: View, *links: tuple[str, str, str]) -> View:
    store = EmbeddedStore.in_memory()
    graph = view.graphs[0]
    quads = [Quad(Iri(CHAIN + s), HRDD[p], Iri(CHAIN + o), Iri(graph)) for s, p, o in links]
    store.load(quads, view.graphs)
    return replace(view, store=store)


@pytest.mark.parametrize(
    ("path", "start", "end", "expected"),
    [
        ("hrdd:owns+", "a", "d", ["a b", "b d"]),
        ("hrdd:owns+", "a", "a", ["a b", "b a"]),
        ("hrdd:owns*", "a", "a", []),
        ("^hrdd:owns", "b", "a", ["a b"]),
        ("(hrdd:operates|hrdd:owns)", "a", "b", ["a b"]),
        ("hrdd:owns/hrdd:operates", "a", "s", ["a b", "b s"]),
        ("hrdd:owns+/hrdd:operates", "a", "s", ["a b", "b s"]),
        ("hrdd:owns?", "a", "b", ["a b"]),
        ("hrdd:owns+", "d", "a", []),
        ("^hrdd:owns+", "d", "a", ["a b", "b d"]),
    ],
)
def test_a_path_is_followed_by_a_shortest_way(view: View, path: str, start: str, end: str, expected: list[str]) -> None:
    links = [("a", "owns", "b"), ("b", "owns", "a"), ("b", "owns", "d"), ("a", "owns", "c"), ("c", "owns", "e"),
             ("e", "owns", "d"), ("b", "operates", "s")]  # fmt: skip
    (pattern,) = patterns_of(f"?x {path} ?y")
    way = Walker(chain_view(view, *links)).steps(Iri(CHAIN + start), pattern.path, Iri(CHAIN + end))
    shown = [f"{t.subject.value} {t.object.value}".replace(CHAIN, "") for t in way]  # type: ignore[union-attr]
    assert shown == expected


@pytest.mark.parametrize("text", ["?x [ hrdd:owns ?y ] ?z", "?x hrdd:owns", "?x !hrdd:owns ?y", "?x (hrdd:owns ?y"])
def test_a_form_that_is_not_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        patterns_of(text)


def test_patterns_are_taken_apart() -> None:
    text = 'hrdd:x a hrdd:A , hrdd:B ; hrdd:name "n"@en ; . ?y ^hrdd:p|(hrdd:q/hrdd:r) 1.5 .'
    found = [(p.subject, p.object) for p in patterns_of(text)]
    assert found == [("hrdd:x", "hrdd:A"), ("hrdd:x", "hrdd:B"), ("hrdd:x", '"n"@en'), ("?y", "1.5")]
