"""From what was sent to statements: RDF, a case sheet, a table through a profile, or a party's own word.

Everything that is read lands in one graph, the submission's own, under addresses of ours. Nothing that is sent is used
as a file's name or fetched from anywhere.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hrdd_graph.errors import UnusableInput
from hrdd_graph.evidence.dates import bounds, ends_of, record_days
from hrdd_graph.evidence.sheet import read_sheet
from hrdd_graph.facts import Facts
from hrdd_graph.intake.links import Decisions
from hrdd_graph.intake.outcome import document
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.run import run_import
from hrdd_graph.intake.save import Saved
from hrdd_graph.namespaces import GRAPHS, HRDD, IDS, PREFIXES
from hrdd_graph.ontology import CONTEXT_IRI, read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.scratch import scratch_folder
from hrdd_graph.submissions.letter import Letter
from hrdd_graph.submissions.nested import with_addresses
from hrdd_graph.submissions.who import check_known, named
from hrdd_graph.terms import Iri, Literal, Quad, RdfFormat, Triple, parse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RDF = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
}
TABLES = {"text/csv": ".csv", "text/tab-separated-values": ".tsv", XLSX: ".xlsx"}
SHEETS = ("application/yaml", "application/x-yaml", "text/yaml")
MEDIA_TYPES = (*RDF, *SHEETS, *TABLES)
MOST_UNPACKED = 64 * 1024 * 1024  # of a workbook that comes over HTTP: 16 times what an incident sheet of 10,000 has
_PROLOGUE = 4096  # bytes of an XML part in which a document type would stand
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DEEPEST = 60  # levels of a JSON document
_DAY = Iri("http://www.w3.org/2001/XMLSchema#date")
_XSD_STRING_DATES = ("start", "end", "date")


@dataclass(frozen=True)
class Readout:
    """Statements in the submission's graph, what the reader says of rows, and the title and licence found inside."""

    quads: tuple[Quad, ...]
    rows: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    licence: str = ""


def graph_of(submission: str) -> str:
    """The address of a submission's graph. It is random, and tells neither when it came nor from whom."""
    return f"{GRAPHS}submission-{submission}"


def read(
    content: bytes,
    media_type: str,
    submission: str,
    letter: Letter,
    resources: Resources,
    readable: frozenset[str],
    decisions: Decisions | None = None,
) -> Readout:
    """Read what was sent; a table may point into the ``readable`` restricted graphs.

    ``decisions`` are a person's on who is who in a table, as ``submissions.who`` reads them.

    Raises ``UnusableInput`` where it cannot be read, or holds nothing that can be kept.
    """
    if media_type in RDF:
        return Readout(tuple(_statements(content, media_type, submission, resources)))
    with file_of(content, media_type) as path:
        if media_type in SHEETS:
            return Readout(tuple(_sheet(path, submission, resources)))
        return _table(path, submission, letter, resources, readable, decisions or {})


# -- RDF ---------------------------------------------------------------------------------------------------------------


