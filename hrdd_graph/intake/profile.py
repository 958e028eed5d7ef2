"""Import profiles: how the columns of a table become records, declared in ``data/profiles/<name>/profile.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hrdd_graph.evidence.yaml_tree import Mapping, Node, Scalar, Sequence
from hrdd_graph.intake.tables import heading

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
KINDS_OF_VALUE = ("text", "key", "digest", "date", "yesno", "choice", "ref", "thing")
BUILT_IN = ("import", "file", "issued", "title", "publisher")  # {columns} that every table has
CONDITIONS = ("when", "unless")
Condition = tuple[tuple[str, frozenset[str]], ...]  # columns, and the values that are meant


@dataclass(frozen=True, eq=False)
class Column:
    """A column: ``headers`` that it may stand under, what its cells are, and what helps a person to fill it in.

    The header ``{file}`` stands for the file's name without its ending.

    ``kind`` is one of ``KINDS_OF_VALUE``; a choice is of the classes ``of``, a ref points to rows that are written as
    ``of[0]/{import}-key``. A thing is one of the classes ``of[1:]`` that the graph knows by the name that ``named``
    makes of the cell (``State of {}``), or a new one, written as a ref is, or under ``of[0]`` where that has a slash.
    ``split`` parts a cell into values.
    ``aliases`` are words of this source for choices. ``parts`` are columns whose cells make up this one, where no
    single column is a key. A digest is a key that tells nothing of the text.

    ``like`` is a pattern of headers, for tables as wide as a list: the values are its first group for each header with
    a cell. ``beside`` is a column whose values this one goes with one by one: another part of the same text, or the
    cell under the header; with ``heads`` it is the header. ``match`` is a pattern whose first group is the value; what
    it does not fit holds none. ``form`` tells how dates may be written (``%d/%m/%Y``, or ``excel`` for the day
    numbers of spreadsheets), ``pad`` to how many digits a number is filled up with zeros. ``drops`` leaves out words
    that are no choice, ``join`` makes one value of several. A column that is ``required``
    may be empty where ``unless``, a column that stands before it, has a value.
    """

    name: str
    headers: tuple[str, ...]
    kind: str = "text"
    of: tuple[str, ...] = ()
    split: str = ""
    required: bool = False
    empty: frozenset[str] = frozenset()
    aliases: tuple[tuple[str, str], ...] = ()
    help: str = ""
    example: str = ""
    listed_in: str = ""  # the sheet whose first column a drop-down offers
    parts: tuple[str, ...] = ()
    like: str = ""
    beside: str = ""
    match: str = ""
    form: tuple[str, ...] = ()
    pad: int = 0
    drops: bool = False
    join: str = ""
    heads: bool = False
    named: str = "{}"
    unless: str = ""

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Its headers as headers are compared."""
        return tuple(heading(header) for header in self.headers)

    @cached_property
    def stands_alone(self) -> bool:
        """Whether its cells mean the same whatever stands beside them; those that hold something, where ``unless``."""
        return not (self.like or self.beside or self.parts)

    @cached_property
    def words(self) -> dict[str, str]:
        """What the words of this source stand for."""
        return dict(self.aliases)

    @property
    def title(self) -> str:
        """What a person calls it: its header, or the columns that make it up."""
        return self.headers[0] if self.headers else ", ".join(self.parts) or self.beside or self.like


@dataclass(frozen=True)
class SheetMap:
    """One sheet: its name, columns by name, the column that is its key, and the records that a row makes.

    ``rows`` is where the rows of a file that is a tree are, such as ``Goods/Good`` in XML; empty for a table.
    ``versions`` are two headers, where a file holds several versions of a thing: what tells things apart, and what puts
    versions in order. Each row then has a cell ``latest``, yes or no, and ``earlier``, the key of the version before.
    """

    name: str
    columns: dict[str, Column]
    key: str
    records: tuple[Mapping, ...]
    help: str = ""
    rows: str = ""
    versions: tuple[str, ...] = ()

    @cached_property
    def conditions(self) -> tuple[tuple[Condition, Condition], ...]:
        """For each record the values that columns must have, and those that they must not have."""
        return tuple(
            (_condition(record.entries.get("when")), _condition(record.entries.get("unless")))
            for record in self.records
        )

    @cached_property
    def headers(self) -> list[str]:
        return [header for column in self.columns.values() for header in column.headers]

    def uses(self, header: str) -> bool:
        """Whether a column stands under the header."""
        return any(
            header in map(heading, column.headers) or (column.like and re.fullmatch(column.like, header))
            for column in self.columns.values()
        )


@dataclass(frozen=True)
class Profile:
    """A profile. ``source`` is the record of the source, a template over ``{import}``, ``{title}``, ``{issued}``...

    ``name_of_import`` is a template over ``{profile}`` and ``{file}``; ``about`` gives defaults for title, publisher
    and issued; ``licence`` is an address, empty where the user has to say it. ``expected`` are the rows of the
    example by what becomes of them, ``example_about`` the facts that the example needs to be told. ``restricted``
    (``access: RestrictedAccess``) keeps what is imported from those who have no token for it.
    """

    name: str
    folder: Path
    label: str
    description: str
    licence: str
    status: str
    name_of_import: str
    about: dict[str, str]
    source: Mapping
    sheets: tuple[SheetMap, ...]
    expected: dict[str, int]
    example_about: dict[str, str]
    restricted: bool = False

    @property
    def example(self) -> Path | None:
        """The example file in the profile's folder."""
        return next(iter(sorted(self.folder.glob("example.*"))), None)


def _condition(node: Node | None) -> Condition:
    if not isinstance(node, Mapping):
        return ()
    found = []
    for name, wanted in node.entries.items():
        texts = wanted.items if isinstance(wanted, Sequence) else (wanted,)
        found.append((name, frozenset(text.text for text in texts if isinstance(text, Scalar))))
    return tuple(found)


def scalars(node: Node) -> list[Scalar]:
    """Every scalar of a tree."""
    if isinstance(node, Scalar):
        return [node]
    children = node.items if isinstance(node, Sequence) else node.entries.values()
    return [scalar for child in children for scalar in scalars(child)]
