"""The copy of a file that is published: nothing in it tells who made it, when, where or with what."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from hrdd_graph.errors import UnusableInput
from hrdd_graph.submissions.stripping import kind_of, without_segments

SECRET = "Zephyrquartz"


def jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = exif[0x8298] = SECRET  # description, artist, copyright
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"  # a place
    out = io.BytesIO()
    Image.effect_noise((40, 20), 50).convert("RGB").save(out, "JPEG", exif=exif, comment=SECRET.encode())
    return out.getvalue()


def png() -> bytes:
    told = PngInfo()
    told.add_text("Author", SECRET)
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (200, 10, 10, 128)).save(out, "PNG", pnginfo=told)
    return out.getvalue()


def tiff() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "TIFF", tiffinfo={315: SECRET})
    return out.getvalue()


def webp() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = SECRET
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "WEBP", exif=exif)
    return out.getvalue()


def pdf() -> bytes:
    picture = io.BytesIO()
    Image.open(io.BytesIO(jpeg())).save(picture, "PDF")
    writer = PdfWriter(clone_from=io.BytesIO(picture.getvalue()))
    writer.add_metadata({"/Author": SECRET, "/Producer": SECRET})
    writer.xmp_metadata = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{SECRET}</x:xmpmeta>'.encode()
    writer.add_attachment("notes.txt", SECRET.encode())
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(SECRET)}
    )
    writer.root_object[NameObject("/OpenAction")] = action
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = SECRET
    book.active["A1"] = "what was seen"
    book.active["A1"].comment = Comment("a remark", SECRET)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr(
            "word/document.xml", f'<w:document><w:ins w:id="1" w:author="{SECRET}"><w:t>seen</w:t></w:ins></w:document>'
        )
        made.writestr(
            "word/comments.xml", f'<w:comments><w:comment w:author="{SECRET}" w:initials="{SECRET}"/></w:comments>'
        )
        made.writestr("docProps/core.xml", f"<dc:creator>{SECRET}</dc:creator>")
        made.writestr("docProps/app.xml", f"<Company>{SECRET}</Company>")
        made.writestr("word/media/image1.jpeg", jpeg())
    return out.getvalue()


def everything_in(content: bytes) -> bytes:
    """The content with whatever is packed in it unpacked."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        found = [str(reader.metadata).encode(), str(reader.trailer).encode()]
        for number in range(1, len(reader.xref[0]) + 20):
            try:
                held = reader.get_object(number)
            except Exception:
                continue
            found.append(str(held).encode() + bytes(getattr(held, "_data", b"")))
        return content + b"".join(found)
    return content


@pytest.mark.parametrize("make", [jpeg, png, tiff, webp, pdf, xlsx, docx], ids=lambda make: make.__name__)
def test_the_published_copy_tells_nothing_of_its_maker(make: object) -> None:
    assert callable(make)
    sent = make()
    kind = kind_of(sent)
    assert kind is not None
    assert SECRET.encode() in everything_in(sent), "the file tells of its maker before"
    published = kind.strip(sent)
    assert SECRET.encode() not in everything_in(published)
    again = kind_of(published)
    assert again is not None
    assert again.name == kind.name


def test_a_picture_stands_upright_and_shows_the_same() -> None:
    kind = kind_of(jpeg())
    assert kind is not None
    with Image.open(io.BytesIO(kind.strip(jpeg()))) as picture:
        assert picture.size == (20, 40)
        assert not picture.getexif()
        assert "comment" not in picture.info


def test_the_cells_of_a_workbook_stay() -> None:
    kind = kind_of(xlsx())
    assert kind is not None
    book = openpyxl.load_workbook(io.BytesIO(kind.strip(xlsx())))
    assert book.active["A1"].value == "what was seen"
    assert book.active["A1"].comment.text == "a remark"


def test_what_a_file_is_is_told_by_its_content() -> None:
    assert kind_of(b"MZ\x90\0 a program that calls itself photo.jpg") is None
    assert kind_of(b"") is None
    assert kind_of("Ein Brief".encode("utf-16")) is None
    program = io.BytesIO()
    with zipfile.ZipFile(program, "w") as made:
        made.writestr("word/document.xml", "<x/>")
        made.writestr("word/vbaProject.bin", "macros")
    assert kind_of(program.getvalue()) is None


@pytest.mark.parametrize("make", [jpeg, png, pdf, xlsx], ids=lambda make: make.__name__)
@pytest.mark.parametrize("kept", [0.3, 0.8])
def test_half_a_file_is_refused_and_never_published_as_it_is(make: object, kept: float) -> None:
    assert callable(make)
    whole = make()
    half = whole[: int(len(whole) * kept)]
    kind = kind_of(half)
    if kind is not None:
        try:
            published = kind.strip(half)
        except UnusableInput:
            return
        assert SECRET.encode() not in everything_in(published)


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    kind = kind_of(out.getvalue())
    assert kind is not None
    with pytest.raises(UnusableInput):
        kind.strip(out.getvalue())


def test_segments_go_and_pixels_stay() -> None:
    before = jpeg()
    after = without_segments(before)
    assert SECRET.encode() not in after
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