def _statements(content: bytes, media_type: str, submission: str, resources: Resources) -> list[Quad]:
    if media_type == "application/ld+json":
        content = _with_context(content, resources)
    try:
        found = list(parse(content, format=RDF[media_type], base_iri=IDS))
    except (SyntaxError, ValueError, OSError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 0
        what = f"cannot be read as {media_type}: {getattr(error, 'msg', None) or error}."
        raise UnusableInput.one(
            "data", what, line=line, fix="Mend the syntax at this place; it must be UTF-8."
        ) from None
    graph = Iri(graph_of(submission))
    triples = with_addresses(quad.triple for quad in found)
    return [Quad(t.subject, t.predicate, t.object, graph) for t in [*triples, *_days(triples)]]


def _with_context(content: bytes, resources: Resources) -> bytes:
    """JSON-LD with our own context written out; no other is fetched."""
    try:
        tree = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnusableInput.one("data", f"is not JSON in UTF-8: {error}.", fix="Send it as UTF-8.") from None
    if _depth(tree) > _DEEPEST:
        raise UnusableInput.one("data", f"is nested more than {_DEEPEST} levels deep.", fix="Send a flat @graph.")
    own = read_vocabulary(resources.ontology / "hrdd.ttl").context()

    def ours(context: Any) -> Any:
        if isinstance(context, list):
            return [ours(each) for each in context]
        return own if context in (CONTEXT_IRI, "/context.jsonld") else context

    for node in tree if isinstance(tree, list) else [tree]:
        if isinstance(node, dict) and "@context" in node:
            node["@context"] = ours(node["@context"])
    return json.dumps(tree).encode()


def _depth(tree: Any) -> int:
    deepest, todo = 0, [(tree, 1)]
    while todo:
        node, level = todo.pop()
        deepest = max(deepest, level)
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        if level <= _DEEPEST:
            todo += [(each, level + 1) for each in inner]
    return deepest


def _days(triples: Iterable[Triple]) -> list[Triple]:
    """The first and last days on which each record can have begun and ended, as a case sheet's reader adds them."""
    facts = Facts(triples)
    found: list[Triple] = []
    records = dict.fromkeys(subject for subject, _ in facts.pairs(HRDD.statedIn))
    for record in records:
        written = {name: facts.text(record, HRDD[name]) for name in _XSD_STRING_DATES}
        issued = next((facts.text(s, HRDD.issued) for s in facts.objects(record, HRDD.statedIn)), "")
        try:
            begun, ended = (bounds(text) if text else None for text in ends_of(written))
            days = record_days(begun, ended, bounds(issued) if issued else None)
        except ValueError as error:
            where = str(record)
            raise UnusableInput.one(
                "data", str(error), path=where, fix="Write the date as the source gives it."
            ) from None
        found += [
            Triple(record, HRDD[name], Literal(day.isoformat(), datatype=_DAY))
            for name, day in days.items()
            if not facts.objects(record, HRDD[name])
        ]
    return found


# -- sheets and tables -------------------------------------------------------------------------------------------------


@contextmanager
def file_of(content: bytes, media_type: str) -> Iterator[Path]:
    """A sheet or table as a file, in a folder for work that is thrown away; a workbook is checked beforehand.

    The file's own name may tell who sent it, so that it has another here, which problems do not name.
    """
    with scratch_folder() as folder:
        path = folder / f"submission{TABLES.get(media_type, '.yaml')}"
        path.write_bytes(content)
        try:
            if media_type == XLSX:
                _check_workbook(path)
            yield path
        except UnusableInput as error:
            raise _of_the_data(error, folder) from None


def _sheet(path: Path, submission: str, resources: Resources) -> list[Quad]:
    sheet = read_sheet(path, read_vocabulary(resources.ontology / "hrdd.ttl"))
    graph = Iri(graph_of(submission))
    return [Quad(q.subject, q.predicate, q.object, graph) for q in sheet.quads()]


def _table(
    path: Path,
    submission: str,
    letter: Letter,
    resources: Resources,
    readable: frozenset[str],
    decisions: Decisions,
) -> Readout:
    called = graph_of(submission).removeprefix(GRAPHS)
    about = {"title": letter.title, "licence": letter.licence, "issued": letter.issued}
    given = {key: value for key, value in about.items() if value}
    saved = path.with_name("saved")
    profile = read_profile(resources, letter.profile)
    told = named(decisions, called)
    result = run_import(
        profile, path, resources, name=called, about=given, restricted=True, into=saved, readable=readable,
        decisions=told,
    )  # fmt: skip
    check_known(told, {(link.party, link.candidate) for link in result.links})
    rows = document(result)
    if result.saved is None:
        problems = [reason for row in rows["rows"] for reason in row["reasons"]]
        first = problems[0]["what"] if problems else ""
        raise UnusableInput.one("data", f"holds no row that can be kept. {first}", fix="Try `hrdd import --dry-run`.")
    facts = Facts(q for q in parse(path=str(Saved(saved, called).entry), format=RdfFormat.TURTLE))
    title = next(iter(facts.pairs(Iri(PREFIXES["dcterms"] + "title"))), (None, None))[1]
    licence = next(iter(facts.pairs(Iri(PREFIXES["dcterms"] + "license"))), (None, None))[1]
    return Readout(
        tuple(Saved(saved, called).quads()), rows, title.value if title else "", licence.value if licence else ""
    )


def _check_workbook(path: Path) -> None:
    """Refuse a workbook that unpacks to more than a server should read, or whose parts declare entities."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            for item in archive.infolist() if unpacked <= MOST_UNPACKED else ():
                with archive.open(item) as part:
                    start = part.read(_PROLOGUE)
                if b"<!DOCTYPE" in start or (item.filename.endswith((".xml", ".rels")) and start[:2] in _UTF_16):
                    what = f"has a part ({item.filename}) that declares a document type or is not UTF-8."
                    raise UnusableInput.one("data", what, fix="Save it again as .xlsx with a spreadsheet program.")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise UnusableInput.one("data", f"is no workbook: {error}.", fix="Save it again as .xlsx.") from None
    if unpacked > MOST_UNPACKED:
        what = f"holds {unpacked >> 20} MB when unpacked; at most {MOST_UNPACKED >> 20} MB are read."
        raise UnusableInput.one("data", what, fix="Send the rows as CSV, in parts.")


def _of_the_data(error: UnusableInput, folder: Path) -> UnusableInput:
    """The same problems, without the name of a file that the sender never saw."""
    from dataclasses import replace

    return UnusableInput(
        replace(p, where="data" if p.where.startswith(str(folder)) else p.where, what=p.what.replace(f"{folder}/", ""))
        for p in error.problems
    )


# -- a party's own word ------------------------------------------------------------------------------------------------


def statement_sheet(submission: str, *, party: str, about: str, text: str, day: date, title: str) -> bytes:
    """A case sheet with a party's statement on a record: the party's own word, of equal standing."""
    name = graph_of(submission).removeprefix(GRAPHS)
    source = f"source/{name}"
    sheet = {
        "@context": CONTEXT_IRI,
        "id": graph_of(submission),
        "statedIn": source,
        "hasStatus": "Reported",
        "records": [
            {"id": source, "type": "Source", "label": title, "issued": day.isoformat(), "locator": "whole text"},
            {
                "id": f"response/{name}",
                "type": "Statement",
                "label": title,
                "ofParty": party,
                "takenBy": party,
                "respondsTo": about,
                "result": text,
                "date": day.isoformat(),
                "locator": "whole text",
            },
        ],
    }
    return json.dumps(sheet, ensure_ascii=False).encode()
