"""A list of suppliers: sure matches are linked, unsure ones are for a person, and nobody is merged or cleared."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdd_graph.dossier.ask import Question, report_on_list
from hrdd_graph.dossier.model import Supplier
from hrdd_graph.dossier.portfolio import MOST_LINES, matched, read_portfolio
from hrdd_graph.dossier.writers.html import page_of
from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.tables import Row
from hrdd_graph.matching.directory import Directory
from hrdd_graph.matching.graph import directory_of
from hrdd_graph.matching.names import legal_forms
from hrdd_graph.namespaces import HRDD
from hrdd_graph.resources import Resources
from hrdd_graph.view import View


@pytest.fixture(scope="module")
def directory(view: View, resources: Resources) -> Directory:
    return directory_of(view, legal_forms(resources.data))


@pytest.fixture(scope="module")
def unnamed(view: View) -> dict[str, str]:
    """Every party that a source does not name, under a pseudonym or as a group, with what it is called."""
    rows = view.select(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        f"SELECT ?party ?name WHERE {{ ?party a {HRDD.UnnamedParty} ; rdfs:label|skos:altLabel ?name }}"
    )
    return {row[1].value: row[0].value for row in rows.rows if row[0] is not None and row[1] is not None}


def of(view: View, directory: Directory, name: str, **more: str) -> Supplier:
    return matched(view, directory, [Row("", 2, {"name": name, **more})], "en")[0]


def named(supplier: Supplier) -> str:
    return supplier.matches[0].thing.iri.rpartition("/")[2] if supplier.matches else ""


@pytest.mark.parametrize(
    ("name", "country", "state", "slug"),
    [
        ("Minería Yanacocha", "Peru", "sure", "mineria-yanacocha"),
        ("MINERA YANACOCHA S.R.L.", "PE", "sure", "mineria-yanacocha"),
        ("Saga Sports (Pvt.) Ltd.", "", "sure", "saga"),
        ("Saga Sports", "Brazil", "unsure", "saga"),  # another country
        ("Adidas Traders Sialkot", "PK", "unsure", "adidas"),  # one name in the other
        ("Hangzhou Silk Works", "CN", "unmatched", ""),
        ("???", "", "unmatched", ""),
    ],
)
def test_only_a_whole_name_that_nothing_speaks_against_is_linked(
    view: View, directory: Directory, name: str, country: str, state: str, slug: str
) -> None:
    found = of(view, directory, name, country=country)
    assert (found.state, named(found)) == (state, slug)
    assert all(match.features for match in found.matches)  # every score says why


@settings(max_examples=60)
@given(data=st.data())
def test_a_pseudonymous_or_collective_party_is_never_matched(
    view: View, directory: Directory, unnamed: dict[str, str], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(unnamed)))
    written = data.draw(st.sampled_from([name, name.upper(), name.partition("(")[0], f"{name} Ltd."]))
    found = of(view, directory, written)
    assert not {match.thing.iri for match in found.matches} & set(unnamed.values())


def test_the_file_of_a_list_links_the_sure_asks_about_the_unsure_and_clears_nobody(
    question: Question, directory: Directory, tmp_path: Path
) -> None:
    path = tmp_path / "suppliers.csv"
    path.write_text("Supplier;Country\nNike Inc.;US\nAdidas Traders Sialkot;PK\nHangzhou Silk Works;CN\n")
    dossier = report_on_list(question, directory, read_portfolio(path))
    assert [supplier.state for supplier in dossier.suppliers] == ["sure", "unsure", "unmatched"]
    assert [thing.label for thing in dossier.subjects] == ["Nike"]
    nike, adidas, _ = dossier.suppliers
    assert nike.findings == tuple(entry.number for entry in dossier.entries)  # nobody else is surely meant
    assert not adidas.findings
    parties = {entry.focus.label for entry in dossier.entries if entry.own}
    assert "Adidas" not in parties
    page = page_of(dossier)
    assert "nobody looked" in page
    assert "To be judged by a person" in page


def test_a_list_of_which_nobody_is_on_record_is_not_clear(
    question: Question, directory: Directory, tmp_path: Path
) -> None:
    path = tmp_path / "suppliers.csv"
    path.write_text("name\nHangzhou Silk Works\n")
    dossier = report_on_list(question, directory, read_portfolio(path))
    assert not dossier.entries
    assert not dossier.receipt
    assert "That is no clearance" in page_of(dossier)


@pytest.mark.parametrize("header", ["name", "Supplier Name *", "Fournisseur", "Proveedor", "Lieferant", "FACTORY_NAME"])
def test_a_column_of_names_is_found_under_what_people_call_it(tmp_path: Path, header: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{header},note\nNike,x\n")
    assert [row.cells for row in read_portfolio(path)] == [{"name": "Nike"}]


def test_the_sheet_with_the_names_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Read me"])
    sheet = book.create_sheet("Suppliers")
    sheet.append(["Our suppliers in 2026"])
    sheet.append(["Supplier", "Country"])
    sheet.append(["Nike", "US"])
    book.save(tmp_path / "list.xlsx")
    (row,) = read_portfolio(tmp_path / "list.xlsx")
    assert row.cells == {"name": "Nike", "country": "US"}
    assert row.number == 3


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (100 << 20))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.csv", b"", "is empty"),
        ("header.csv", b"name,country\n", "no lines"),
        ("other.csv", b"product,price\nshoe,1\n", "no column of names"),
        ("twice.csv", b"name,name\na,b\n", "twice"),
        ("wide.csv", b"name,country\nNike,US,more\n", "header"),
        ("nameless.csv", b"name,country\n,PE\n", "has no name"),
        ("long.csv", b"name\n" + b"x" * 400 + b"\n", "Shorten"),
        ("latin.csv", "name\nMiner\xeda\n".encode("latin-1"), "is not UTF-8"),
        ("quotes.csv", b'name\n"Nike\n', "is not a table"),
        ("bytes.csv", b"name\nNi\x00ke\n", "no text"),
        ("broken.xlsx", b"PK\x03\x04nothing", "no workbook"),
        ("bomb.xlsx", bomb(), "when unpacked"),
        ("many.csv", b"name\n" + b"Nike\n" * (MOST_LINES + 1), "more than"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_broken_list_is_refused_with_the_reason(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnusableInput, match=said) as refused:
        read_portfolio(path)
    assert all(problem.fix for problem in refused.value.problems)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="cannot be read"):
        read_portfolio(tmp_path / "absent.csv")
