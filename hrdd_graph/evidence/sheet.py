"""Case sheets: YAML-LD files, each the claims of one source, read into one named graph.

Reading a sheet checks every key, class and list value against the ontology, gives nested nodes their addresses, writes
what a source says *about* a thing on a Mention of its own, and derives the first and last days of uncertain dates.
The result is plain JSON-LD, so that any JSON-LD processor reads the same triples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.evidence.dates import FORMS, Bounds, bounds, ends_of, record_days
from hrdd_graph.evidence.yaml_tree import Mapping, Node, Scalar, Sequence, read_yaml
from hrdd_graph.namespaces import GRAPHS, IDS, PREFIXES, XSD, expand
from hrdd_graph.ontology import CONTEXT_IRI, STANDARD_KEYS, Property, Vocabulary
from hrdd_graph.terms import Quad, RdfFormat, parse

# What is said of a thing that is no record itself belongs to this source's mention of it.
MENTION_KEYS = ("locator", "note", "raw", "roleNote", "hasStatus", "hasBasis", "rationale", "statedIn")
HEADER_KEYS = ("@context", "id", "statedIn", "hasStatus", "records")

_LEXICAL = {
    XSD.integer.value: (re.compile(r"[+-]?[0-9]+"), "a whole number"),
    XSD.decimal.value: (re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"), "a decimal number such as 51.35"),
    XSD.boolean.value: (re.compile(r"true|false"), "true or false"),
    XSD.date.value: (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "a day such as 2006-11-02"),
}
_BAD_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DATES = ("start", "end", "date", "issued", "year", "adopted", "enteredIntoForce")


@dataclass(frozen=True)
class Sheet:
    """A case sheet that was read.

    ``graph`` is the address of its named graph, ``document`` the JSON-LD, ``lines`` leads from the address of a node
    to the line of the file where it is described.
    """

    path: Path
    graph: str
    document: dict[str, Any]
    lines: dict[str, int] = field(repr=False)

    def quads(self) -> Iterator[Quad]:
        """The sheet's statements, each in the sheet's graph."""
        return parse(json.dumps(self.document).encode(), format=RdfFormat.JSON_LD)


def read_sheet(path: Path, vocabulary: Vocabulary) -> Sheet:
    """Read a case sheet. Raises ``UnusableInput`` with every problem found, each with its line and path."""
    return _Reader(path, vocabulary).read()


@dataclass(frozen=True)
class Reading:
    """Records that were read: the JSON-LD nodes of each, the line of each node's address, and what is wrong."""

    nodes: list[list[dict[str, Any]]]
    lines: dict[str, int]
    problems: list[Problem]


def read_records(
    records: Iterable[Mapping], where: Path, vocabulary: Vocabulary, *, source: str, status: str, issued: Bounds
) -> Reading:
    """Read records as a sheet of this source and default status would have them; problems are given, not raised.

    ``issued`` is the source's date. The lines are whatever the nodes carry; an importer numbers its cells there.
    """
    reader = _Reader(where, vocabulary)
    reader.source, reader.status, reader.issued = source, status, issued
    nodes = [reader.record(item, f"records[{number}]") for number, item in enumerate(records)]
    return Reading(nodes, reader.lines, reader.problems)


