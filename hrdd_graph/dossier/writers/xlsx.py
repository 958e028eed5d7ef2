"""XLSX: a sheet for each list of the audit file, to sort, filter and work on."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from hrdd_graph.dossier.blocks import Box, Cell, Grid, Heading, Items, Line, Pairs, Text
from hrdd_graph.dossier.layout import paper_of
from hrdd_graph.dossier.model import Dossier, Entry, Record
from hrdd_graph.dossier.wording import Wording, place
from hrdd_graph.gaps.salience import NAMES

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = True

Row = Sequence[str | int]
_WIDTHS = {"long": 60, "middle": 32, "short": 14}
_MOST = 32_767  # characters in a cell, as spreadsheet programs have it


def write(dossier: Dossier, stream: BinaryIO) -> None:
    """Write the workbook. Texts stay texts: nothing in them becomes a formula or a link."""
    import xlsxwriter

    w = Wording.of(dossier.language)
    _ = w.text
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    paper = paper_of(dossier)
    created = datetime.datetime.combine(dossier.as_of, datetime.time())
    book.set_properties({"title": paper.title[:255], "author": dossier.software, "created": created})
    sheets = _Sheets(book)
    heads: tuple[str, ...]
    sheets.text(_("About"), paper.title, list(_told(paper.blocks)))
    findings = [_finding(entry, w) for entry in dossier.entries]
    sheets.table(_("Findings"), _heads(w), findings)
    impacts: list[Row] = [
        (
            impact.label,
            *(w.grade(s.impact.likelihood if name == "likelihood" else s.impact.grade(name)) for name in NAMES),
            s.rank, s.of, s.best, s.worst, _numbers(numbers), impact.iri,
        )
        for impact, s, numbers in dossier.impacts
    ]  # fmt: skip
    ranks = (_("rank"), _("of"), _("best rank"), _("worst rank"))
    sheets.table(_("Impacts"), (_("Impact"), *map(w.dimension, NAMES), *ranks, _("Findings"), _("Address")), impacts)
    if dossier.kind == "portfolio":
        heads = (
            _("Line"),
            _("Name"),
            _("Country"),
            _("State"),
            _("On record as"),
            _("score"),
            _("Findings"),
            _("Address"),
        )
        states = {"sure": _("on record"), "unsure": _("to be judged by a person"), "unmatched": _("nobody looked")}
        rows: list[Row] = []
        for s in dossier.suppliers:
            first = (s.line, s.name, s.country, states[s.state])
            rows += [
                (*first, match.thing.label, f"{match.score:.2f}", _numbers(s.findings), match.thing.iri)
                for match in s.matches
            ] or [(*first, "", "", "", "")]
        sheets.table(_("Suppliers"), heads, rows)
    sheets.table(_("Evidence"), _record_heads(w), [_record(record, w) for record in dossier.register])
    absent = {True: _("a source says that there is none"), False: _("the source was read and says nothing")}
    sheets.table(
        _("Not known"),
        (_("What is missing"), _("Ground"), _("About"), _("Stated in"), _("Address")),
        [(a.lacking.label, absent[a.stated], a.about.label, place(a.place), a.about.iri) for a in dossier.absences]
        + [
            (k.kind.label, _("nobody looked"), dossier.title, "", "")
            for k in dossier.looked
            if k.state == "nobody looked"
        ],
    )
    duties = [
        (
            norm.instrument.label, duty.provision.label, duty.asks, _numbers(duty.findings),
            "; ".join(r.label for r in duty.records) or _("no record speaks to it"), duty.provision.iri,
        )
        for norm in dossier.norms
        for duty in norm.duties
    ]  # fmt: skip
    heads = (
        _("Law or framework"),
        _("Duty"),
        _("What it asks"),
        _("Findings"),
        _("Records that speak to it"),
        _("Address"),
    )
    sheets.table(_("Duties"), heads, duties)
    rules = [
        (r.name, r.version, r.label, r.definition, r.advice, "; ".join(p.label for p in r.provisions), r.found)
        for r in dossier.rules
    ]
    heads = (_("Rule"), _("Version"), _("Label"), _("What is a gap"), _("What to do"), _("Rests on"), _("Findings"))
    sheets.table(_("Rules"), heads, rules)
    book.close()
    stream.write(buffer.getvalue())


class _Sheets:
    """Adds sheets to a workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._cell = book.add_format({"text_wrap": True, "valign": "top"})
        self._title = book.add_format({"bold": True, "font_size": 14})

    def table(self, name: str, heads: Sequence[str], rows: Sequence[Row]) -> None:
        """A sheet with a header that stays in sight and filters."""
        sheet = self._book.add_worksheet(name[:31])
        for column, head in enumerate(heads):
            longest = max((len(str(row[column])) for row in rows), default=0)
            size = "long" if longest > 80 else "middle" if longest > 18 else "short"
            sheet.set_column(column, column, _WIDTHS[size])
            sheet.write_string(0, column, head, self._head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, column, value, self._cell)
                else:
                    sheet.write_string(number, column, value[:_MOST], self._cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(heads) - 1)

    def text(self, name: str, title: str, lines: Sequence[tuple[str, str]]) -> None:
        """A sheet of lines: what comes before the tables, and after them."""
        sheet = self._book.add_worksheet(name[:31])
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 120)
        sheet.write_string(0, 0, title, self._title)
        for number, (first, second) in enumerate(lines, start=2):
            sheet.write_string(number, 0, first[:_MOST], self._head if first and not second else self._cell)
            sheet.write_string(number, 1, second[:_MOST], self._cell)


