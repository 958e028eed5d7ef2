"""From a table to a named graph: what is read, what is refused and why, and what a second import changes."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.build import build
from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.cells import slug
from hrdd_graph.intake.outcome import Outcome, Result
from hrdd_graph.intake.profile import Profile
from hrdd_graph.intake.profile_file import profiles, read_profile
from hrdd_graph.intake.repair import write_repair
from hrdd_graph.intake.run import run_import
from hrdd_graph.intake.tables import heading, open_table
from hrdd_graph.intake.template import vocabulary_lists, write_template
from hrdd_graph.kept_out import NAMED, KeptOut
from hrdd_graph.resources import Resources, open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.view import open_view

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "data" / "profiles" / "spreadsheet" / "example.xlsx"
PROFILES = [profile.name for profile in profiles(open_resources(ROOT))]


@pytest.fixture
def mine(tmp_path: Path) -> Resources:
    """The shipped knowledge base, with a folder of imports of one's own."""
    return Resources(ROOT, tmp_path / "imports")


@pytest.fixture(scope="session")
def spreadsheet() -> Profile:
    return read_profile(open_resources(ROOT), "spreadsheet")


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """The example with cells of a sheet written over: ``workbook("Incidents", {(3, "Status"): "Proven"})``."""

    def write(sheet: str, cells: dict[tuple[int, str], object], name: str = "incidents.xlsx") -> Path:
        book = openpyxl.load_workbook(EXAMPLE)
        page = book[sheet]
        columns = {heading(str(cell.value)): cell.column for cell in page[1] if cell.value}
        for (row, header), value in cells.items():
            page.cell(row, columns[heading(header)]).value = value
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def row_of(result: Result, sheet: str, row: int) -> Outcome:
    return next(each for each in result.outcomes if (each.sheet, each.row) == (sheet, row))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# -- profiles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROFILES)
def test_the_example_of_a_profile_makes_what_the_profile_expects(name: str, mine: Resources) -> None:
    profile = read_profile(mine, name)
    assert profile.example, "a profile shows an example"
    result = run_import(profile, profile.example, mine, about=profile.example_about, dry_run=True)
    assert {state: count for state, count in result.counts.items() if count} == profile.expected


# -- what an import says -----------------------------------------------------------------------------------------------


def test_an_imported_incident_is_found_by_the_rule_on_certificates(mine: Resources, spreadsheet: Profile) -> None:
    run_import(spreadsheet, EXAMPLE, mine, name="incidents")
    store = EmbeddedStore.in_memory()
    build(mine, store)
    view = open_view(store)
    rows = view.select(
        "PREFIX hrdd: <https://w3id.org/hrdd-graph/ontology#> SELECT ?locator ?raw ?status WHERE {"
        " <https://w3id.org/hrdd-graph/id/abuse/incidents-i1> hrdd:locator ?locator ; hrdd:raw ?raw ;"
        " hrdd:hasStatus ?status"
        ' FILTER ( STRSTARTS(?raw, "Country") ) }'
    ).rows
    assert [[term.value for term in row if term] for row in rows] == [
        ["example.xlsx, Incidents#row=3", "Country: NA", "https://w3id.org/hrdd-graph/ontology#Documented"]
    ]


def test_the_same_file_twice_changes_nothing(mine: Resources, spreadsheet: Profile) -> None:
    run_import(spreadsheet, EXAMPLE, mine)
    before = {path: path.read_bytes() for path in files_in(mine.imports)}
    again = run_import(spreadsheet, EXAMPLE, mine)
    assert {path: path.read_bytes() for path in files_in(mine.imports)} == before
    assert again.counts["unchanged"] == len(again.outcomes) == 9


def test_a_row_that_changed_is_told_from_one_that_only_moved(
    mine: Resources, spreadsheet: Profile, workbook: Callable[..., Path]
) -> None:
    run_import(spreadsheet, EXAMPLE, mine, name="incidents")
    book = openpyxl.load_workbook(workbook("Incidents", {(3, "Status"): "Contested"}))
    book["Parties"].insert_rows(3)
    book.save(path := mine.imports.parent / "moved.xlsx")
    result = run_import(spreadsheet, path, mine, name="incidents")
    assert row_of(result, "Incidents", 3).state == "changed"
    assert row_of(result, "Parties", 4).state == "unchanged"
    assert result.counts == {"new": 0, "changed": 1, "unchanged": 8, "repeated": 0, "refused": 0}


