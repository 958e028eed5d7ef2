"""Copies of files without what they tell of their makers: EXIF, XMP, authors, places, thumbnails, comments.

Pictures are drawn anew from their pixels, PDF and Office files lose every part that holds metadata. What is *in* the
picture or the text stays: a face, a letterhead, a handwritten name. A person has to look.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from hrdd_graph.errors import UnusableInput

MOST_PIXELS = 60_000_000
MOST_UNPACKED = 64 * 1024 * 1024


@dataclass(frozen=True)
class Kind:
    """A kind of file: its name, its media type, and how a copy without metadata is made of it."""

    name: str
    media_type: str
    strip: Callable[[bytes], bytes]


def kind_of(content: bytes) -> Kind | None:
    """The kind that the content is of, whatever its name says."""
    for begin, name in ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"%PDF-", "PDF")):
        if content.startswith(begin):
            return _KINDS[name]
    if content.startswith((b"II*\0", b"MM\0*")):
        return _KINDS["TIFF"]
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _KINDS["WebP"]
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return _KINDS["text"] if content and not re.search(r"[\x00-\x08\x0e-\x1f]", text) else None


def _office(content: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError):
        return None
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
        return None  # macros and programs are no evidence
    if "word/document.xml" in names:
        return _KINDS["DOCX"]
    return _KINDS["XLSX"] if "xl/workbook.xml" in names else None


# -- pictures ----------------------------------------------------------------------------------------------------------


def _picture(form: str) -> Callable[[bytes], bytes]:
    def strip(content: bytes) -> bytes:
        from PIL import Image, ImageOps

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(io.BytesIO(content), formats=[form]) as opened:
                    if opened.width * opened.height > MOST_PIXELS:
                        raise UnusableInput.one("file", f"has more than {MOST_PIXELS} pixels.", fix="Make it smaller.")
                    turned = ImageOps.exif_transpose(opened)  # so that it stands upright without its EXIF
                    mode = "RGB" if form == "JPEG" else "RGBA" if "A" in turned.getbands() else "RGB"
                    pixels = turned.convert(mode)
                    clean = Image.frombytes(mode, pixels.size, pixels.tobytes())
            out = io.BytesIO()
            clean.save(out, form, **({"quality": 92} if form in ("JPEG", "WEBP") else {}))
        except UnusableInput:
            raise
        except Exception as error:  # the package raises whatever the broken part made it raise
            raise UnusableInput.one("file", f"is no whole {form} picture: {error}.", fix="Save it again.") from None
        return out.getvalue()

    return strip


# -- PDF ---------------------------------------------------------------------------------------------------------------

# Entries of PDF dictionaries that tell of people, programs and times, or that do something when a page is opened.
_PDF_TOLD = (
    "/Metadata", "/PieceInfo", "/LastModified", "/OpenAction", "/AA", "/JavaScript", "/EmbeddedFiles", "/AF", "/Names",
    "/T", "/M", "/CreationDate", "/ModDate", "/Author", "/Creator", "/Producer", "/Thumb", "/Perms", "/StructTreeRoot",
)  # fmt: skip


def _pdf(content: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise UnusableInput.one("file", "is an encrypted PDF.", fix="Save it without a password.")
        writer = PdfWriter()
        for page in reader.pages:
            added = writer.add_page(page)
            for key in ("/Annots", "/Metadata", "/PieceInfo", "/AA", "/Thumb"):
                added.pop(NameObject(key), None)
        writer.metadata = None
        for found in [writer.root_object, *writer._objects]:
            if isinstance(found, DictionaryObject):
                for key in _PDF_TOLD:
                    found.pop(NameObject(key), None)
            if isinstance(found, StreamObject) and found.get("/Filter") == "/DCTDecode":
                found._data = without_segments(found._data)
        out = io.BytesIO()
        writer.write(out)
    except UnusableInput:
        raise
    except Exception as error:  # the package raises whatever the broken part made it raise
        raise UnusableInput.one("file", f"is no whole PDF: {error}.", fix="Print it to a PDF again.") from None
    return out.getvalue()


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG stream without its APP1 to APP13 and comment segments (ITU-T T.81, B.1.1.4); pixels are untouched."""
    out, place = bytearray(jpeg[:2]), 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF and jpeg[place + 1] != 0xDA:
        length = int.from_bytes(jpeg[place + 2 : place + 4]) + 2
        marker = jpeg[place + 1]
        if not (0xE1 <= marker <= 0xED or marker == 0xFE):
            out += jpeg[place : place + length]
        place += length
    return bytes(out) + jpeg[place:]


# -- Office ------------------------------------------------------------------------------------------------------------

_EMPTY_PART = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
# Names, initials and accounts of authors in attributes and elements; paths of the machine that a file was saved on.
_TOLD = (
    (
        re.compile(rb'((?:\b\w+:)?(?:author|initials|userId|providerId|displayName|lastEditedBy|userName)=")[^"]*(")'),
        rb"\1\2",
    ),
    (re.compile(rb"(<(?:\w+:)?author>)[^<]*(</)"), rb"\1\2"),
    (re.compile(rb'(absPath\b[^>]*?\burl=")[^"]*(")'), rb"\1\2"),
)
_INSIDE = {".jpeg": "JPEG", ".jpg": "JPEG", ".png": "PNG", ".tiff": "TIFF", ".tif": "TIFF"}


def _package(content: bytes) -> bytes:
    """An Office Open XML file with empty properties, authors without names, and its pictures stripped."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            if sum(item.file_size for item in given.infolist()) > MOST_UNPACKED:
                what = f"is larger than {MOST_UNPACKED >> 20} MB when unpacked."
                raise UnusableInput.one("file", what, fix="Send it as a PDF.")
            for item in given.infolist():
                part = _EMPTY_PART.get(item.filename)
                if part is None:
                    part = _part(item.filename, given.read(item))
                made.writestr(zipfile.ZipInfo(item.filename), part, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnusableInput.one("file", f"is no whole Office file: {error}.", fix="Save it again.") from None
    return out.getvalue()


def _part(name: str, content: bytes) -> bytes:
    ending = name[name.rfind(".") :].lower()
    if name.startswith("docProps/"):
        return b""  # a thumbnail
    if ending in _INSIDE:
        kind = kind_of(content)
        return kind.strip(content) if kind and kind.name in _INSIDE.values() else b""
    if ending == ".xml":
        for pattern, blank in _TOLD:
            content = pattern.sub(blank, content)
    return content


def _text(content: bytes) -> bytes:
    return content


KINDS: tuple[Kind, ...] = (
    Kind("JPEG", "image/jpeg", _picture("JPEG")),
    Kind("PNG", "image/png", _picture("PNG")),
    Kind("TIFF", "image/tiff", _picture("TIFF")),
    Kind("WebP", "image/webp", _picture("WEBP")),
    Kind("PDF", "application/pdf", _pdf),
    Kind("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _package),
    Kind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _package),
    Kind("text", "text/plain", _text),
)
_KINDS: dict[str, Kind] = {kind.name: kind for kind in KINDS}
