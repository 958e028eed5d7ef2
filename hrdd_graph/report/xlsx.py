"""XLSX: a sheet of findings and a sheet that says how they came about."""

from __future__ import annotations

import io
from typing import BinaryIO

from hrdd_graph.gaps.run import Run
from hrdd_graph.report._document import flat_row, footer
from hrdd_graph.report.csv import COLUMNS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = True

_NUMBERS = ("rank", "score")
_WIDTHS = {"message": 70, "details": 50, "sources": 50, "provisions": 40, "advice": 50, "would be settled by": 50}


def write(run: Run, stream: BinaryIO) -> None:
    """Write a workbook with the sheets Findings and About."""
    import datetime

    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    # A fixed date makes the same run give the same bytes.
    book.set_properties({"title": "Gaps", "created": datetime.datetime.combine(run.view.as_of, datetime.time())})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Findings")
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 24))
        sheet.write_string(0, column, name, head)
    for number, finding in enumerate(run.findings, start=1):
        row = flat_row(run, finding)
        for column, name in enumerate(COLUMNS):
            if name in _NUMBERS and row[name]:
                sheet.write_number(number, column, float(row[name]), cell)
            else:
                sheet.write_string(number, column, row[name], cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(run.findings)), len(COLUMNS) - 1)
    about = book.add_worksheet("About")
    about.set_column(0, 0, 120)
    for number, line in enumerate(footer(run)):
        about.write_string(number, 0, line, cell)
    book.close()
    stream.write(buffer.getvalue())
