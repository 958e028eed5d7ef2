"""Cells: from what a person wrote to the value that the model takes, or the reason why that cannot be done."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hrdd_graph.evidence.dates import bounds
from hrdd_graph.intake.choices import Lists
from hrdd_graph.intake.profile import Column, SheetMap
from hrdd_graph.intake.tables import SEVERAL, heading
from hrdd_graph.matching.names import folded

_PLAIN_KEY = re.compile(r"[A-Za-z0-9]+(?:[ ._-][A-Za-z0-9]+)*")
_TRUTH = {"yes": "true", "y": "true", "true": "true", "1": "true", "no": "false", "n": "false", "false": "false"}
_TRUTH["0"] = "false"
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


_NUMBER_OF_DAY = re.compile(r"[0-9]{1,7}")  # as spreadsheet programs count days
_LAST_DAY = 2_958_465  # the end of the year 9999
_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?")
_ERRORS = frozenset(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"])
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # characters that no format of text may hold
_MOST_TOLD = 100  # characters of a cell in what is said of it
_MOST_REMEMBERED = 40  # characters: longer texts seldom come back
_CELLS_REMEMBERED = 20_000


@dataclass(frozen=True)
class Cell:
    """A cleaned cell: its values (several where the column is split), what was written, and what is wrong with it.

    ``texts`` are what each value was made from, ``heads`` the headers that it stands under. A column that stands beside
    another has as many values as the other, empty where there is none.
    """

    column: Column
    raw: str
    values: tuple[str, ...]
    problem: str = ""
    texts: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it adds to a key: the choice that was made, however it was written, or what was written."""
        return self.values[0].rpartition(":")[2] if self.column.kind == "choice" and self.values else self.raw

    @property
    def was_cleaned(self) -> bool:
        """Whether the values differ from what was written, keys apart."""
        return self.column.kind in ("choice", "date", "yesno") and bool(self.raw) and self.values != (self.raw,)


def slug(text: str) -> str:
    """A piece of an address made from a key: ``INC 12`` is ``inc-12``; what that would lose is kept in a digest."""
    plain = re.sub(r"[ ._]", "-", text.strip().casefold())
    if len(plain) <= 60 and _PLAIN_KEY.fullmatch(text.strip()):
        return plain
    digest = hashlib.sha256(text.strip().casefold().encode()).hexdigest()[:8]
    return f"{folded(text).replace(' ', '-')[:60].strip('-')}-{digest}".lstrip("-")


class Cleaner:
    """What cells mean in one import: by the lists of choices and the name of the import.

    Cells that stand alone are remembered for a while, since tables say the same words again and again.
    """

    def __init__(self, lists: Lists, name_of_import: str) -> None:
        self._lists = lists
        self._name = name_of_import
        self._remembered: dict[tuple[Column, str], Cell] = {}

    def clean(self, cells: Mapping[str, str], sheet: SheetMap) -> dict[str, Cell]:
        """The cells of a row by column name. ``cells`` are by header."""
        found: dict[str, Cell] = {}
        for column in sheet.columns.values():
            raw = _raw(column, cells)
            if not column.stands_alone or (column.unless and not raw):
                found[column.name] = self._cell(column, _written(column, cells, found), found)
                continue
            cell = self._remembered.get((column, raw))
            if cell is None:
                cell = self._cell(column, _parts(column, raw), found)
                if len(raw) <= _MOST_REMEMBERED:
                    if len(self._remembered) >= _CELLS_REMEMBERED:
                        self._remembered.clear()
                    self._remembered[column, raw] = cell
            found[column.name] = cell
        return found

    def _cell(self, column: Column, written: list[tuple[str, str, str]], found: Mapping[str, Cell]) -> Cell:
        values: dict[str, tuple[str, str]] = {}
        aligned: list[str] = []
        problem = ""
        for part, text, head in written:
            value = ""
            if part and not (column.empty and heading(part) in column.empty):
                try:
                    if part in _ERRORS or _CONTROL.search(part):
                        raise ValueError(f'"{_CONTROL.sub("?", part)}" is {_what_is_wrong(part)}')
                    value = _value(part, column, self._lists, self._name)
                except ValueError as error:
                    shown = f"{part[:_MOST_TOLD]} ..." if len(part) > _MOST_TOLD else part
                    problem = problem or ("" if column.drops else str(error).replace(part, shown))
            aligned.append(value)
            if value:
                values.setdefault(value, (text, head))
        if column.join and values:
            values = {column.join.join(values): next(iter(values.values()))}
        spared = bool(column.unless and found[column.unless].values)
        if column.required and not values and not problem and not spared:
            problem = "is empty, and a row cannot be used without it."
        raw = (column.split or ";") + " " if len(written) > 1 else ""
        raw = raw.join(part for part, _, _ in written)
        kept = tuple(aligned) if column.beside else tuple(values)
        texts, heads = zip(*values.values(), strict=True) if values else ((), ())
        return Cell(column, raw, kept, problem, texts, heads)


