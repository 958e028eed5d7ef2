"""The grounds of a finding: the statements that met its rule's conditions, and the records that make them.

The rule's own patterns are answered once more for this finding alone, with every variable; put into the patterns, the
answers are the statements. A path is followed step by step. Each statement is given to the record that states it: its
subject, its object, or, for what follows from a relationship, that relationship.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hrdd_graph.gaps.compile import CompiledRule, compile_rule
from hrdd_graph.gaps.conditions import denial, read_conditions, visible
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.sources import Cited, cited_records
from hrdd_graph.gaps.walk import Walker, property_of
from hrdd_graph.namespaces import HRDD, PREFIXES, RDF
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.targets import target_pattern
from hrdd_graph.sparql.antijoins import rewrite
from hrdd_graph.sparql.groups import Bind, Element, Exists, Filter, Group, Nested, Opaque, Triples, Union
from hrdd_graph.sparql.paths import Alternative, Inverse, Link, Path, Pattern, Repeat, patterns_of
from hrdd_graph.sparql.tokens import tokens
from hrdd_graph.terms import BlankNode, Iri, Literal, Term, Triple, order_key, sparql_text
from hrdd_graph.view import View

_ROWS = 300  # of solutions that one finding's statements are taken from
ALSO = "What else the finding says."
_STATED = Hierarchy()

Bindings = Mapping[str, Term]


@dataclass(frozen=True)
class Statement:
    """A statement behind a finding, the places where its record is stated, and whether it follows from others."""

    triple: Triple
    places: tuple[Cited, ...]
    derived: bool


@dataclass(frozen=True)
class Ground:
    """What met one condition. ``denied`` is true where the condition asks for nothing to be there."""

    title: str
    statements: tuple[Statement, ...]
    denied: bool


@dataclass(frozen=True)
class Grounds:
    """The grounds of a finding by condition, and the ways (chains of statements) that its rule walks."""

    conditions: tuple[Ground, ...]
    ways: tuple[tuple[Statement, ...], ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement, each once."""
        several = (*(g.statements for g in self.conditions), *self.ways)
        return tuple(dict.fromkeys(statement for some in several for statement in some))

    @property
    def records(self) -> tuple[str, ...]:
        """The records on which the conditions rest, each once; not those that only tell more."""
        resting = [s for ground in self.conditions if ground.title != ALSO for s in ground.statements]
        return tuple(dict.fromkeys(p.record for s in (*resting, *sum(self.ways, ())) for p in s.places))


def grounds_of(view: View, finding: Finding, vocabulary: Vocabulary) -> Grounds:
    """The grounds of a finding in the view in which it stands."""
    compiled = compile_rule(finding.rule)
    reading = read_conditions(compiled, view.as_of)
    rows = _solutions(view, compiled, finding, reading.elements)
    reader = _Reader(view, compiled, rows)
    raw: list[tuple[str, bool, list[Triple]]] = [
        (condition.title, bool(condition.denials), reader.triples(condition.elements))
        for condition in reading.conditions
    ]
    raw.append((ALSO, False, reader.triples(reading.telling)))
    stated = _stated(view, {t for _, _, triples in raw for t in triples} | set(sum(reader.ways, ())), vocabulary)
    seen: set[Triple] = set()
    grounds = []
    for title, denied, triples in raw:
        fresh = [triple for triple in dict.fromkeys(triples) if triple in stated and triple not in seen]
        seen |= set(fresh)
        if title != ALSO or fresh:
            grounds.append(Ground(title, tuple(stated[triple] for triple in fresh), denied))
    ways = [tuple(stated[triple] for triple in way if triple in stated) for way in dict.fromkeys(reader.ways)]
    return Grounds(tuple(grounds), tuple(way for way in ways if way))


