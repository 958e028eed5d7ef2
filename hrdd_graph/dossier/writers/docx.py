"""DOCX: for those who write on in it. The same paper as the page, by python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from hrdd_graph.dossier.blocks import Box, Cell, Grid, Heading, Items, Line, Pairs, Paper, Text
from hrdd_graph.dossier.layout import paper_of
from hrdd_graph.dossier.model import Dossier
from hrdd_graph.dossier.writers.pdf import missing

if TYPE_CHECKING:
    from docx.document import Document as Page

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BINARY = True

_COLOURS = {"high": "A4161A", "medium": "8A5A00", "low": "2B5F75", "muted": "5A626B"}
_NAMES_WIDTH, _PAGE_WIDTH = 3.4, 17.4  # centimetres
# XML has no way to write these.
_STRIPPED = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n\r")


def write(dossier: Dossier, stream: BinaryIO) -> None:
    """Write the document; its dates are those of the file, so that the same question gives the same bytes."""
    try:
        import docx
    except ImportError as error:
        raise missing("python-docx", "docx") from error

    paper = paper_of(dossier)
    page = docx.Document()
    _set_up(page, paper)
    _Typist(page).blocks(paper.blocks)
    buffer = io.BytesIO()
    page.save(buffer)
    stream.write(_dated(buffer, paper.created))


def _set_up(page: Page, paper: Paper) -> None:
    from docx.shared import Cm, Pt

    properties: Any = page.core_properties
    day = datetime.fromisoformat(paper.created)
    properties.title, properties.author, properties.language = paper.title[:255], paper.software, paper.language
    properties.created = properties.modified = properties.last_printed = day
    properties.last_modified_by, properties.comments, properties.subject = paper.software, "", paper.subtitle
    section = page.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.8)
    _number_pages(section)
    style: Any = page.styles["Normal"]
    style.font.name, style.font.size = "Liberation Sans", Pt(9.5)
    style.paragraph_format.space_after = Pt(3)
    for level, size in ((1, 18), (2, 13), (3, 11), (4, 10)):
        heading: Any = page.styles[f"Heading {level}"]
        heading.font.name, heading.font.size, heading.font.color.rgb = "Liberation Sans", Pt(size), None
        heading.font.italic = False
        heading.element.rPr.rFonts.attrib.clear()
        heading.element.rPr.rFonts.set(_qn("w:ascii"), "Liberation Sans")
        heading.element.rPr.rFonts.set(_qn("w:hAnsi"), "Liberation Sans")


def _number_pages(section: Any) -> None:
    """The number of the page at the foot of each, and of how many."""
    paragraph = section.footer.paragraphs[0]
    for number, field in enumerate(("PAGE", "NUMPAGES")):
        if number:
            paragraph.add_run(" / ")
        run = paragraph.add_run()
        for kind in ("begin", "", "end"):
            made = _element("w:fldChar", fldCharType=kind) if kind else _element("w:instrText")
            if not kind:
                made.text = field
            run._r.append(made)
    paragraph.alignment = 2  # right


class _Typist:
    """Puts blocks on the page one after the other."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._marks = 0

    def blocks(self, blocks: Iterable[object]) -> None:
        for block in blocks:
            if isinstance(block, Heading):
                paragraph = self.page.add_paragraph(style=f"Heading {block.level}")
                self._line(paragraph, block.line)
                if block.anchor:
                    self._mark(paragraph, block.anchor)
            elif isinstance(block, Text):
                paragraph = self.page.add_paragraph()
                self._line(paragraph, block.line, strong=block.style == "lead", muted=block.style == "note")
                paragraph.paragraph_format.keep_with_next = block.style == "lead"
            elif isinstance(block, Items):
                for line in block.lines:
                    self._line(self.page.add_paragraph(style="List Bullet"), line)
            elif isinstance(block, Pairs):
                self._pairs(block)
            elif isinstance(block, Grid):
                self._grid(block)
            elif isinstance(block, Box):
                self.blocks(block.blocks)

    def _pairs(self, block: Pairs) -> None:
        table = self._table(len(block.pairs), (_NAMES_WIDTH, _PAGE_WIDTH - _NAMES_WIDTH))
        for row, (name, cell) in zip(table.rows, block.pairs, strict=True):
            self._muted(row.cells[0].paragraphs[0], name)
            self._cell(row.cells[1], cell)
        self.page.add_paragraph()

    def _grid(self, block: Grid) -> None:
        self._muted(self.page.add_paragraph(), block.caption)
        total = sum(block.widths)
        table = self._table(len(block.rows) + 1, tuple(_PAGE_WIDTH * width / total for width in block.widths))
        table.style = "Table Grid"
        for cell, name in zip(table.rows[0].cells, block.headers, strict=True):
            cell.paragraphs[0].add_run(_kept(name)).bold = True
        head = table.rows[0]._tr.get_or_add_trPr()
        head.append(_element("w:tblHeader", val="true"))
        for row, cells in zip(list(table.rows)[1:], block.rows, strict=True):
            row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
            for place, cell in zip(row.cells, cells, strict=True):
                self._cell(place, cell)
        self.page.add_paragraph()

    def _table(self, rows: int, widths: tuple[float, ...]) -> Any:
        from docx.shared import Cm

        table: Any = self.page.add_table(rows, len(widths))
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
            for cell in column.cells:
                cell.width = Cm(width)
        return table

    def _cell(self, place: Any, cell: Cell) -> None:
        for number, line in enumerate(cell):
            self._line(place.paragraphs[0] if number == 0 else place.add_paragraph(), line)

    def _line(self, paragraph: Any, line: Line, *, strong: bool = False, muted: bool = False) -> None:
        from docx.shared import Pt, RGBColor

        for span in line:
            run = paragraph.add_run(_kept(span.text))
            run.bold = True if strong or span.style in ("strong", "high", "medium", "low") else None
            colour = _COLOURS.get(span.style or ("muted" if muted else ""))
            if colour:
                run.font.color.rgb = RGBColor.from_string(colour)
            if span.style == "mono":
                run.font.name, run.font.size = "Liberation Mono", Pt(8)
            if span.href:
                self._link(paragraph, run, span.href)

    def _muted(self, paragraph: Any, text: str) -> None:
        from docx.shared import RGBColor

        paragraph.add_run(_kept(text)).font.color.rgb = RGBColor.from_string(_COLOURS["muted"])

    def _link(self, paragraph: Any, run: Any, href: str) -> None:
        """Make a run a link: to a place in the document, or to an address of the web."""
        link = _element("w:hyperlink")
        if href.startswith("#"):
            link.set(_qn("w:anchor"), _name(href[1:]))
        elif href.startswith(("https://", "http://")):
            from docx.opc.constants import RELATIONSHIP_TYPE

            link.set(_qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        else:
            return
        run._r.addprevious(link)
        link.append(run._r)

    def _mark(self, paragraph: Any, anchor: str) -> None:
        """A bookmark around a paragraph."""
        self._marks += 1
        start = _element("w:bookmarkStart", id=str(self._marks), name=_name(anchor))
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(_element("w:bookmarkEnd", id=str(self._marks)))


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    made: Any = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(_qn(f"w:{name}"), value)
    return made


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))


def _name(anchor: str) -> str:
    """An anchor as the name of a bookmark, which takes letters, digits and underscores, 40 at most."""
    return "".join(letter if letter.isalnum() else "_" for letter in anchor)[:40]


def _kept(text: str) -> str:
    return text.translate(_STRIPPED)


def _dated(packed: io.BytesIO, day: str) -> bytes:
    """The same package with every part dated on a day, so that the bytes do not depend on the clock."""
    year, month, date = (int(part) for part in day.split("-"))
    made = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(
                zipfile.ZipInfo(name, (max(year, 1980), month, date, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED
            )
    return made.getvalue()