def test_what_a_later_file_leaves_out_is_kept(mine: Resources, spreadsheet: Profile, tmp_path: Path) -> None:
    run_import(spreadsheet, EXAMPLE, mine, name="incidents")
    book = openpyxl.load_workbook(EXAMPLE)
    book["Remedies"].delete_rows(3)
    book.save(tmp_path / "less.xlsx")
    result = run_import(spreadsheet, tmp_path / "less.xlsx", mine, name="incidents")
    assert result.kept == 1
    assert result.saved
    assert b"/id/response/incidents-r1>" in gzip.decompress(result.saved.read_bytes())


# -- what is refused ---------------------------------------------------------------------------------------------------

BAD_CELLS = [
    ("Status", "Proven", "Status", "no RecordStatus"),
    ("Start", "05/06/2024", "Start", "may be 2024-06-05 or 2024-05-06"),
    ("Start", "25/06/2024", "Start", '"25/06/2024" is 2024-06-25. Write it so'),
    ("Start", "13/25/2024", "Start", '"13/25/2024" is no day of the calendar.'),
    ("Start", "05/05/2024", "Start", '"05/05/2024" is 2024-05-05.'),
    ("People affected", "María Quispe Huamán", "People affected", "called as a person is"),
    ("Description", "Llamar a Rosa al 987 654 321", "Description", "a telephone number"),
    ("Country", "Atlantis", "Country", "no Country"),
    ("Rights", "", "Rights", "is empty"),
    ("Part in it", "", "Part in it", "exactly one mode"),
    ("Party involved", "P9", "Party involved", "organisation/incidents-p9, which nothing describes"),
    ("Place in the evidence", "", "Place in the evidence", "says where"),
    ("What happened", "Ring +44 20 7946 0958 for names", "What happened", "telephone number"),
    ("End", "2001", "", "ends (2001) before it starts"),
]


def test_what_two_rows_share_is_not_kept_where_it_may_not_be_published(
    mine: Resources, spreadsheet: Profile, workbook: Callable[..., Path]
) -> None:
    """The second row has nothing wrong but the name that the first one has too."""
    rows = {(row, "People affected"): "María Quispe Huamán" for row in (3, 4)}
    result = run_import(spreadsheet, workbook("Incidents", {**rows, (3, "Status"): "Reported"}), mine)
    for row in (3, 4):
        assert "called as a person is" in str(row_of(result, "Incidents", row).reasons[0])
    assert result.saved
    assert b"Quispe" not in gzip.decompress(result.saved.read_bytes())


@pytest.mark.parametrize(("header", "value", "column", "what"), BAD_CELLS, ids=[case[0] for case in BAD_CELLS])
def test_a_bad_cell_refuses_its_row_and_is_named(
    header: str, value: str, column: str, what: str,
    mine: Resources, spreadsheet: Profile, workbook: Callable[..., Path],
) -> None:  # fmt: skip
    result = run_import(spreadsheet, workbook("Incidents", {(3, header): value or None}), mine)
    refused = [outcome for outcome in result.outcomes if outcome.state == "refused"]
    assert [(outcome.sheet, outcome.row) for outcome in refused] == [("Incidents", 3)]
    assert any(reason.column == column and what in reason.what for reason in refused[0].reasons), refused[0].reasons
    assert result.counts["new"] == 8


@pytest.mark.parametrize("processes", [1, 2])
def test_a_row_that_names_somebody_to_be_kept_out_is_refused(
    processes: int, mine: Resources, spreadsheet: Profile, workbook: Callable[..., Path]
) -> None:
    path = workbook("Incidents", {(3, "Description"): "Told by Rosa MAMANI, a day labourer."})
    result = run_import(spreadsheet, path, mine, kept_out=KeptOut.listed("Rosa Mamaní"), processes=processes)
    (reason,) = row_of(result, "Incidents", 3).reasons
    assert (reason.column, reason.what) == ("Description", NAMED)
    assert result.saved
    saved = [path.read_bytes() for path in files_in(mine.imports)]
    texts = [gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content for content in saved]
    assert not any(b"mamani" in text.lower() for text in texts)
    unlisted = run_import(spreadsheet, path, mine, name="unlisted")
    assert row_of(unlisted, "Incidents", 3).state == "new", "without the list it would have been kept"