def _told(blocks: Iterable[object]) -> Iterable[tuple[str, str]]:
    """What the paper says beside its tables and boxes, as names and texts."""
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            yield _text(block.line), ""
        elif isinstance(block, Pairs):
            yield from ((name, _cell(cell)) for name, cell in block.pairs)
        elif isinstance(block, Text):
            yield "", _text(block.line)
        elif isinstance(block, Items):
            yield from (("", _text(line)) for line in block.lines)
        elif isinstance(block, Grid | Box):
            continue


def _text(line: Line) -> str:
    return "".join(span.text for span in line)


def _cell(cell: Cell) -> str:
    return "\n".join(map(_text, cell))


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _heads(w: Wording) -> tuple[str, ...]:
    _ = w.text
    return (
        _("Number"), _("Severity"), _("Label"), _("About"), _("Sentence"), _("Facts"), _("Weakest evidence"),
        _("Rests on"), _("Rank"), _("Reply"), _("Would be settled by"), _("Waived"), _("Rule"), _("Address"),
    )  # fmt: skip


def _finding(entry: Entry, w: Wording) -> Row:
    _ = w.text
    weakest, waiver = entry.weakest, entry.waiver
    return (
        entry.number,
        w.severity(entry.severity),
        entry.label,
        entry.focus.label,
        entry.sentence,
        "\n".join(f"{r.key} {r.status.label}: {r.thing.label}. {place(r)}" for r in entry.records),
        f"{weakest.key}: {w.quality(weakest)}" if weakest else "",
        "; ".join(p.label for p in entry.provisions),
        entry.salience.rank if entry.salience else "",
        "\n".join(f"{', '.join(b.label for b in r.by)}: {r.thing.label}. {r.words}" for r in entry.replies),
        entry.settled_by,
        _(
            "until %(day)s by %(author)s: %(reason)s",
            day=waiver.expires.isoformat(),
            author=waiver.author,
            reason=waiver.reason,
        )
        if waiver
        else "",
        f"{entry.rule} {entry.version}",
        entry.iri,
    )


def _record_heads(w: Wording) -> tuple[str, ...]:
    _ = w.text
    return (
        _("Number"), _("Record"), _("Kind"), _("Standing"), _("Stated in"), _("Evidence"), _("When"), _("Where"),
        _("Affected"), _("Parties"), _("Rights"), _("Said"), _("Address"),
    )  # fmt: skip


def _record(record: Record, w: Wording) -> Row:
    return (
        record.key, record.thing.label, record.kind.label, record.status.label,
        f"{record.source.label}, {record.locator}",
        w.quality(record), w.when(record.begun), "; ".join(p.label for p in record.places),
        "; ".join(a.label for a in record.affected),
        "\n".join(f"{p.party.label}: {p.mode.lower()} ({p.basis.label.lower()})" for p in record.parts),
        "; ".join(r.label for r in record.rights), "\n".join(filter(None, (record.description, *record.notes))),
        record.thing.iri,
    )  # fmt: skip
