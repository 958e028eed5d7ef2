"""Things and the statements between them: of a graph, or of rows with two addresses."""

from __future__ import annotations

from collections import defaultdict

from hrdd_api.drawn import Answer, NotDrawable
from hrdd_api.drawn._columns import addresses
from hrdd_graph.labels import words
from hrdd_graph.namespaces import RDF, RDFS
from hrdd_graph.pictures.network import MOST, Node, network
from hrdd_graph.pictures.svg import Picture
from hrdd_graph.speech import mark
from hrdd_graph.terms import BlankNode, Iri, Literal, Term, parts

TITLE = mark("Graph")
SUMMARY = mark("Things as boxes, and the statements between them as lines from left to right.")
_VALUES = 3  # of a thing, in its box
_LONG = 60  # characters of a value


def draw(answer: Answer) -> Picture:
    """Boxes and lines. Raises ``NotDrawable`` where nothing leads from one thing to another."""
    found = _Found(answer)
    if answer.triples:
        for triple in answer.triples:
            found.state(*parts(triple))
    else:
        _rows(answer, found)
    if not found.edges:
        raise NotDrawable(
            answer.say(mark("Nothing in this answer leads from one thing to another.")),
            answer.say(mark("Ask for two columns of things, or CONSTRUCT a graph.")),
        )
    tied = dict.fromkeys(key for source, _, target in found.edges for key in (source, target))
    nodes = {key: found.node(key) for key in tied}
    said = answer.say(mark("{shown} of {all} things."))
    told = said.format(shown=min(len(nodes), MOST), all=f"{len(nodes)}{'+' if answer.more else ''}")
    return network(answer.say(TITLE), told, nodes, found.edges)


def _rows(answer: Answer, found: _Found) -> None:
    """A line from the first thing of a row to each other one, called after the column; of three columns like
    subject, property and object, the one in the middle names the line.
    """
    rows, columns = answer.rows, addresses(answer.rows)
    names = rows.variables
    if len(columns) == 3 and names[columns[1]] in ("p", "property", "predicate"):
        for row in rows.rows:
            subject, predicate, value = (row[n] for n in columns)
            if subject is not None and isinstance(predicate, Iri) and value is not None:
                found.state(subject, predicate, value)
        return
    for row in rows.rows:
        if columns and (first := row[columns[0]]) is not None:
            for n in columns[1:]:
                if (other := row[n]) is not None and other != first:
                    found.edges.append((found.key(first), words(names[n]), found.key(other)))


class _Found:
    """Things, their kinds and values, and the lines between them, as statements come."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.terms: dict[str, Term] = {}
        self.kinds: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.values: dict[str, list[str]] = defaultdict(list)
        self.edges: list[tuple[str, str, str]] = []

    def key(self, term: Term) -> str:
        """The key of a thing."""
        self.terms.setdefault(str(term), term)
        return str(term)

    def state(self, subject: Term, predicate: Iri, value: Term) -> None:
        """Take a statement in."""
        key = self.key(subject)
        if predicate == RDF.type:
            self.kinds.setdefault(key, words(self.answer.names(value)))
        elif predicate == RDFS.label:
            self.labels.setdefault(key, value.value)
        elif isinstance(value, Literal):
            short = value.value if len(value.value) <= _LONG else f"{value.value[:_LONG].rstrip()}…"
            self.values[key].append(f"{self._words(predicate)}: {short}")
        else:
            self.edges.append((key, self._words(predicate), self.key(value)))

    def node(self, key: str) -> Node:
        """A thing as it is drawn."""
        term, names = self.terms[key], self.answer.names
        if isinstance(term, Iri):
            named = names(term) if term.value in names.names else self.labels.get(key, names(term))
            return Node(named, self.kinds.get(key, ""), self.values[key][:_VALUES], self.answer.href(term.value))
        unnamed = self.answer.say(mark("(no name)")) if isinstance(term, BlankNode) else term.value
        return Node(self.labels.get(key, unnamed), self.kinds.get(key, ""), self.values[key][:_VALUES])

    def _words(self, predicate: Iri) -> str:
        named = self.answer.names(predicate)
        return named if predicate.value in self.answer.names.names else words(named)