def _written(column: Column, cells: Mapping[str, str], found: Mapping[str, Cell]) -> list[tuple[str, str, str]]:
    """The parts of what is written in a column, each with the text that stands beside it and the header."""
    if column.like:
        fitting = ((re.fullmatch(column.like, header), text) for header, text in cells.items() if text)
        return [(match[1], text, match[0]) for match, text in fitting if match]
    if column.beside:
        lead = found[column.beside]
        return [(text, text, "") for text in (lead.heads if column.heads else lead.texts)]
    raw = _raw(column, cells)
    if column.parts:
        raw = " ".join(found[part].key for part in column.parts)
    return _parts(column, raw)


def _raw(column: Column, cells: Mapping[str, str]) -> str:
    """What is written under the first header of the column that has anything."""
    for name in column.headings:
        if text := cells.get(name):
            return text
    return ""


def _parts(column: Column, raw: str) -> list[tuple[str, str, str]]:
    """What is written in a cell, cut where the column has several values."""
    separator = SEVERAL if SEVERAL in raw else column.split
    parts = [part.strip() for part in raw.split(separator)] if separator and raw else [raw]
    return [(part, part, "") for part in parts]


def _value(text: str, column: Column, lists: Lists, name_of_import: str) -> str:
    if column.match:
        found = re.search(column.match, text)
        if not found or not (text := (found[1] or "").strip()):
            return ""
    if column.pad and text.isdigit():
        text = text.zfill(column.pad)
    if column.kind == "key":
        return slug(text)
    if column.kind == "digest":
        return hashlib.sha256(text.encode()).hexdigest()[:12]
    if column.kind == "date":
        return _date(text, column.form)
    if column.kind == "yesno":
        if text.casefold() not in _TRUTH:
            raise ValueError(f'"{text}" is neither yes nor no.')
        return _TRUTH[text.casefold()]
    if column.kind == "choice":
        aliases = column.words
        if not column.of and heading(text) not in aliases:
            raise ValueError(f'"{text}" is none of {", ".join(aliases)}.')
        return aliases.get(heading(text)) or lists.of(column.of).find(text)
    if column.kind == "thing":
        known = column.words.get(heading(text)) or lists.known(column.of[1:], column.named.replace("{}", text))
        kind = column.of[0]
        return known or (kind if "/" in kind else f"{kind}/{name_of_import}-") + slug(text)
    if column.kind == "ref":
        if re.fullmatch(r"[a-z]+/[a-z0-9-]+", text):
            return text  # the id of something that the graph has already
        return f"{column.of[0]}/{name_of_import}-{slug(text)}"
    return text


def _what_is_wrong(text: str) -> str:
    if text in _ERRORS:
        return "an error of the spreadsheet program. Mend its formula, or leave the cell empty."
    return "no text: it holds a control character. Type it again."


def _date(text: str, forms: tuple[str, ...]) -> str:
    for form in forms:
        if form == "excel":
            # Day 60 is the 29 February 1900 that never was; what comes before it is left alone.
            if _NUMBER_OF_DAY.fullmatch(text) and 60 < int(text) <= _LAST_DAY:
                return (date(1899, 12, 30) + timedelta(int(text))).isoformat()
            continue
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue  # it may be written as dates should be
        return day.isoformat() if "%d" in form else f"{day:%Y-%m}"
    if timed := _WITH_TIME.fullmatch(text):
        text = timed[1]  # the hour is not kept
    if re.fullmatch(r"[1-9]\d{4}", text):
        raise ValueError(
            f'"{text}" may be the day number of a spreadsheet. Let the cell be a date, or write 2025-03-14.'
        )
    if turned := _DAY_FIRST.fullmatch(text):
        first, second, year = turned.groups()
        days = _days((year, second, first), (year, first, second))
        if not days:
            raise ValueError(f'"{text}" is no day of the calendar. Write the year first: {year}-03-14, {year}-03.')
        raise ValueError(
            f'"{text}" {"may be" if len(days) > 1 else "is"} {" or ".join(days)}. '
            "Write it so, with the year first, or let the cell be a date of the spreadsheet."
        )
    try:
        bounds(text)
    except ValueError as error:
        raise ValueError(f"{error} Write the year first.") from error
    return text


def _days(*candidates: tuple[str, str, str]) -> list[str]:
    """Those of some years, months and days that the calendar has, each once."""
    found = []
    for year, month, day in candidates:
        with suppress(ValueError):
            found.append(date(int(year), int(month), int(day)).isoformat())
    return list(dict.fromkeys(found))
