"""The gap rules mean the same to pySHACL, the reference engine, as to ours: on every fixture and on the real graph.

Compared are the focus node, the value and the messages of every row, before rows are grouped into findings. Messages
are filled in with plain addresses on both sides; pySHACL leaves the place of a variable without a value as it is,
writes the focus node where a row has no value, and drops the language.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from pyshacl import validate
from rdflib.namespace import RDF, SH, XSD
from rdflib.plugins.sparql import processor
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.sparql import Query

from hrdd_graph.build import CORE
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.namespaces import DCTERMS, GRAPHS, HRDD, SKOS, expand
from hrdd_graph.namespaces import RDF as OUR_RDF
from hrdd_graph.rules import Rule, read_rule
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.targets import target_pattern
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Term

if TYPE_CHECKING:
    from hrdd_graph.view import View
    from tests.gaps.conftest import Bench, Case

Result: TypeAlias = tuple[str, str, str]  # focus, value, message

PREFIXES = Path(__file__).resolve().parents[2] / "shapes" / "prefixes.ttl"
REACHED = frozenset(
    [
        *(SKOS.broader, HRDD.coversTopic, HRDD.isEditionOf, HRDD.isProvisionOf, HRDD.isPartOfProvision),
        *(HRDD.locatedIn, HRDD.certifiable, HRDD.supersedes, HRDD.validFrom, HRDD.validUntil),
        *(HRDD.verified, HRDD.isAbout, DCTERMS.issued),
    ]
)
LOOKED_AT = 1  # of those found and of those cleared; pySHACL takes seconds for each
PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


@pytest.fixture(scope="module", autouse=True)
def queries_read_once() -> Iterator[None]:
    """rdflib reads a query anew for each focus node, and takes longer to read it than to answer it here."""

    @cache
    def read(text: str, base: str | None, prefixes: tuple[tuple[str, str], ...]) -> Query:
        return translateQuery(parseQuery(text), base, dict(prefixes))

    def read_kept(text: str, base: str | None = None, prefixes: Mapping[str, str] | None = None) -> Query:
        return read(text, base, tuple(sorted((prefixes or {}).items())))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processor, "parseQuery", lambda text: text)
        patch.setattr(processor, "translateQuery", read_kept)
        yield


def ours(rule: Rule, view: View) -> set[Result]:
    found = set()
    for row in view.select(compile_rule(rule).query(view.as_of)).dicts():
        words = {name: term.value for name, term in row.items()}
        words.setdefault("value", words["this"])
        for text in rule.message.values():
            message = PLACEHOLDER.sub(lambda match, words=words: words.get(match[1], match[0]), text)  # type: ignore[misc]
            found.add((words["this"], words["value"], message))
    return found


def pyshacls(rule: Rule, data: rdflib.Graph, day: date, focus: Iterable[str] = ()) -> set[Result]:
    """What pySHACL finds, about all focus nodes or only the given ones."""
    shapes = rdflib.Graph().parse(rule.path).parse(PREFIXES)
    evaluation = rdflib.BNode()
    asked = [
        (evaluation, RDF.type, rdflib.URIRef(HRDD.Evaluation.value)),
        (evaluation, rdflib.URIRef(HRDD.asOf.value), rdflib.Literal(day.isoformat(), datatype=XSD.date)),
    ]
    for triple in asked:
        data.add(triple)
    try:
        chosen: list[str | rdflib.URIRef] | None = [rdflib.URIRef(node) for node in focus] or None
        _, report, _ = validate(data, shacl_graph=shapes, inplace=True, focus_nodes=chosen)
    finally:
        for triple in asked:
            data.remove(triple)
    assert isinstance(report, rdflib.Graph)
    return {
        (str(report.value(node, SH.focusNode)), str(report.value(node, SH.value)), str(message))
        for node in report.subjects(RDF.type, SH.ValidationResult)
        for message in report.objects(node, SH.resultMessage)
    }


def as_rdflib(quads: Iterable[Quad]) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for quad in quads:
        graph.add((_node(quad.subject), rdflib.URIRef(quad.predicate.value), _term(quad.object)))
    return graph


def _node(term: NamedNode | BlankNode | Triple) -> rdflib.URIRef | rdflib.BNode:
    assert not isinstance(term, Triple)
    return rdflib.URIRef(term.value) if isinstance(term, NamedNode) else rdflib.BNode(term.value)


def _term(term: Term | Triple) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    return _node(term)


@pytest.fixture(scope="session")
def known(bench: Bench) -> rdflib.Graph:
    """What a rule can reach in the vocabulary, for pySHACL: every other focus node there would only cost it time."""
    return as_rdflib(
        quad
        for quad in (*bench.stated, *bench.derived)
        if quad.predicate in REACHED or (quad.predicate.value == str(RDF.type) and quad.object == HRDD.Territory)
    )


@pytest.fixture(scope="session")
def one_source(real_view: View) -> View:
    """The real graph as far as its first source goes; all of it where HRDD_FULL_PARITY is set (an hour for pySHACL)."""
    if os.environ.get("HRDD_FULL_PARITY"):
        return real_view
    first = GRAPHS + "nieri-2016"
    return replace(real_view, entries=tuple(e for e in real_view.entries if e.is_vocabulary or e.graph == first))


@pytest.fixture(scope="session")
def real_quads(real_store: EmbeddedStore, one_source: View) -> list[Quad]:
    """The same statements without the axioms of the core, each once."""
    graphs = [graph for graph in one_source.graphs if graph not in (CORE, CORE + "/derived")]
    return list({Quad(q.subject, q.predicate, q.object) for graph in graphs for q in real_store.quads(graph)})


def within_reach(rule: Rule, quads: Iterable[Quad]) -> rdflib.Graph:
    """The statements that the rule's query can match, which are few.

    Of statements those with a property that the rule names, since no rule has a variable for a property; of types those
    with a class that it names, and of these only the types of nodes that another such statement touches, since every
    rule says more of each node than its type.
    """
    named = {expand(name) for name in re.findall(r"[a-z]+:[\w.-]*\w", rule.select)}
    named |= {target.value.value for target in rule.targets}
    matching = [q for q in quads if _tells(q) in named]
    touched = {node for q in matching if q.predicate != OUR_RDF.type for node in (q.subject, q.object)}
    return as_rdflib(q for q in matching if q.predicate != OUR_RDF.type or q.subject in touched)


def _tells(quad: Quad) -> str:
    """What a statement tells of its subject: the class of a type, else the property."""
    if quad.predicate == OUR_RDF.type:
        return quad.object.value if isinstance(quad.object, NamedNode) else ""
    return quad.predicate.value


def test_a_fixture_means_the_same_to_pyshacl(case: Case, bench: Bench, known: rdflib.Graph) -> None:
    rule = bench.rule(case.rule)
    own = as_rdflib(bench.quads(case))
    added = [triple for triple in own if triple not in known]
    for triple in added:
        known.add(triple)
    try:
        theirs = pyshacls(rule, known, case.as_of)
    finally:
        for triple in added:
            known.remove(triple)
    assert ours(rule, bench.view(case)) == theirs
    assert bool(theirs) == case.finds


def looked_at(rule: Rule, view: View, found: set[Result]) -> list[str]:
    """Some of the focus nodes that the rule finds something about, and some of those that it clears.

    pySHACL takes seconds for each; which ones is drawn by the rule's name. HRDD_FULL_PARITY looks at all.
    """
    everything = {row[0].value for row in view.select(targets_query(rule)).rows if isinstance(row[0], NamedNode)}
    hit = {focus for focus, _, _ in found}
    if os.environ.get("HRDD_FULL_PARITY"):
        return sorted(everything | hit)
    drawing = random.Random(rule.name)
    return [
        node for some in (hit, everything - hit) for node in drawing.sample(sorted(some), min(LOOKED_AT, len(some)))
    ]


def targets_query(rule: Rule) -> str:
    return f"SELECT DISTINCT ?this WHERE {{ {target_pattern(rule.targets, Hierarchy())} }}"


def test_the_real_graph_means_the_same_to_pyshacl(rule_file: Path, one_source: View, real_quads: list[Quad]) -> None:
    rule = read_rule(rule_file)
    began = time.perf_counter()
    found = ours(rule, one_source)
    halfway = time.perf_counter()
    focus = looked_at(rule, one_source, found)
    theirs = pyshacls(rule, within_reach(rule, real_quads), one_source.as_of, focus)
    ended = time.perf_counter()
    print(f"{rule.name}: {len(found)} messages, ours {halfway - began:.3f} s, pySHACL {ended - halfway:.1f} s")
    assert {result for result in found if result[0] in focus} == theirs
