"""Broken and hostile bodies end in a clear error, and nothing of them is kept."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest

from hrdd_graph.submissions.reading import XLSX
from tests.api.submissions.world import LETTER, World, report_of
from tests.conftest import ROOT


def workbook(parts: dict[str, bytes]) -> bytes:
    """The example workbook with some of its parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(ROOT / "data" / "profiles" / "spreadsheet" / "example.xlsx") as given,
        zipfile.ZipFile(out, "w") as made,
    ):
        for item in given.namelist():
            made.writestr(item, parts.get(item, given.read(item)), zipfile.ZIP_DEFLATED)
        for name in parts.keys() - set(given.namelist()):
            made.writestr(name, parts[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook of some 80 kB that unpacks to 80 MB."""
    return workbook({"xl/worksheets/sheet99.xml": b" " * 80_000_000})


def laughs() -> bytes:
    """Entities that stand for entities: a few hundred bytes that expand to gigabytes."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{entities}]><sst><si><t>&a9;</t></si></sst>'
    return workbook({"xl/sharedStrings.xml": text.encode()})


def external() -> bytes:
    """An entity that names a file of the server."""
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><sst><si><t>&f;</t></si></sst>'
    return workbook({"xl/sharedStrings.xml": text.encode()})


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "truncated-workbook": (XLSX, lambda: workbook({})[:2000]),
    "no-workbook": (XLSX, lambda: b"PK\x03\x04 nothing of the kind"),
    "bomb": (XLSX, bomb),
    "laughs": (XLSX, laughs),
    "external": (XLSX, external),
    "latin-csv": ("text/csv", lambda: "ID,Incident\n1,Löhne\n".encode("latin-1")),
    "binary-csv": ("text/csv", lambda: b"ID,Incident\n\x00\x01\x02"),
    "long-cell": ("text/csv", lambda: b"ID,Incident\n1," + b"x" * 9_000_000),
    "no-table": ("text/csv", lambda: b"hello\nworld\n"),
    "utf-16-turtle": ("text/turtle", lambda: report_of("u").encode("utf-16")),
    "deep-json": ("application/ld+json", lambda: b"[" * 100_000 + b"]" * 100_000),
    "deep-yaml": ("application/yaml", lambda: b"[" * 5_000),
    "yaml-aliases": ("application/yaml", lambda: b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nrecords: [*c,*c]\n"),
    "yaml-object": ("application/yaml", lambda: b"!!python/object/apply:os.system ['true']"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_ends_in_a_clear_error(world: World, name: str) -> None:
    media_type, make = HOSTILE[name]
    before = len(world.desk.log.lines())
    begun = time.process_time()
    answer = world.ask(
        "ngo", "POST", "/submissions", params=LETTER, content=make(), headers={"Content-Type": media_type}
    )
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "root:" not in answer.text
    assert str(ROOT) not in answer.text
    assert len(world.desk.log.lines()) == before
    assert time.process_time() - begun < 20


def test_a_body_that_is_too_large_or_of_another_type_is_refused(world: World) -> None:
    assert world.send(b"#" * 10_000_001).status_code == 413
    for media_type in ("application/rdf+xml", "text/html", "application/zip", ""):
        answer = world.ask(
            "ngo", "POST", "/submissions", params=LETTER, content=b"x", headers={"Content-Type": media_type}
        )
        assert answer.status_code == 415, media_type


def test_a_formula_is_text_and_stays_text(world: World) -> None:
    """A cell that would run in a spreadsheet program is kept as it was written, and goes out quoted."""
    text = report_of("formula").replace("Workers are paid less", "=HYPERLINK(1) workers are paid less")
    answer = world.send(text)
    assert answer.status_code == 202
    assert "=HYPERLINK(1)" in world.ask("curator", "GET", f"/submissions/{answer.json()['id']}.ttl").text