class _Reader:
    """One reading of one sheet: collects problems instead of stopping at the first."""

    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self._fitting: dict[tuple[str, ...], bool] = {}
        self.source = ""
        self.status = ""
        self.issued: Bounds | None = None

    def problem(self, line: int, where: str, what: str, fix: str = "") -> None:
        self.problems.append(Problem(str(self.path), line, where, what, fix))

    def read(self) -> Sheet:
        tree = read_yaml(self.path)
        if not isinstance(tree, Mapping):
            raise UnusableInput.one(
                self.path, "is not a mapping.", line=tree.line, fix="Begin with `id:` and `records:`."
            )
        for key, node in tree.entries.items():
            if key not in HEADER_KEYS:
                self.problem(node.line, key, "is not a key of a sheet.", f"Keys are {', '.join(HEADER_KEYS)}.")
        graph = self._header(tree, "id", "the address of the sheet's graph")
        if graph and (_BAD_IRI.search(graph) or not graph.startswith(GRAPHS)):
            self.problem(tree.line, "id", f'"{graph}" is not the address of a graph.', f"Write {GRAPHS}short-name.")
        self.source = self._header(tree, "statedIn", "the source whose claims these are")
        self.status = self._header(tree, "hasStatus", "the status of records that say nothing else")
        if self.status and "RecordStatus" not in self.vocabulary.values.get(self.status, ()):
            self.problem(
                tree.line, "hasStatus", f"{self.status} is not a record status.", self._choices("RecordStatus")
            )
        context = tree.entries.get("@context")
        if not isinstance(context, Scalar) or context.text != CONTEXT_IRI:
            self.problem(context.line if context else tree.line, "@context", f"is not {CONTEXT_IRI}.", "Write it so.")
        records = tree.entries.get("records")
        if not isinstance(records, Sequence):
            self.problem(tree.line, "records", "is missing or not a list.", "List the records under it.")
            raise UnusableInput(self.problems)
        self._find_issue_date(records)
        nodes: list[dict[str, Any]] = []
        for number, item in enumerate(records.items):
            nodes += self.record(item, f"records[{number}]")
        if self.problems:
            raise UnusableInput(self.problems)
        document = {"@context": self.vocabulary.context(), "@id": graph, "@graph": nodes}
        return Sheet(self.path, graph, document, self.lines)

    def _header(self, tree: Mapping, key: str, meaning: str) -> str:
        node = tree.entries.get(key)
        if isinstance(node, Scalar) and node.text:
            return node.text
        self.problem(node.line if node else tree.line, key, f"is missing; expected {meaning}.", f"Write `{key}: ...`.")
        return ""

    def _find_issue_date(self, records: Sequence) -> None:
        """A source can only report what had begun when it appeared: its date bounds what is undated."""
        for item in records.items:
            entries = item.entries if isinstance(item, Mapping) else {}
            identifier, issued = entries.get("id"), entries.get("issued")
            if isinstance(identifier, Scalar) and identifier.text == self.source and isinstance(issued, Scalar):
                try:
                    self.issued = bounds(issued.text)
                except ValueError:
                    return  # reported where the property itself is checked
                return
        if self.source:
            self.problem(
                records.line, "records", f"{self.source} is not described with its `issued` date.", "Describe it."
            )

    # -- nodes ---------------------------------------------------------------------------------------------------

    def record(self, item: Node, where: str) -> list[dict[str, Any]]:
        if not isinstance(item, Mapping):
            self.problem(item.line, where, "is not a mapping.", "Write a record with `id` and `type`.")
            return []
        identifier = item.entries.get("id")
        if not isinstance(identifier, Scalar) or not identifier.text:
            self.problem(item.line, where, "has no `id`.", "Give it one, such as `abuse/short-name`.")
            return []
        if wrong := _wrong_name(identifier.text):
            self.problem(identifier.line, f"{where}.id", wrong, "Write kind/short-name.")
            return []
        classes = self._classes(item, where)
        node, mention = self._node(item, identifier.text, classes, where)
        iri = absolute(identifier.text)
        if iri in self.lines:
            self.problem(
                identifier.line,
                f"{where}.id",
                f"{identifier.text} is described twice (also at line {self.lines[iri]}).",
            )
        self.lines[iri] = item.line
        if self.vocabulary.is_a(classes, "Record"):
            node |= mention
            node.setdefault("statedIn", self.source)
            if not self.vocabulary.is_a(classes, "Impact"):
                node.setdefault("hasStatus", self.status)
            self._date_bounds(node, item, where)
            return [node]
        if not mention:
            return [node]
        slug = self.source.rpartition("/")[2]
        about = {
            "id": f"{identifier.text}#in-{slug}",
            "type": "Mention",
            "mentions": identifier.text,
            "statedIn": self.source,
        }
        self.lines[absolute(about["id"])] = item.line
        return [node, {"hasStatus": self.status} | about | mention]

    def _node(
        self, item: Mapping, identifier: str, classes: list[str], where: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The node's own statements, and those that belong to a mention of it."""
        node: dict[str, Any] = {"id": identifier, "type": classes}
        mention: dict[str, Any] = {}
        for key, value in item.entries.items():
            if key in ("id", "type"):
                continue
            prop = self.vocabulary.properties.get(key)
            if prop is None and (key not in STANDARD_KEYS or key == "records"):
                known = [*self.vocabulary.properties, *STANDARD_KEYS]
                self.problem(value.line, f"{where}.{key}", "is not a term of the ontology.", self._nearest(key, known))
                continue
            if prop and key not in MENTION_KEYS and not self._fits(classes, prop):
                kinds = ", ".join(sorted(prop.domains))
                misplaced = f"does not belong on {' and '.join(classes)}."
                self.problem(value.line, f"{where}.{key}", misplaced, f"It is for {kinds}.")
            converted = self._values(value, key, prop, identifier, f"{where}.{key}")
            (mention if key in MENTION_KEYS else node)[key] = converted
        return node, mention

    def _fits(self, classes: list[str], prop: Property) -> bool:
        """Whether a node of these classes may have the property; a broken ``type`` is reported elsewhere."""
        key = (prop.name, *classes)
        if key not in self._fitting:
            above = {each for name in classes for each in self.vocabulary.ancestors(name)}
            self._fitting[key] = not classes or not prop.domains or not above.isdisjoint(prop.domains)
        return self._fitting[key]

    def _classes(self, item: Mapping, where: str) -> list[str]:
        node = item.entries.get("type")
        names = [n for n in (node.items if isinstance(node, Sequence) else [node]) if isinstance(n, Scalar)]
        if not names:
            self.problem(item.line, where, "has no `type`.", "Name a class of the ontology, such as Abuse.")
        for name in names:
            if name.text not in self.vocabulary.parents:
                near = self._nearest(name.text, self.vocabulary.parents)
                self.problem(name.line, f"{where}.type", f"{name.text} is not a class.", near)
        return [name.text for name in names if name.text in self.vocabulary.parents]

    # -- values --------------------------------------------------------------------------------------------------

    def _values(self, value: Node, key: str, prop: Property | None, identifier: str, where: str) -> Any:
        if isinstance(value, Sequence):
            if key in _DATES or key == "labels":
                self.problem(value.line, where, "takes one value and has a list.", "Write one.")
                return None
            return [
                self._value(v, key, prop, f"{identifier}#{key}-{n}", f"{where}[{n - 1}]")
                for n, v in enumerate(value.items, start=1)
            ]
        return self._value(value, key, prop, f"{identifier}#{key}-1", where)

    def _value(self, value: Node, key: str, prop: Property | None, identifier: str, where: str) -> Any:
        if isinstance(value, Mapping):
            if key == "labels":
                for tag, text in value.entries.items():
                    if not _LANGUAGE_TAG.fullmatch(tag) or not isinstance(text, Scalar) or not text.text:
                        self.problem(text.line, f"{where}.{tag}", "is no label in a language.", "Write `fr: ...`.")
                return {tag: text.text for tag, text in value.entries.items() if isinstance(text, Scalar)}
            return self._nested(value, prop, identifier, where)
        if isinstance(value, Sequence):
            self.problem(value.line, where, "is a list inside a list.", "Write one list.")
            return None
        if value.text == "":
            self.problem(value.line, where, "is empty.", "Write a value or leave the key out.")
            return None
        if key == "labels":
            self.problem(value.line, where, "is not a mapping of languages.", "Write `labels: {fr: ...}`, or `label`.")
        if prop is None:
            return value.text
        if prop.points:
            return self._pointer(value, prop, where)
        return self._literal(value, prop, where)

    def _nested(self, value: Mapping, prop: Property | None, identifier: str, where: str) -> Any:
        if prop is None or not prop.points or not prop.ranges:
            self.problem(value.line, where, "cannot hold a nested node.", "Write a plain value or an id.")
            return None
        classes = self._classes(value, where) if "type" in value.entries else sorted(prop.ranges)
        if len(classes) > 1 and "type" not in value.entries:
            self.problem(value.line, where, f"needs a `type`: {' or '.join(classes)}.", "Say which it is.")
        if "id" in value.entries:
            self.problem(value.line, f"{where}.id", "stands on a nested node.", "Describe it as a record of its own.")
        node, mention = self._node(value, identifier, classes, where)
        for key in mention:
            if not self._fits(classes, self.vocabulary.properties[key]):
                misplaced = f"does not belong on {' and '.join(classes)}."
                self.problem(value.line, f"{where}.{key}", misplaced, "Describe the thing as a record of its own.")
        self.lines[absolute(identifier)] = value.line
        return node | mention

    def _pointer(self, value: Scalar, prop: Property, where: str) -> str:
        text = value.text
        if not self.vocabulary.takes_list_value(prop):
            if wrong := _wrong_name(text):
                self.problem(value.line, where, wrong, "Write kind/short-name, or a full address.")
            return text
        if prop.name == "lacks":
            if text not in self.vocabulary.parents:
                near = self._nearest(text, self.vocabulary.parents)
                self.problem(value.line, where, f"{text} is not a class.", near)
        elif not prop.ranges & self.vocabulary.values.get(text, frozenset()):
            wanted = next(iter(prop.ranges))
            self.problem(value.line, where, f"{text} is not a {wanted}.", self._choices(wanted))
        return text

    def _literal(self, value: Scalar, prop: Property, where: str) -> str:
        datatype = next(iter(prop.ranges), "")
        if datatype in _LEXICAL:
            pattern, expected = _LEXICAL[datatype]
            if not pattern.fullmatch(value.text) or (datatype == XSD.date.value and not _is_day(value.text)):
                self.problem(value.line, where, f'"{value.text}" is not {expected}.', f"Write {expected}.")
        if prop.name in _DATES:
            try:
                bounds(value.text)
            except ValueError as error:
                self.problem(value.line, where, str(error), "Write the date as the source gives it.")
        return value.text

    def _date_bounds(self, node: dict[str, Any], item: Mapping, where: str) -> None:
        """Add the first and last days on which the record can have begun and ended."""
        start, end = ends_of({key: str(node.get(key) or "") for key in ("start", "end", "date")})
        try:
            begun = bounds(start) if start else None
            ended = bounds(end) if end else None
        except ValueError:
            return  # reported where the value itself is checked
        if begun and ended and begun.first and ended.last and ended.last < begun.first:
            self.problem(item.line, where, f"ends ({end}) before it starts ({start}).", f"Write both as {FORMS}.")
        days = record_days(begun, ended, self.issued)
        node |= {key: day.isoformat() for key, day in days.items()}

    # -- help ----------------------------------------------------------------------------------------------------

    def _nearest(self, name: str, known: Iterable[str]) -> str:
        from difflib import get_close_matches

        near = get_close_matches(name, list(known), n=3)
        return f"Did you mean {' or '.join(near)}?" if near else "See the ontology's list of terms."

    def _choices(self, kind: str) -> str:
        names = sorted(name for name, kinds in self.vocabulary.values.items() if kind in kinds)
        return f"Choose one of {', '.join(names)}."


def absolute(identifier: str) -> str:
    """The full address of an id as a sheet writes it."""
    expanded = expand(identifier)
    if expanded.startswith(("http://", "https://", "urn:")):
        return expanded
    return IDS + identifier


def _wrong_name(text: str) -> str:
    """What is wrong with an id or address, in words; empty where nothing is.

    JSON-LD would drop a node whose address has a space in it, and take a misspelt prefix for another web scheme.
    """
    if _BAD_IRI.search(text):
        return f'"{text}" is not an id or an address.'
    prefix, colon, rest = text.partition(":")
    if colon and "/" not in prefix and "#" not in prefix:
        known = prefix in PREFIXES and rest and not rest.startswith("//")
        if not known and not text.startswith(("http://", "https://", "urn:")):
            return f'"{text}" begins with {prefix}:, which is no prefix of the project.'
        return ""
    parts = text.partition("#")[0].split("/")
    if len(parts) < 2:
        return f'"{text}" names no kind.'
    return f'"{text}" is not an id or an address.' if {"", ".", ".."} & set(parts) else ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
