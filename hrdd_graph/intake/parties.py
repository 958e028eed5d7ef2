"""Who is named in a file: each party that its rows describe, with what tells it apart from others.

Parties that a source does not name, lumps together or hides behind a made-up name are no one that others could mean,
and are left out. So are states and their bodies, which are found by their names as choices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hrdd_graph.evidence.sheet import absolute
from hrdd_graph.evidence.yaml_tree import Mapping, Node, Scalar, Sequence
from hrdd_graph.intake.cells import Cleaner
from hrdd_graph.intake.mapping import COMPARE, Places, Values, records_of
from hrdd_graph.intake.profile import CONDITIONS, PLACEHOLDER, Profile, SheetMap, scalars
from hrdd_graph.intake.reading import parts_of
from hrdd_graph.matching.names import LegalForms, folded, shortened
from hrdd_graph.matching.score import Profile as Features
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.ontology import Vocabulary


@dataclass(frozen=True)
class Named:
    """A party that a row describes: its id, name, where it stands, its classes, and what to compare it by."""

    id: str
    name: str
    sheet: str
    row: int
    kinds: tuple[str, ...]
    features: Features


def named_parties(
    profile: Profile,
    path: Path,
    encoding: str | None,
    vocabulary: Vocabulary,
    cleaner: Cleaner,
    built_in: Values,
    forms: LegalForms,
) -> Iterator[Named]:
    """The named parties of a file, each once, in the order of their rows."""
    wanted = {sheet.name: _of_parties(sheet, vocabulary) for sheet in profile.sheets}
    if not any(wanted.values()):
        return
    seen: set[str] = set()
    for part in parts_of(profile, path, encoding):
        read: set[tuple[int, tuple[str, ...]]] = set()
        for row in part.rows if wanted[part.sheet.name] else ():
            for number, (sheet, headers) in enumerate(wanted[part.sheet.name]):
                written = (number, tuple(row.cells.get(header, "") for header in headers))
                if headers and written in read:
                    continue  # the same party in the same words
                read.add(written)
                cells = cleaner.clean(row.cells, sheet)
                if row.problem or any(cell.problem for cell in cells.values()):
                    continue
                for tree, _ in records_of(0, cells, sheet, built_in, "", Places(), aside=(COMPARE,)):
                    identifier = _text(tree, "id")
                    if identifier in seen or not _is_wanted(_texts(tree.entries.get("type")), vocabulary):
                        continue
                    seen.add(identifier)
                    yield _named(identifier, tree, row.sheet, row.number, forms)


def _of_parties(sheet: SheetMap, vocabulary: Vocabulary) -> list[tuple[SheetMap, tuple[str, ...]]]:
    """For each record that may be a party the sheet with it alone, and the headers that tell two of them apart.

    No headers are given where a pattern finds them.
    """
    found = []
    for record in sheet.records:
        if not _may_be_party(record, vocabulary):
            continue
        names = {name for scalar in scalars(record) for name in PLACEHOLDER.findall(scalar.text)}
        for condition in (record.entries.get(key) for key in CONDITIONS):
            names |= set(condition.entries) if isinstance(condition, Mapping) else set()
        todo = [name for name in names if name in sheet.columns]
        while todo:
            column = sheet.columns[todo.pop()]
            more = {*column.parts, column.beside} & sheet.columns.keys() - names
            names |= more
            todo += more
        columns = {name: column for name, column in sheet.columns.items() if name in names}
        headers = tuple(header for column in columns.values() for header in column.headings)
        by_pattern = any(column.like for column in columns.values())
        found.append((replace(sheet, columns=columns, records=(record,)), () if by_pattern else headers))
    return found


def _may_be_party(record: Mapping, vocabulary: Vocabulary) -> bool:
    kinds = _texts(record.entries.get("type"))
    known = [kind for kind in kinds if not PLACEHOLDER.search(kind)]
    if vocabulary.is_a(known, "UnnamedParty") or vocabulary.is_a(known, "StateBody"):
        return False
    return vocabulary.is_a(known, "Party") or (
        len(known) < len(kinds) and _text(record, "id").startswith("organisation/")
    )


def _is_wanted(kinds: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    known = [kind for kind in kinds if kind in vocabulary.parents]
    return vocabulary.is_a(known, "NamedParty") and not vocabulary.is_a(known, "StateBody")


def _named(identifier: str, tree: Mapping, sheet: str, row: int, forms: LegalForms) -> Named:
    names = [*_texts(tree.entries.get("label")), *_texts(tree.entries.get("altLabel"))]
    based = _texts(tree.entries.get("isBasedIn"))
    countries = [absolute(text).removeprefix(PREFIXES["country"]).lower() for text in based]
    pairs = (text.partition(":") for text in _texts(tree.entries.get("identifier")))
    features = Features(
        tuple(forms.name(name) for name in names),
        countries[0] if countries else "",
        folded(shortened(_text(tree, COMPARE))),
        frozenset((scheme, value) for scheme, _, value in pairs if value),
    )
    return Named(identifier, names[0] if names else "", sheet, row, _texts(tree.entries.get("type")), features)


def _texts(node: Node | None) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(item.text for item in items if isinstance(item, Scalar))


def _text(tree: Mapping, key: str) -> str:
    return next(iter(_texts(tree.entries.get(key))), "")
