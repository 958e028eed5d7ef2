"""Every address of ours that the ontology, a shape or a query uses is described somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hrdd_graph.errors import Problem
from hrdd_graph.namespaces import HOME, IDS, OWL, PREFIXES, compact
from hrdd_graph.ontology_checks._model import SHAPE_TEXTS, File, Model
from hrdd_graph.sparql.tokens import tokens
from hrdd_graph.templates import FINDINGS
from hrdd_graph.terms import Iri, Literal, Triple

_HEADER_NAME = re.compile(r"(?<![\w:/])([a-z]+):([A-Za-z][\w.\-]*\w)")
_PREFIX = re.compile(r"^\s*@?prefix\s+([\w.\-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


def names_that_nothing_describes(model: Model) -> Iterator[Problem]:
    """Every address of ours in a statement, in the text of a shape and in a query is described in the ontology, in a
    shape or in the data.
    """
    quads = [quad for file in model.files for quad in file.quads]
    described = {q.subject.value for q in quads if isinstance(q.subject, Iri)}
    described |= {q.object.value for q in quads if isinstance(q.object, Iri) and q.predicate == OWL.versionIRI}
    described |= {HOME + "shapes", FINDINGS}  # where prefixes of the shapes are declared; what a template is given
    data = [path.read_text(encoding="utf-8") for path in sorted(model.resources.data.rglob("*"))
            if path.suffix in (".yaml", ".ttl")]  # fmt: skip
    for file in model.files:
        for address, line in sorted(set(_used(file))):
            if not address.startswith(HOME) or address in described or address in PREFIXES.values():
                continue
            if not any(_stands_in(address, text) for text in data):
                yield Problem(file.shown, line, compact(address), "is used, and nothing describes it.",
                              "Describe it, or mend the name.")  # fmt: skip


def _used(file: File) -> Iterator[tuple[str, int]]:
    if file.path.suffix == ".rq":
        yield from _in_query(file.text, 0)
        for number, line in enumerate(file.text.splitlines(), start=1):
            for prefix, rest in _HEADER_NAME.findall(line) if line.startswith("#+") else ():
                if prefix in PREFIXES:
                    yield PREFIXES[prefix] + rest, number
        return
    for quad in file.quads:
        if isinstance(quad.object, Triple) or isinstance(quad.subject, Triple):
            continue
        place = file.line(quad.subject) if isinstance(quad.subject, Iri) else 0
        yield quad.predicate.value, place
        if isinstance(quad.object, Iri):
            yield quad.object.value, place
        elif isinstance(quad.object, Literal) and quad.predicate in SHAPE_TEXTS:
            start = file.text.find(quad.object.value.strip()[:60])
            yield from _in_query(quad.object.value, file.text.count("\n", 0, max(start, 0)))


def _in_query(text: str, lines_before: int) -> Iterator[tuple[str, int]]:
    prefixes = {**PREFIXES, **dict(_PREFIX.findall(text))}
    for token in tokens(text):
        line = lines_before + text.count("\n", 0, token.start) + 1
        if token.kind == "iri":
            yield token.text[1:-1], line
        elif token.kind == "name":
            prefix, _, rest = token.text.partition(":")
            if prefix in prefixes and rest:
                yield prefixes[prefix] + rest.replace("\\", ""), line


def _stands_in(address: str, text: str) -> bool:
    """Whether a sheet or the catalogue describes the address, by its whole or its short form."""
    names = {address, compact(address), address.removeprefix(IDS)}
    return any(re.search(rf"(^|[\s<{{\"]){re.escape(name)}(?=[\s>,\"}}]|$)", text, re.MULTILINE) for name in names)