def _solutions(
    view: View, compiled: CompiledRule, finding: Finding, elements: tuple[Element, ...]
) -> tuple[Bindings, ...]:
    """Every solution of the rule's query that belongs to the finding, with all variables."""
    fixed = {"this": finding.focus} | {
        name: finding.bindings[name][0] for name in finding.rule.identifying if finding.bindings.get(name)
    }
    values = " ".join(
        f"VALUES ?{name} {{ {sparql_text(term)} }}" for name, term in fixed.items() if not isinstance(term, BlankNode)
    )
    start = Opaque(f"{values} {target_pattern(finding.rule.targets, _STATED)}", frozenset(fixed), frozenset(fixed))
    whole = (start, *elements)
    names = " ".join(f"?{name}" for name in sorted(visible(whole)))
    query = f"{compiled.prologue}SELECT DISTINCT {names} WHERE {rewrite(Group(whole))} LIMIT {_ROWS}"
    return tuple(view.select(query).dicts())


class _Reader:
    """Puts the solutions into the patterns; ``ways`` collects the chains that paths of any length led along."""

    def __init__(self, view: View, compiled: CompiledRule, rows: tuple[Bindings, ...]) -> None:
        self.view = view
        self.compiled = compiled
        self.rows = rows
        self.walker = Walker(view, compiled.prologue)
        self.ways: list[tuple[Triple, ...]] = []

    def triples(self, elements: Iterable[Element]) -> list[Triple]:
        found: dict[Triple, None] = {}
        for element in elements:
            found |= dict.fromkeys(self._of(element, self.rows))
        return list(found)

    def _of(self, element: Element, rows: tuple[Bindings, ...]) -> Iterator[Triple]:
        if isinstance(element, Triples):
            for pattern in _patterns(element):
                yield from self._instances(pattern, rows)
        elif isinstance(element, Nested) and element.keyword in ("", "OPTIONAL"):
            for inner in element.group.elements:
                yield from self._of(inner, rows)
        elif isinstance(element, Union):
            for group in element.groups:
                for inner in group.elements:
                    yield from self._of(inner, rows)
        elif isinstance(element, Filter | Bind):
            for exists in element.expression.exists:
                if not exists.negated:
                    yield from self._witnesses(exists, rows)
                for excused in _excused(exists) if exists.negated else ():
                    yield from self._witnesses(excused, rows)

    def _witnesses(self, exists: Exists, rows: tuple[Bindings, ...]) -> Iterator[Triple]:
        """The statements that met a pattern that had to match, found by asking for it with all its variables."""
        outside = {name for row in rows for name in row} & exists.group.mentioned
        tied = {tuple((name, row[name]) for name in sorted(outside) if name in row) for row in rows}
        for pairs in sorted(tied, key=lambda some: [(name, order_key(term)) for name, term in some]):
            if any(isinstance(term, BlankNode) for _, term in pairs):
                continue
            values = " ".join(f"VALUES ?{name} {{ {sparql_text(term)} }}" for name, term in pairs)
            names = frozenset(name for name, _ in pairs)
            elements = (Opaque(values, names, names), *exists.group.elements) if pairs else exists.group.elements
            shown = " ".join(f"?{name}" for name in sorted(visible(elements)))
            if not shown:
                continue
            query = f"{self.compiled.prologue}SELECT DISTINCT {shown} WHERE {Group(elements)} LIMIT {_ROWS}"
            found = tuple(self.view.select(query).dicts())
            for inner in exists.group.elements if found else ():
                yield from self._of(inner, found)

    def _instances(self, pattern: Pattern, rows: tuple[Bindings, ...]) -> Iterator[Triple]:
        ends = {(_term(pattern.subject, row), _term(pattern.object, row)) for row in rows}
        for start, end in sorted(ends, key=lambda pair: (order_key(pair[0]), order_key(pair[1]))):
            if start is None or end is None:
                continue
            if isinstance(pattern.path, Link):
                predicate = property_of(pattern.path.name)
                if predicate is not None and isinstance(start, Iri):
                    yield Triple(start, predicate, end)
                continue
            way = self.walker.steps(start, pattern.path, end)
            if _walks(pattern.path) and way:
                self.ways.append(way)
            yield from way


def _excused(exists: Exists) -> Iterator[Exists]:
    """What kept a pattern that must not match from matching: a remedy is on record, and those affected reject it."""
    for element in exists.group.elements:
        if (inner := denial(element)) is not None:
            rest = tuple(each for each in exists.group.elements if denial(each) is None)
            yield Exists(Group((*rest, *inner.group.elements)), negated=False)


