"""The ontology's reference as one HTML page: its parts in reading order, each with a diagram, and every term with its
definition, its place among the others, and examples from the graph.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from hrdd_graph.facts import Facts
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import OWL, PREFIXES, RDFS, SKOS, compact
from hrdd_graph.ontology import Vocabulary, read_turtle, read_vocabulary
from hrdd_graph.reference.diagram import Link, diagram
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

_HEADING = re.compile(r"^# #{10,}\n# (?P<title>[^\n]+)\n# #{10,}\n(?:# (?P<prose>[^\n]+)\n)?", re.MULTILINE)
_TERM = re.compile(r"^hrdd:(\w+) a ", re.MULTILINE)
_EXAMPLES = 3


@dataclass(frozen=True)
class Term:
    """One term: its kind (class, property, datatype property, value), texts, and the terms that it is tied to."""

    name: str
    kind: str
    label: str
    definition: str
    example: str
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()
    instances: tuple[tuple[str, str], ...] = ()  # address and label


@dataclass(frozen=True)
class Part:
    """A part of the ontology: its heading, the sentence below it, its terms, and its diagram as SVG."""

    anchor: str
    title: str
    prose: str
    terms: tuple[Term, ...]
    picture: str


def ontology_parts(path: Path, view: View | None = None) -> tuple[Part, ...]:
    """The parts of ``ontology/hrdd.ttl`` in the order of the file; with a view, also examples from it."""
    text = path.read_text(encoding="utf-8")
    vocabulary = read_vocabulary(path)
    facts = Facts(read_turtle(path))
    instances = _instances(view) if view else {}
    headings = list(_HEADING.finditer(text))
    parts = []
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        body = text[heading.end() : following.start() if following else len(text)]
        terms = tuple(_term(name, facts, vocabulary, instances) for name in dict.fromkeys(_TERM.findall(body)))
        if terms:
            title = heading["title"]
            anchor = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
            parts.append(Part(anchor, title, heading["prose"] or "", terms, _picture(title, terms)))
    return tuple(parts)


def render_ontology_page(path: Path, view: View | None = None, *, stylesheet: str = "ontology.css") -> str:
    """The whole page, without script and inline style. ``stylesheet`` is the address of its style sheet."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("hrdd_graph.reference", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    facts = Facts(read_turtle(path))
    version = facts.text(Iri("https://w3id.org/hrdd-graph/ontology"), OWL.versionInfo)
    template = environment.get_template("ontology.html")
    return template.render(parts=ontology_parts(path, view), version=version, stylesheet=stylesheet)


def style_sheet() -> str:
    """The page's style sheet, for those who write the page to a folder."""
    return (Path(__file__).parent / "pages" / "ontology.css").read_text(encoding="utf-8")


def _term(name: str, facts: Facts, vocabulary: Vocabulary, instances: dict[str, list[tuple[str, str]]]) -> Term:
    iri = Iri(PREFIXES["hrdd"] + name)
    label, definition = facts.text(iri, RDFS.label), facts.text(iri, SKOS.definition)
    example = facts.text(iri, SKOS.example)
    if name in vocabulary.parents:
        below = sorted(other for other, parents in vocabulary.parents.items() if name in parents)
        above = sorted(vocabulary.parents[name])
        members = sorted(value for value, kinds in vocabulary.values.items() if name in kinds)
        found = tuple(instances.get(name, ()))
        return Term(name, "class", label, definition, example, tuple(above), (*below, *members), instances=found)
    if name in vocabulary.properties:
        prop = vocabulary.properties[name]
        ranges = prop.ranges if prop.points else {compact(r) for r in prop.ranges}
        chains = tuple(" / ".join(path) for path in vocabulary.chains.get(name, ()))
        above = sorted(vocabulary.super_properties.get(name, ()))
        kind = "property" if prop.points else "datatype property"
        domain = tuple(sorted(prop.domains))
        return Term(name, kind, label, definition, example, tuple(above), (), domain, tuple(sorted(ranges)), chains)
    kinds = tuple(sorted(vocabulary.values.get(name, ())))
    kind = "value" if kinds else "annotation"
    return Term(name, kind, label, definition, example, kinds)


def _picture(title: str, terms: tuple[Term, ...]) -> str:
    links = [
        Link(domain, term.name, target)
        for term in terms
        if term.kind == "property" and term.domain and term.range
        for domain in term.domain[:2]
        for target in term.range[:2]
    ]
    return diagram(title, links) if links else ""


def _instances(view: View) -> dict[str, list[tuple[str, str]]]:
    """A few labelled things of each class, taken from the data of the view, the same ones every time."""
    rows = view.select(
        f"""SELECT ?class (GROUP_CONCAT(STR(?thing); separator=" ") AS ?things) WHERE {{
          SELECT DISTINCT ?class ?thing WHERE {{ ?thing a ?class ; <{RDFS.label.value}> ?label
            FILTER ( STRSTARTS(STR(?class), "{PREFIXES["hrdd"]}") && STRSTARTS(STR(?thing), "{PREFIXES["id"]}") ) }}
        }} GROUP BY ?class"""
    )
    chosen: dict[str, list[str]] = defaultdict(list)
    for kind, things in rows.rows:
        if kind is not None and things is not None:
            chosen[kind.value.removeprefix(PREFIXES["hrdd"])] = sorted(things.value.split(" "))[:_EXAMPLES]
    labels = labels_for(view, [Iri(thing) for things in chosen.values() for thing in things])
    return {kind: [(thing, labels(Iri(thing))) for thing in things] for kind, things in chosen.items()}