def test_a_row_that_rests_on_a_refused_one_is_refused_too(
    mine: Resources, spreadsheet: Profile, workbook: Callable[..., Path]
) -> None:
    result = run_import(spreadsheet, workbook("Incidents", {(4, "Status"): "Proven"}), mine)
    assert row_of(result, "Remedies", 3).reasons[0].column == "Incident"
    assert result.counts["refused"] == 2


def test_two_rows_of_one_key_must_say_the_same(
    mine: Resources, spreadsheet: Profile, workbook: Callable[..., Path]
) -> None:
    result = run_import(spreadsheet, workbook("Incidents", {(4, "Incident ID"): "i1"}), mine)
    assert "row 3 says something else" in row_of(result, "Incidents", 4).reasons[0].what


def test_strict_and_dry_runs_write_nothing(
    mine: Resources, spreadsheet: Profile, workbook: Callable[..., Path]
) -> None:
    run_import(spreadsheet, workbook("Incidents", {(3, "Status"): "Proven"}), mine, strict=True)
    run_import(spreadsheet, EXAMPLE, mine, dry_run=True)
    assert files_in(mine.imports) == []


def test_an_import_never_takes_the_name_of_another_graph(mine: Resources, spreadsheet: Profile) -> None:
    with pytest.raises(UnusableInput, match="is the name of another graph"):
        run_import(spreadsheet, EXAMPLE, mine, name="nieri-2016")


def test_the_repair_workbook_marks_the_cell_and_can_be_imported_once_mended(
    mine: Resources, spreadsheet: Profile, workbook: Callable[..., Path], tmp_path: Path
) -> None:
    path = workbook("Incidents", {(3, "Status"): "Proven", (4, "Description"): "=1+1"})
    result = run_import(spreadsheet, path, mine, dry_run=True)
    write_repair(path, spreadsheet, result, out := tmp_path / "repair.xlsx")
    book = openpyxl.load_workbook(out)
    page = book["Incidents"]
    column = next(cell.column for cell in page[1] if cell.value == "Status *")
    assert "no RecordStatus" in page.cell(3, column).comment.text
    assert page.cell(3, column).fill.fgColor.rgb == "FFFFC7CE"
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    page.cell(3, column).value = "Reported"
    book.save(out)
    assert run_import(spreadsheet, out, mine, dry_run=True).counts["refused"] == 0


def test_refused_records_of_json_lines_are_listed_with_the_reason_and_run_no_formula(
    mine: Resources, tmp_path: Path
) -> None:
    profile = read_profile(mine, "followthemoney")
    assert profile.example
    path = tmp_path / "firms.jsonl"
    properties = {"owner": ["co-7"], "asset": ["co-1"], "startDate": ["=1+1"]}
    wrong = json.dumps({"id": "ow-9", "schema": "Ownership", "properties": properties}) + "\n"
    path.write_text(profile.example.read_text(encoding="utf-8") + wrong, encoding="utf-8")
    result = run_import(profile, path, mine, about=profile.example_about, dry_run=True)
    write_repair(path, profile, result, out := tmp_path / "refused.csv")
    with out.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["Place"] == "firms.jsonl#line=8,9"
    assert row["Key"] == "ow-9"
    assert '"=1+1" is not EDTF' in row["What is wrong"]
    assert "'=1+1" in row.values()
    with pytest.raises(UnusableInput, match=r"ends in \.csv"):
        write_repair(path, profile, result, tmp_path / "refused.xlsx")


def test_a_profile_that_reads_no_tables_has_no_workbook_but_an_example(mine: Resources, tmp_path: Path) -> None:
    bods = read_profile(mine, "bods")
    with pytest.raises(UnusableInput, match=r"bods reads JSON as it is published.*firms.json --profile bods"):
        write_template(bods, vocabulary_lists(mine), tmp_path / "firms.xlsx")
    write_template(bods, vocabulary_lists(mine), path := tmp_path / "firms.json")
    assert run_import(bods, path, mine, about=bods.example_about, dry_run=True).counts["new"] == bods.expected["new"]


# -- files as people have them -----------------------------------------------------------------------------------------

