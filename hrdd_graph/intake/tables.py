"""Tables as rows of text: CSV, TSV and XLSX, one row at a time, with the place of each.

Nothing is guessed: every cell is text as written ("NA" is Namibia), days of a spreadsheet are ISO dates, and a file
that is broken, in an unknown encoding or too large when unpacked is refused before anything is done with it.
"""

from __future__ import annotations

import codecs
import csv
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any

from hrdd_graph.errors import UnusableInput

MOST_UNPACKED = 512 * 1024 * 1024  # bytes; a workbook of 100,000 incidents has about 60 MB
SEVERAL = "\x1f"  # stands between the values of a cell where a file keeps them apart, as JSON does
MOST_IN_A_CELL = 32_767  # characters, as in spreadsheet programs
MOST_SHARED = 128 * 1024 * 1024  # bytes of the texts of a workbook, which are in memory while it is read
_PACKED = {  # what the first bytes of a file tell, whatever its name
    b"PK\x03\x04": "a workbook or another packed file",
    b"\xd0\xcf\x11\xe0": "a workbook of the old kind (.xls)",
}
_NAMES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}
_DELIMITERS = (",", ";", "\t", "|")
_TO_THE_HEADER = 20  # rows that may stand above the header: titles, licences, notes


@dataclass(frozen=True)
class Row:
    """A row: its sheet (empty for a CSV file), its number from 1 as RFC 7111 counts, and its cells by header.

    ``place`` is the fragment that leads to it in a file that is no table, such as an XPointer. ``problem`` says why the
    row as a whole cannot be read.
    """

    sheet: str
    number: int
    cells: dict[str, str]
    place: str = ""
    problem: str = ""

    def locator(self, file: str) -> str:
        """Where the row stands: ``incidents.xlsx, Incidents#row=12``."""
        return f"{file}{', ' + self.sheet if self.sheet else ''}#{self.place or f'row={self.number}'}"


@dataclass(frozen=True)
class Table:
    """A table whose header was found: ``headers`` by column number from 0, ``header_row`` from 1.

    ``width`` is how many cells the header of a text has (0 for a sheet, beside whose table anything may stand),
    ``repeated`` a known header that stands in it twice.
    """

    sheet: str
    headers: dict[int, str]
    header_row: int
    lines: Iterator[tuple[int, list[str]]]
    width: int = 0
    repeated: str = ""

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything."""
        for number, values in self.lines:
            cells = {name: values[place] for place, name in self.headers.items() if place < len(values)}
            beyond = [value for value in values[self.width :] if value] if self.width else []
            if any(cells.values()) or beyond:
                problem = ""
                if beyond:
                    problem = f"has more cells than the header: {'; '.join(beyond)[:80]}."
                yield Row(self.sheet, number, cells, problem=problem)


def heading(text: str) -> str:
    """A header as headers are compared: case, space and an asterisk for "required" do not count."""
    return " ".join(text.replace("*", " ").replace("_", " ").casefold().split())


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook; one without a name for a CSV file."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return [""]
    with _workbook(path) as book:
        return [str(name) for name in book.sheetnames]


def open_table(path: Path, sheet: str, known: Iterable[str], encoding: str | None = None) -> Table | None:
    """The table of a sheet whose header has most of the ``known`` headers; ``None`` where no row has any of them.

    Raises ``UnusableInput``, also while rows are read.
    """
    wanted = {heading(name) for name in known}
    lines = lines_of(path, sheet, wanted, encoding)
    above: list[list[str]] = []
    best: tuple[int, int, list[str]] = (0, 0, [])
    start: list[tuple[int, list[str]]] = []
    for number, values in lines:
        start.append((number, values))
        # A header that is merged over several rows has its text in the first of them.
        over = above[-1] if above else []
        merged = [here or there for here, there in zip_longest(values, over, fillvalue="")]
        for candidate in (values, merged):
            if (count := len({heading(v) for v in candidate} & wanted)) > best[0]:
                best = (count, number, candidate)
        above.append(values)
        if len(start) >= _TO_THE_HEADER:
            break
    count, header_row, header = best
    if not count:
        return None
    headers = {place: heading(text) for place, text in enumerate(header) if text}
    twice = [name for name in headers.values() if list(headers.values()).count(name) > 1 and name in wanted]

    def rest() -> Iterator[tuple[int, list[str]]]:
        yield from (line for line in start if line[0] > header_row)
        yield from lines

    width = 0 if sheet else len(header)
    return Table(sheet, headers, header_row, rest(), width, next(iter(twice), ""))


def lines_of(
    path: Path, sheet: str, known: Iterable[str], encoding: str | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Every line of a sheet as it stands, with its number from 1; ``known`` headers tell the delimiter of a text."""
    if sheet:
        return _lines_of_sheet(path, sheet)
    return _lines_of_text(path, {heading(name) for name in known}, encoding)


# -- text --------------------------------------------------------------------------------------------------------------