def _walks(path: Path) -> bool:
    """Whether a path may be of any length."""
    if isinstance(path, Repeat):
        return path.mark in ("+", "*")
    if isinstance(path, Link):
        return False
    if isinstance(path, Inverse):
        return _walks(path.path)
    inner = path.paths if isinstance(path, Alternative) else (path.first, path.rest)
    return any(_walks(each) for each in inner)


def _patterns(run: Triples) -> list[Pattern]:
    try:
        return patterns_of(run.text)
    except ValueError:
        return []  # a form that is not taken apart gives no statements; the condition's title still stands


def _term(text: str, row: Bindings) -> Term | None:
    if text[0] in "?$":
        return row.get(text[1:])
    found = property_of(text)
    if found is not None:
        return found
    (token, *rest) = tokens(text)
    if token.kind == "string" and not rest:
        return Literal(token.text[1:-1])
    if token.kind == "word":
        return Literal(text == "true") if text in ("true", "false") else None
    return None


def _stated(view: View, triples: set[Triple], vocabulary: Vocabulary) -> dict[Triple, Statement]:
    """Those of the triples that the view holds, each with the places of the record that makes it."""
    usable = sorted((t for t in triples if not isinstance(t.object, BlankNode | Triple)), key=str)
    if not usable:
        return {}
    values = " ".join(f"( {t.subject} {t.predicate} {t.object} )" for t in usable)
    rows = view.select(
        f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ( ?s ?p ?o ) {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"
    ).rows
    graphs: dict[Triple, set[str]] = {}
    for s, p, o, g in rows:
        if isinstance(s, Iri) and isinstance(p, Iri) and o is not None and g is not None:
            graphs.setdefault(Triple(s, p, o), set()).add(g.value)
    links = _relationships(view, graphs, vocabulary)
    ends = {t: [_document(t.subject), _document(t.object)] for t in graphs}
    makers = {iri for names in (*ends.values(), *links.values()) for iri in names if iri}
    cited = {iri: places for iri, places in cited_records(view, map(Iri, makers)).items() if not places[0].mention}
    found = {}
    for triple in usable:
        if triple in graphs:
            # A relationship says what follows from it; a record speaks for itself before one that it points to.
            names = [*links.get(triple, ()), *ends[triple]]
            if triple.predicate == RDF.type:
                names = ends[triple][:1]
            of = next((name for name in names if name in cited), "")
            derived = all(graph.endswith("/derived") for graph in graphs[triple])
            found[triple] = Statement(triple, cited.get(of, ()), derived)
    return found


def _relationships(view: View, triples: Iterable[Triple], vocabulary: Vocabulary) -> dict[Triple, tuple[str, ...]]:
    """For each statement that follows from relationships (``owns`` from an Ownership) those that say it."""
    found: dict[Triple, set[str]] = {}
    by_property: dict[str, list[Triple]] = {}
    for triple in triples:
        by_property.setdefault(triple.predicate.value.removeprefix(PREFIXES["hrdd"]), []).append(triple)
    for name, some in by_property.items():
        for chain in vocabulary.chains.get(name, ()):
            if len(chain) != 2 or not chain[0].startswith("^"):
                continue
            values = " ".join(f"( {t.subject} {t.object} )" for t in some)
            rows = view.select(
                f"SELECT ?s ?o ?by WHERE {{ VALUES ( ?s ?o ) {{ {values} }} "
                f"?by {HRDD[chain[0][1:]]} ?s ; {HRDD[chain[1]]} ?o ; a {HRDD.StandingRecord} }}"
            ).rows
            for s, o, by in rows:
                if isinstance(s, Iri) and o is not None and isinstance(by, Iri):
                    found.setdefault(Triple(s, HRDD[name], o), set()).add(by.value)
    return {triple: tuple(sorted(names)) for triple, names in found.items()}


def _document(term: object) -> str:
    """The address of the record that a node is part of: ``.../abuse/x#hasInvolvement-1`` is part of ``.../abuse/x``."""
    return term.value.partition("#")[0] if isinstance(term, Iri) and term.value.startswith(PREFIXES["id"]) else ""