TEXTS = {
    "utf-8 with a BOM": "\ufeffParty ID,Name,Kind,Named,Country\nP1,Mühle,Firm,yes,NA\n".encode(),
    "utf-16": "Party ID;Name;Kind;Named;Country\nP1;Mühle;Firm;yes;NA\n".encode("utf-16"),
    "semicolons": "Party ID;Name;Kind;Named;Country\r\nP1;Mühle;Firm;yes;NA\r\n".encode(),
    "tabs below a title": "# Our list\n\nParty ID\tName\tKind\tNamed\tCountry\nP1\tMühle\tFirm\tyes\tNA\n".encode(),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_tables_are_read_as_they_come(text: bytes, mine: Resources, spreadsheet: Profile, tmp_path: Path) -> None:
    (tmp_path / "parties.csv").write_bytes(text)
    about = {"title": "Parties", "issued": "2025", "licence": "https://creativecommons.org/licenses/by/4.0/"}
    result = run_import(spreadsheet, tmp_path / "parties.csv", mine, about=about)
    assert result.counts["new"] == 1
    assert result.saved
    statements = gzip.decompress(result.saved.read_bytes()).decode()
    assert '"Mühle"@en' in statements
    assert "/id/country/NA>" in statements


def test_a_header_that_is_merged_over_two_rows_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Party", None, "Name", "Country"])
    page.append(["Party ID", "Kind", None, None])
    page.merge_cells("C1:C2")
    page.merge_cells("D1:D2")
    page.append(["P1", "Firm", "Mill", "NA"])
    book.save(tmp_path / "merged.xlsx")
    table = open_table(tmp_path / "merged.xlsx", "Sheet", ["Party ID", "Kind", "Name", "Country"])
    assert table
    assert [row.cells for row in table.rows()] == [{"party id": "P1", "kind": "Firm", "name": "Mill", "country": "NA"}]


def broken(kind: str, folder: Path) -> Path:
    path = folder / ("bad.csv" if kind in ("wrong encoding", "a giant cell", "binary", "empty") else "bad.xlsx")
    header = "Party ID,Name,Kind,Named\n"
    if kind == "truncated":
        path.write_bytes(EXAMPLE.read_bytes()[:4000])
    elif kind == "wrong encoding":
        path.write_bytes(header.encode() + b"P1,ok,Firm,yes\n" * 2000 + "P2,Mühle,Firm,yes\n".encode("cp1252"))
    elif kind == "a giant cell":
        path.write_text(header + f"P1,{'x' * 10_000_000},Firm,yes\n", encoding="utf-8")
    elif kind == "binary":
        path.write_bytes(header.encode() + b"P1,\0\0,Firm,yes\n")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "a bomb":
        shutil.copy(EXAMPLE, path)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/x.xml", "w") as stream:
            for _ in range(33):
                stream.write(b" " * 16 * 2**20)
    else:
        path.write_bytes(b"PK\x03\x04 no workbook")
    return path


@pytest.mark.parametrize("kind", ["truncated", "wrong encoding", "a giant cell", "binary", "empty", "a bomb", "no zip"])
def test_a_broken_file_is_refused_as_a_whole_and_nothing_is_written(
    kind: str, mine: Resources, spreadsheet: Profile, tmp_path: Path
) -> None:
    about = {"title": "Parties", "issued": "2025", "licence": "https://creativecommons.org/licenses/by/4.0/"}
    with pytest.raises(UnusableInput) as caught:
        run_import(spreadsheet, broken(kind, tmp_path), mine, about=about)
    assert caught.value.problems[0].fix
    assert files_in(mine.imports) == []


@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_keys_that_differ_in_more_than_case_and_separators_make_different_addresses(one: str, other: str) -> None:
    def bare(text: str) -> str:
        return "".join(c for c in text.strip().casefold() if c not in " ._-")

    if bare(one) != bare(other):
        assert slug(one) != slug(other)
    assert set(slug(one)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_template_is_a_workbook_that_can_be_imported(tmp_path: Path, mine: Resources, spreadsheet: Profile) -> None:
    from hrdd_graph.cli.template import command

    command(tmp_path / "new.xlsx", "spreadsheet", root=ROOT)
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in book["Incidents"].data_validations.dataValidation}
    assert lists["D2"].startswith("Lists!")
    assert "Lists" in book.sheetnames
    with pytest.raises(UnusableInput, match="does not say"):
        run_import(spreadsheet, tmp_path / "new.xlsx", mine)