def _lines_of_text(path: Path, wanted: set[str], encoding: str | None) -> Iterator[tuple[int, list[str]]]:
    used = encoding or _encoding_of(path)
    delimiter = _delimiter_of(path, used, wanted)
    number = 0
    csv.field_size_limit(MOST_IN_A_CELL)
    try:
        with path.open(encoding=used, newline="") as stream:
            for number, values in enumerate(csv.reader(stream, delimiter=delimiter, strict=True), start=1):
                if "\0" in "".join(values):
                    fix = "Save it as CSV in UTF-8, or name its encoding: --encoding utf-16."
                    raise UnusableInput.one(path, "holds bytes that are no text.", line=number, fix=fix)
                yield number, [value.strip() for value in values]
    except UnicodeError as error:
        raise _not_in(path, used) from error
    except csv.Error as error:
        fix = "Check the quotes and the length of the cells from this row on."
        raise UnusableInput.one(path, f"is not a table: {error}.", line=number + 1, fix=fix) from error


def _encoding_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be read: {error.strerror}.", fix="Check the file's name.") from error
    if not start.removeprefix(codecs.BOM_UTF8):
        raise UnusableInput.one(path, "is empty.", fix="Name a table with a header and rows.")
    if start in _PACKED:
        raise UnusableInput.one(path, f"is {_PACKED[start]}, and no text.", fix="Save it as .xlsx or as CSV.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _not_in(path: Path, encoding: str) -> UnusableInput:
    """The error for a text in another encoding, with the line of the first byte that does not fit."""
    line = 1
    decode = codecs.getincrementaldecoder(encoding)().decode
    with path.open("rb") as stream:
        while block := stream.read(1 << 16):
            try:
                line += decode(block).count("\n")
            except UnicodeDecodeError as error:
                line += block[: error.start].count(b"\n")
                break
    fix = "Save the file as UTF-8, or name its encoding: --encoding cp1252."
    return UnusableInput.one(path, f"is not {_NAMES.get(encoding, encoding)}.", line=line, fix=fix)


def _delimiter_of(path: Path, encoding: str, wanted: set[str]) -> str:
    """The delimiter by which the first lines hold most of the known headers."""
    lines = []
    try:
        with path.open(encoding=encoding, newline="") as stream:
            for _ in range(_TO_THE_HEADER):
                lines.append(stream.readline(MOST_IN_A_CELL * 4))
    except UnicodeError as error:
        raise _not_in(path, encoding) from error
    except LookupError as error:
        raise UnusableInput.one("--encoding", f"{encoding} is no encoding.", fix="Write cp1252 or utf-16.") from error

    def known(delimiter: str) -> int:
        return max(len({heading(v.strip('" \r\n')) for v in line.split(delimiter)} & wanted) for line in lines)

    return max(_DELIMITERS, key=known)


# -- workbooks ---------------------------------------------------------------------------------------------------------


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    """The workbook, open for reading."""
    import openpyxl

    with ExitStack() as open_files:
        try:
            stream = open_files.enter_context(path.open("rb"))
            with zipfile.ZipFile(stream) as archive:
                sizes = {item.filename: item.file_size for item in archive.infolist()}
            unpacked = sum(sizes.values())
            if max((size for name, size in sizes.items() if "sharedstrings" in name.lower()), default=0) > MOST_SHARED:
                what = f"holds more than {MOST_SHARED // 2**20} MB of texts."
                raise UnusableInput.one(path, what, fix="Save the rows that matter as CSV, which has no such limit.")
            if unpacked > MOST_UNPACKED:
                raise UnusableInput.one(
                    path,
                    f"holds {unpacked // 2**20} MB when unpacked; at most {MOST_UNPACKED // 2**20} MB are read.",
                    fix="Save the rows that matter as CSV, which has no such limit.",
                )
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            open_files.callback(book.close)
        except UnusableInput:
            raise
        except OSError as error:
            raise UnusableInput.one(path, f"cannot be read: {error.strerror}.", fix="Check the file's name.") from error
        except Exception as error:  # the package raises whatever the broken part made it raise
            raise UnusableInput.one(
                path, f"is no workbook: {error}.", fix="Open it in a spreadsheet program and save it again as .xlsx."
            ) from error
        yield book


def _lines_of_sheet(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    with _workbook(path) as book:
        try:
            page = book[sheet]
            page.reset_dimensions()  # what other programs write there is not to be relied on
            for number, values in enumerate(page.iter_rows(values_only=True), start=1):
                yield number, [_text(value, path, number) for value in values]
        except (UnusableInput, GeneratorExit):
            raise
        except Exception as error:
            fix = "Open it in a spreadsheet program and save it again as .xlsx."
            what = f"is broken in sheet {sheet}: {error}."
            raise UnusableInput.one(path, what, line=number + 1, fix=fix) from error


def _text(value: object, path: Path, number: int) -> str:
    """A cell as text: days as ISO dates, whole numbers without a decimal point, truth as true or false."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = str(value).strip()
    if len(text) > MOST_IN_A_CELL:
        raise UnusableInput.one(path, f"has a cell of {len(text)} characters.", line=number, fix="Shorten the cell.")
    return text
