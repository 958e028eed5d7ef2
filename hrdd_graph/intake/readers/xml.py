"""XML, element by element: memory holds one row and the elements around it. A document type is refused, and with it
every entity that could grow or lead elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.tables import MOST_IN_A_CELL, Row, heading

_BYTES_AT_A_TIME = 1 << 16


@dataclass
class _Element:
    """An element that is open: its place, its text, the texts of what it holds by path, and its children by name."""

    name: str
    place: str
    text: list[str] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)
    children: Counter[str] = field(default_factory=Counter)


def rows(path: Path, at: str, headers: Iterable[str] = ()) -> Iterator[Row]:
    """The rows at a path of elements from the root on, such as ``Goods/Good``; the place of a row is an XPointer."""
    reading = _Reading(path, at.split("/"))
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BYTES_AT_A_TIME):
                reading.parser.Parse(block, False)
                yield from reading.take()
            reading.parser.Parse(b"", True)
            yield from reading.take()
    except expat.ExpatError as error:
        what = f"is no XML: {expat.ErrorString(error.code)}."
        raise UnusableInput.one(path, what, line=error.lineno, fix="Fetch or export the file again.") from error
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be read: {error.strerror}.", fix="Check the file's name.") from error


class _Reading:
    def __init__(self, path: Path, at: list[str]) -> None:
        self._path = path
        self._at = at
        self._open: list[_Element] = []
        self._found: list[Row] = []
        self._count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def take(self) -> list[Row]:
        found, self._found = self._found, []
        return found

    def _doctype(self, *_: object) -> None:
        fix = "Take the DOCTYPE out; entities are not read."
        raise UnusableInput.one(self._path, "has a document type.", line=self.parser.CurrentLineNumber, fix=fix)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        above = self._open[-1] if self._open else _Element("", "")
        above.children[name] += 1
        above.text.clear()
        number = f"[{above.children[name]}]" if self._open else ""
        element = _Element(name, f"{above.place}/{name}{number}")
        element.cells = {heading(key): value.strip() for key, value in attributes.items()}
        self._open.append(element)

    def _text(self, text: str) -> None:
        element = self._open[-1]
        if element.children:
            return  # what stands between elements is no cell
        element.text.append(text)
        if sum(map(len, element.text)) > MOST_IN_A_CELL:
            what = f"has a text of more than {MOST_IN_A_CELL} characters in {element.name}."
            raise UnusableInput.one(self._path, what, line=self.parser.CurrentLineNumber, fix="Shorten it.")

    def _end(self, name: str) -> None:
        element = self._open.pop()
        here = [each.name for each in self._open] + [name]
        if here == self._at:
            around: dict[str, str] = {}
            for outer in self._open:
                around |= outer.cells
            self._count += 1
            cells = around | element.cells | ({heading(name): text} if (text := _joined(element)) else {})
            self._found.append(Row("", self._count, cells, f"xpointer({element.place})"))
        elif self._open and here != self._at[: len(here)]:
            above, own = self._open[-1].cells, heading(name)
            if text := _joined(element):
                above[own] = f"{above[own]}; {text}" if own in above else text
            above |= {f"{own}/{key}": value for key, value in element.cells.items()}


def _joined(element: _Element) -> str:
    return "".join(element.text).strip()
