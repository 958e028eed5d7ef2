"""The ontology as the checks see it: its modules together, each term with the file that describes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import OWL, RDF, RDFS, SH, compact
from hrdd_graph.ontology import read_turtle
from hrdd_graph.resources import Resources
from hrdd_graph.terms import BlankNode, Iri, Quad, RdfFormat, Term, Triple, parse

_LANGUAGE = ("http://www.w3.org/2002/07/owl#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
             "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2001/XMLSchema#")  # fmt: skip


@dataclass(frozen=True)
class File:
    """One file: a module of the ontology, a file of shapes, or a query (without statements)."""

    path: Path
    shown: str
    quads: tuple[Quad, ...]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.quads)

    @cached_property
    def is_module(self) -> bool:
        shapes = any(q.predicate.value.startswith("http://www.w3.org/ns/shacl#") for q in self.quads)
        return self.path.suffix != ".rq" and not shapes

    @cached_property
    def _lines(self) -> dict[str, int]:
        prefixes = dict(re.findall(r"^@prefix ([\w\-]*:) <([^>]*)>", self.text, re.MULTILINE))
        found: dict[str, int] = {}
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line[:1] not in ("", " ", "#", "@"):
                name = line.split(maxsplit=1)[0]
                prefix, colon, rest = name.partition(":")
                address = prefixes[prefix + colon] + rest if prefix + colon in prefixes else name.strip("<>")
                found.setdefault(address, number)
        return found

    def line(self, term: Term) -> int:
        """The line on which the file begins to describe the term; 0 where it cannot be told."""
        return self._lines.get(term.value, 0)


@dataclass(frozen=True)
class Model:
    """All files together. ``resources`` hold the cases, whose addresses shapes and queries may name."""

    files: tuple[File, ...]
    resources: Resources

    @cached_property
    def modules(self) -> tuple[File, ...]:
        return tuple(file for file in self.files if file.is_module)

    @cached_property
    def facts(self) -> Facts:
        return Facts(quad for module in self.modules for quad in module.quads)

    @cached_property
    def headers(self) -> dict[Term, File]:
        """Each owl:Ontology and its module."""
        return {header: module for module in self.modules for header in module.facts.of_type(OWL.Ontology)}

    @cached_property
    def _homes(self) -> dict[Term, File]:
        found: dict[Term, File] = {}
        for module in self.modules:
            for quad in module.quads:
                if not isinstance(quad.subject, Triple) and (quad.subject not in found or quad.predicate == RDF.type):
                    found.setdefault(quad.subject, module)
        for module in self.modules:  # the module that says what a thing is, rather than one that adds to it
            for quad in module.quads:
                if quad.predicate == RDF.type and not isinstance(quad.subject, Triple):
                    found[quad.subject] = module
        return found

    @cached_property
    def _prefixes(self) -> tuple[str, ...]:
        """What our addresses begin with: scheme, host and first folder of each ontology's own address."""
        parts = [urlsplit(header.value) for header in self.headers if isinstance(header, Iri)]
        return tuple({f"{p.scheme}://{p.netloc}/{p.path.strip('/').split('/')[0]}" for p in parts}) or ("",)

    def is_own(self, term: Term) -> bool:
        """Whether the term is ours to answer for: in our namespace, or somebody else's of which we say more than its
        kind.
        """
        if not isinstance(term, Iri) or term.value.startswith(_LANGUAGE):
            return False
        return term.value.startswith(self._prefixes) or term in self._described

    @cached_property
    def _described(self) -> set[Term]:
        return {q.subject for m in self.modules for q in m.quads
                if not isinstance(q.subject, Triple) and q.predicate != RDF.type}  # fmt: skip

    def own(self, *kinds: Iri) -> list[Iri]:
        """Our terms of any of the kinds, sorted."""
        found = {term for kind in kinds for term in self.facts.of_type(kind) if self.is_own(term)}
        return sorted((t for t in found if isinstance(t, Iri)), key=lambda t: t.value)

    @cached_property
    def classes(self) -> list[Iri]:
        return self.own(OWL.Class, RDFS.Class)

    @cached_property
    def properties(self) -> list[Iri]:
        return self.own(OWL.ObjectProperty, OWL.DatatypeProperty)

    def above(self, term: Term, step: Iri = RDFS.subClassOf) -> set[Term]:
        """The term and all that stand above it."""
        found: set[Term] = {term}
        todo: list[Term] = [term]
        while todo:
            for parent in self.facts.objects(todo.pop(), step):
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        return found

    def named_in(self, expression: Term) -> Iterator[Iri]:
        """The names in a class expression: the class itself, or the members of a union or an intersection."""
        if isinstance(expression, Iri):
            yield expression
        for operator in (OWL.unionOf, OWL.intersectionOf):
            for head in self.facts.objects(expression, operator) if isinstance(expression, BlankNode) else ():
                for member in self.facts.members(head):
                    yield from self.named_in(member)

    def meaning(self, term: Term, side: Iri) -> frozenset[Iri]:
        """The domain or range of a property as the set of classes named in it."""
        return frozenset(name for expression in self.facts.objects(term, side) for name in self.named_in(expression))

    def shown(self, path: Path) -> str:
        return self.resources.shown(path)

    def problem(self, term: Term, what: str, fix: str) -> Problem:
        """A problem with a term, in the file that describes it."""
        home = self._homes.get(term)
        line = home.line(term) if home and isinstance(term, Iri) else 0
        name = compact(term.value) if isinstance(term, Iri) else ""
        return Problem(home.shown if home else "", line, name, what, fix)


def read_model(paths: Iterable[Path], resources: Resources) -> Model:
    """Read the files. Raises ``UnusableInput`` with the problems of all that are broken."""
    files: list[File] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append(File(path, resources.shown(path), tuple(_statements(path))))
        except UnusableInput as error:
            problems += error.problems
    if problems:
        raise UnusableInput(problems)
    return Model(tuple(files), resources)


def _statements(path: Path) -> Sequence[Quad]:
    if path.suffix == ".rq":
        return ()
    if path.suffix != ".owl":
        return read_turtle(path)
    try:
        return list(parse(path=str(path), format=RdfFormat.RDF_XML, base_iri=path.as_uri()))
    except (SyntaxError, OSError, ValueError) as error:
        raise UnusableInput.one(path, f"is not RDF/XML: {error}", fix="Mend the syntax.") from error


def resource_files(resources: Resources) -> list[Path]:
    """The modules of the ontology, and the shapes and queries that use its terms."""
    return [
        *sorted(resources.ontology.rglob("*.ttl")),
        *sorted(resources.shapes.rglob("*.ttl")),
        *sorted(resources.queries.rglob("*.rq")),
    ]


SHAPE_TEXTS = (SH.select, SH.ask, SH.construct, SH.rule, SH.update)
