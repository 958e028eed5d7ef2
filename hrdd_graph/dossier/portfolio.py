"""A list of suppliers against the graph: who is surely meant, who may be, and whom nobody has looked at.

Nothing is merged. A sure match is linked, an unsure one is listed with its reasons for a person to decide, and a name
that leads nowhere says only that this view holds nothing under it. Unnamed, collective and pseudonymous parties are
not in the directory (see ``hrdd_graph.matching.graph``), so that no line can lead to one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

from hrdd_graph.dossier.model import Match, Named, Supplier
from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.intake.tables import Row, heading, open_table, sheet_names
from hrdd_graph.labels import labels_for
from hrdd_graph.matching.directory import SURE, Candidate, Directory
from hrdd_graph.matching.names import folded
from hrdd_graph.matching.score import Profile
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

MOST_LINES = 5_000
MOST_UNPACKED = 64 * 1024 * 1024  # bytes; a list of 5,000 names needs less than one
MOST_IN_A_NAME = 300  # characters
UNSURE = 0.7  # from here on a likeness is worth a person's look
SHOWN = 3  # candidates of an unsure line
# Headers of the columns that are read, in the languages of the reports, as people write them.
HEADERS = {
    "name": (
        "name", "supplier", "supplier name", "company", "company name", "factory", "factory name", "facility",
        "facility name", "firm", "nom", "fournisseur", "entreprise", "nombre", "proveedor", "empresa", "nome",
        "fornecedor", "lieferant", "firma", "unternehmen", "name des lieferanten",
    ),
    "country": ("country", "country code", "pays", "país", "pais", "land", "land des sitzes"),
    "lei": ("lei", "lei code"),
    "wikidata": ("wikidata", "wikidata id"),
    "os-id": ("os id", "os-id", "os_id", "open supply hub id"),
}  # fmt: skip


def read_portfolio(path: Path, encoding: str | None = None, most: int = MOST_LINES) -> tuple[Row, ...]:
    """The lines of a CSV or XLSX file that hold a name; cells are under the names of ``HEADERS``.

    Raises ``UnusableInput`` where the file is no table, has no column of names, or has more than ``most`` lines.
    """
    _unpacked(path)
    meaning = {heading(word): name for name, words in HEADERS.items() for word in words}
    for sheet in sheet_names(path):
        table = open_table(path, sheet, meaning, encoding)
        if table is None or "name" not in {meaning.get(text) for text in table.headers.values()}:
            continue
        if table.repeated:
            what = f'has the header "{table.repeated}" twice.'
            raise UnusableInput.one(path, what, line=table.header_row, fix="Take one away, or give it another header.")
        found: list[Row] = []
        problems: list[Problem] = []
        for row in table.rows():
            cells = {meaning[text]: value for text, value in reversed(row.cells.items()) if text in meaning and value}
            if len(found) >= most:
                raise UnusableInput.one(
                    path, f"holds more than {most} lines.", line=row.number, fix="Split the list into several files."
                )
            if row.problem:
                problems.append(Problem(str(path), row.number, "", row.problem, "Mend the line."))
            elif "name" not in cells:
                problems.append(Problem(str(path), row.number, "", "has no name.", "Give each line a name."))
            elif len(cells["name"]) > MOST_IN_A_NAME:
                problems.append(Problem(str(path), row.number, "", "has a name that is no name.", "Shorten it."))
            else:
                found.append(Row(row.sheet, row.number, cells))
        if problems:
            raise UnusableInput(problems[:20])
        if not found:
            raise UnusableInput.one(path, "holds a header and no lines.", fix="Write one supplier a line.")
        return tuple(found)
    raise UnusableInput.one(
        path,
        "has no column of names: no header says name, supplier, company or factory.",
        fix="Write a header such as `name,country` above the lines.",
    )


def _unpacked(path: Path) -> None:
    """Refuse a workbook that is far larger than it looks, before any of it is read."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
        if size > MOST_UNPACKED:
            raise UnusableInput.one(
                path, f"holds {size >> 20} MB when unpacked; at most {MOST_UNPACKED >> 20} are read.", fix="Send CSV."
            )


def matched(view: View, directory: Directory, rows: Iterable[Row], language: str) -> tuple[Supplier, ...]:
    """Each line with the organisations that it may mean, and whether one of them is surely meant."""
    found = [(row, _candidates(directory, row)) for row in rows]
    say = labels_for(view, {Iri(c.entry.iri) for _, candidates in found for c in candidates}, language)
    return tuple(
        Supplier(
            row.number,
            row.cells["name"],
            row.cells.get("country", ""),
            "sure" if candidates and candidates[0].match else "unsure" if candidates else "unmatched",
            tuple(_match(candidate, say(Iri(candidate.entry.iri))) for candidate in candidates),
        )
        for row, candidates in found
    )


def _candidates(directory: Directory, row: Row) -> list[Candidate]:
    """The one that is surely meant, or those that may be."""
    name = directory.forms.name(row.cells["name"])
    identifiers = {(scheme, row.cells[scheme]) for scheme in ("lei", "wikidata", "os-id") if scheme in row.cells}
    if not name.folded and not identifiers:
        return []
    country = _country(directory, row.cells.get("country", ""))
    profile = Profile((name,) if name.folded else (), country, "", frozenset(identifiers))
    found = directory.find(profile, kinds=("Organisation",), limit=SHOWN)
    if found and found[0].match and _agrees(found[0]):
        return found[:1]
    # What is not sure for us is not sure, whatever the score says.
    return [Candidate(c.entry, c.likeness) for c in found if c.likeness.score >= UNSURE]


def _agrees(candidate: Candidate) -> bool:
    """Whether a match stands on a shared identifier or on the whole name, and nothing speaks against it.

    That one name is part of the other ("Adidas" and "Adidas Traders Sialkot") is for a person to judge.
    """
    features = candidate.likeness.features
    if "identifier" in features:
        return True
    whole = max(features.get(name, 0.0) for name in ("equal", "spelling", "words"))
    return whole >= SURE and features.get("country", 1.0) == 1.0 and features.get("name numbers", 1.0) == 1.0


def _country(directory: Directory, text: str) -> str:
    """The two letters of a country named by code or name; empty where it is not known."""
    short = text.strip()
    if len(short) == 2 and f"{PREFIXES['country']}{short.upper()}" in directory.by_iri:
        return short.lower()
    if not folded(short):
        return ""
    found = directory.find(Profile((directory.forms.name(short),)), kinds=("Country",), limit=1)
    return found[0].entry.iri.removeprefix(PREFIXES["country"]).lower() if found and found[0].match else ""


def _match(candidate: Candidate, label: str) -> Match:
    likeness = candidate.likeness
    features = tuple((name, round(value, 2)) for name, value in sorted(likeness.features.items()))
    return Match(Named(candidate.entry.iri, label), likeness.score, features, likeness.nearest[1])
