"""From a row to records: the templates of a profile, filled in.

An entry that names an empty column is left out, a nested node without its first entry too, and a record without its id.
Where a list holds a node that names a column of several values, there is one such node for each value; a record is
repeated for each value of the column that its id names. ``when`` names a column without which there is no such record,
or gives values that columns must have, and ``unless`` values that they must not have (``*``: any). ``compare`` is a
text, such as an address, that helps to tell parties apart and stays out of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from hrdd_graph.evidence.yaml_tree import Mapping, Node, Scalar, Sequence
from hrdd_graph.intake.cells import Cell
from hrdd_graph.intake.profile import CONDITIONS, PLACEHOLDER, SheetMap, scalars

COMPARE = "compare"
_ASIDE = (*CONDITIONS, COMPARE)  # what is said of a record to us, and not to the graph
Values = Dictionary[str, tuple[str, ...]]


class Place(NamedTuple):
    """Where a value comes from: a row of the run, and a column's name (empty for the row as a whole)."""

    row: int
    column: str = ""


@dataclass
class Places:
    """The places of values, numbered from 1: the numbers stand as lines in the tree, and come back in problems."""

    found: list[Place] = field(default_factory=list)

    def add(self, place: Place) -> int:
        self.found.append(place)
        return len(self.found)

    def __getitem__(self, number: int) -> Place:
        return self.found[number - 1]


def records_of(
    index: int,
    cells: Dictionary[str, Cell],
    sheet: SheetMap,
    built_in: Values,
    locator: str,
    places: Places,
    *,
    aside: tuple[str, ...] = (),
) -> list[tuple[Mapping, Mapping]]:
    """The records that a row makes, each with its template; they say where the row stands and what was cleaned.

    ``aside`` are keys to keep that are for us and not for the graph.
    """
    values = {**built_in, **{name: cell.values for name, cell in cells.items()}}
    beside = tuple((cell.column.beside, name) for name, cell in cells.items() if cell.column.beside)
    filler = _Filler(values, beside, index, places, any(len(each) > 1 for each in values.values()))
    whole = places.add(Place(index))
    raw = [f"{cell.column.title}: {cell.raw}" for cell in cells.values() if cell.was_cleaned]
    found: list[tuple[Mapping, Mapping]] = []
    for template, (wanted, unwanted) in zip(sheet.records, sheet.conditions, strict=True):
        if not all(_has(values[name], texts) for name, texts in wanted):
            continue
        if any(_has(values[name], texts) for name, texts in unwanted):
            continue
        for each in filler.repeated(template, only="id"):
            record = each.node(template)
            if record is None or "id" not in record.entries:
                continue
            entries = {"locator": Scalar(locator, whole)} | record.entries
            for key in _ASIDE:
                if key not in aside:
                    entries.pop(key, None)
            mine = [Scalar(text, whole) for text in raw]
            if mine and not found:
                entries["raw"] = Sequence(tuple(mine), whole) if len(mine) > 1 else mine[0]
            found.append((Mapping(entries, whole), template))
    return found


def _has(values: tuple[str, ...], texts: frozenset[str]) -> bool:
    """Whether any of the texts is among the values; ``*`` is any."""
    return not texts.isdisjoint(values) or ("*" in texts and any(values))


def pointing_to(node: Node, target: Dictionary[str, str]) -> Node:
    """A tree in which ids lead where they are linked to."""
    if isinstance(node, Scalar):
        return Scalar(target[node.text], node.line) if node.text in target else node
    if isinstance(node, Mapping):
        return Mapping({key: pointing_to(value, target) for key, value in node.entries.items()}, node.line)
    return Sequence(tuple(pointing_to(item, target) for item in node.items), node.line)


def mention_of(target: str, tree: Mapping, identifier: str) -> Mapping:
    """A record of something that is described elsewhere: where it is named, and with which words."""
    names = {"locator": "locator", "note": "note", "roleNote": "roleNote", "label": "raw"}
    kept = {names[key]: node for key, node in tree.entries.items() if key in names}
    head = {"id": identifier, "type": "Mention", "mentions": target}
    return Mapping({key: Scalar(text, tree.line) for key, text in head.items()} | kept, tree.line)


