"""XLSX: a sheet of rows, and one that says what was asked, of what, and under which licences."""

from __future__ import annotations

import datetime
import io
from typing import BinaryIO

from hrdd_graph.answers._answer import TemplateAnswer
from hrdd_graph.answers._cells import cells, columns, remarks

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSION = "xlsx"
KINDS = ("rows",)

_LONGEST_CELL = 32_767


def write(answer: TemplateAnswer, stream: BinaryIO) -> None:
    """Write a workbook with the sheets Rows and About; the same answer gives the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    created = datetime.datetime.combine(answer.view.as_of, datetime.time())
    book.set_properties({"title": answer.template.summary, "created": created})
    head = book.add_format({"bold": True, "bottom": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Rows")
    header = columns(answer)
    count = 0
    for column, name in enumerate(header):
        sheet.set_column(column, column, 32)
        sheet.write_string(0, column, name, head)
    for count, row in enumerate(cells(answer), start=1):
        for column, value in enumerate(row):
            sheet.write_string(count, column, value[:_LONGEST_CELL], cell)
    sheet.freeze_panes(1, 0)
    if header:
        sheet.autofilter(0, 0, max(1, count), len(header) - 1)
    about = book.add_worksheet("About")
    about.set_column(0, 0, 120)
    for number, line in enumerate(remarks(answer)):
        about.write_string(number, 0, line, cell)
    book.close()
    stream.write(buffer.getvalue())