@cache
def names_in(template: str) -> tuple[str, ...]:
    """The columns that a text of a template names, each once."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(template)))


def column_of(template: Mapping, key: str) -> str:
    """The first column that an entry of a record is made from; empty where it is made from none."""
    node = template.entries.get(key)
    named = [name for scalar in (scalars(node) if node else []) for name in PLACEHOLDER.findall(scalar.text)]
    return named[0] if named else ""


def nodes_at(template: Mapping, key: str) -> list[Mapping]:
    """The nested nodes at a key of a record."""
    node = template.entries.get(key)
    items = node.items if isinstance(node, Sequence) else (node,)
    return [item for item in items if isinstance(item, Mapping)]


@dataclass(frozen=True)
class _Filler:
    values: Values
    beside: tuple[tuple[str, str], ...]  # columns that go with the values of another, which stands first
    index: int
    places: Places
    has_several: bool  # whether any column has several values
    lines: dict[str, int] = field(default_factory=dict)

    def repeated(self, template: Mapping, only: str = "") -> Iterator[_Filler]:
        """One filler for each value of the first column of several values that the node itself names."""
        if not self.has_several:
            yield self
            return
        direct = [n for key, n in template.entries.items() if isinstance(n, Scalar) and (not only or key == only)]
        for scalar in direct:
            for name in names_in(scalar.text):
                if len(self.values[name]) > 1:
                    yield from (self._only(name, number) for number in range(len(self.values[name])))
                    return
        yield self

    def _only(self, name: str, number: int) -> _Filler:
        """With one of the values of a column, and what goes with it."""
        first = next((lead for lead, other in self.beside if other == name), name)
        together = (first, *(other for lead, other in self.beside if lead == first))
        chosen = {each: (self.values[each][number],) for each in together}
        return replace(self, values={**self.values, **chosen})

    def node(self, template: Mapping) -> Mapping | None:
        entries: dict[str, Node] = {}
        for number, (key, value) in enumerate(template.entries.items()):
            if key in CONDITIONS and isinstance(value, Mapping):
                continue
            filled = self.value(value)
            if filled is None:
                if number == 0:
                    return None
                continue
            entries[key] = filled
        return Mapping(entries, next(iter(entries.values())).line) if entries else None

    def value(self, template: Node) -> Node | None:
        if isinstance(template, Scalar):
            texts = self.texts(template)
            return Sequence(tuple(texts), texts[0].line) if len(texts) > 1 else texts[0] if texts else None
        if isinstance(template, Mapping):
            return self.node(template)
        items: list[Node] = []
        for item in template.items:
            if isinstance(item, Mapping):
                items += [node for each in self.repeated(item) if (node := each.node(item))]
            else:
                items += self.texts(item) if isinstance(item, Scalar) else []
        return Sequence(tuple(items), items[0].line) if items else None

    def texts(self, template: Scalar) -> list[Scalar]:
        pieces = pieces_of(template.text)
        if len(pieces) == 1:
            return [Scalar(template.text, self.line(""))]
        if len(pieces) == 3 and not pieces[0] and not pieces[2]:  # a column and nothing else
            line = self.line(pieces[1])
            return [Scalar(value, line) for value in self.values[pieces[1]] if value]
        several = ""
        for name in pieces[1::2]:
            found = self.values[name]
            if not any(found):
                return []
            if not several and len(found) > 1:
                several = name
        line = self.line(pieces[1])
        if not several:
            return [Scalar(_joined(pieces, self.values), line)]
        return [
            Scalar(_joined(pieces, {**self.values, several: (value,)}), line) for value in self.values[several] if value
        ]

    def line(self, column: str) -> int:
        """The number of the place of a column in the row."""
        if column not in self.lines:
            self.lines[column] = self.places.add(Place(self.index, column))
        return self.lines[column]


@cache
def pieces_of(template: str) -> tuple[str, ...]:
    """A text of a template cut at its columns: words and names of columns by turns."""
    return tuple(PLACEHOLDER.split(template))


def _joined(pieces: tuple[str, ...], values: Values) -> str:
    return "".join("; ".join(values[piece]) if place % 2 else piece for place, piece in enumerate(pieces))
