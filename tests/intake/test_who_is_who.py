"""Who is who in an import: the sure ones are linked, the others wait for a person, and nobody is merged silently."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from hrdd_graph.catalog import read_imports
from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.links import find_links
from hrdd_graph.intake.outcome import Link, Result, text
from hrdd_graph.intake.parties import Named
from hrdd_graph.intake.profile import Profile
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.review import read_decisions, write_links
from hrdd_graph.intake.run import run_import
from hrdd_graph.matching.directory import Directory
from hrdd_graph.matching.names import folded, legal_forms
from hrdd_graph.matching.score import Profile as Features
from hrdd_graph.resources import Resources

ROOT = Path(__file__).resolve().parents[2]
FORMS = legal_forms(ROOT / "data")
ABOUT = {"title": "Parties", "issued": "2025", "licence": "https://creativecommons.org/licenses/by/4.0/"}
HEADER = "Party ID,Name,Kind,Named,Country,Identifier\n"
SAGA = "organisation/saga"


@pytest.fixture
def mine(tmp_path: Path) -> Resources:
    return Resources(ROOT, tmp_path / "imports")


@pytest.fixture(scope="module")
def spreadsheet() -> Profile:
    return read_profile(Resources(ROOT), "spreadsheet")


@pytest.fixture
def parties(mine: Resources, spreadsheet: Profile, tmp_path: Path) -> Callable[..., Result]:
    """Imports a sheet of parties."""

    def run(*rows: str, name: str = "parties", **options: object) -> Result:
        path = tmp_path / f"{name}.csv"
        path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return run_import(spreadsheet, path, mine, about=ABOUT, **options)  # type: ignore[arg-type]

    return run


def statements(result: Result) -> str:
    assert result.saved
    return gzip.decompress(result.saved.read_bytes()).decode()


def named(number: int, name: str, country: str = "", address: str = "", *identifiers: tuple[str, str]) -> Named:
    features = Features((FORMS.name(name),), country, folded(address), frozenset(identifiers))
    return Named(f"organisation/x-{number}", name, "", number, ("Firm",), features)


def links_of(*found: Named) -> tuple[Link, ...]:
    return find_links(found, Directory((), FORMS), FORMS, {}).found


def test_a_firm_of_the_same_name_and_country_is_the_one_on_record(parties: Callable[..., Result]) -> None:
    result = parties("P1,Saga Sports (Pvt.) Ltd.,Firm,yes,Pakistan,")
    assert [(link.candidate, link.is_linked, link.is_open) for link in result.links] == [(SAGA, True, False)]
    assert "names equal but for the legal form; same country" in text(result)
    assert "1 parties linked, 0 to decide" in text(result)
    made = statements(result)
    assert (
        f"/id/mention/parties-p1> <https://w3id.org/hrdd-graph/ontology#mentions> <https://w3id.org/hrdd-graph/id/{SAGA}>"
        in made
    )
    assert '#raw> "Saga Sports (Pvt.) Ltd."' in made
    assert "/id/organisation/parties-p1>" not in made
    assert "sameAs" not in made


def test_a_name_alone_is_never_enough(parties: Callable[..., Result]) -> None:
    for row in ("P1,Saga Sports,Firm,yes,,", "P1,Saga Sport,Firm,yes,Pakistan,"):
        result = parties(row)
        assert [(link.candidate, link.is_linked) for link in result.links] == [(SAGA, False)]
        assert "/id/organisation/parties-p1>" in statements(result)


@pytest.mark.parametrize("kind", ["no", "group", "pseudonym"])
def test_who_is_not_named_is_nobody_on_record(kind: str, parties: Callable[..., Result]) -> None:
    assert parties(f"P1,Saga Sports,Firm,{kind},Pakistan,").links == ()


def test_a_person_decides_and_the_import_remembers(
    parties: Callable[..., Result], mine: Resources, tmp_path: Path
) -> None:
    row, listed = "P1,Saga Sports,Firm,yes,,", tmp_path / "links.xlsx"
    result = parties(row, dry_run=True)
    write_links(listed, result.links)
    book = openpyxl.load_workbook(listed)
    page = book.active
    assert page is not None
    assert [cell.value for cell in page[2]][1] == "Saga Sports"
    page["A2"] = "same"
    book.save(listed)
    decided = parties(row, decisions=read_decisions(listed))
    assert [(link.decision, link.is_linked) for link in decided.links] == [("same", True)]
    assert "/id/mention/parties-p1>" in statements(decided)
    again = parties(row)
    assert again.links[0].decision == "same"
    assert again.counts["unchanged"] == 1
    undone = parties(row, decisions={("organisation/parties-p1", SAGA): "different"})
    assert not undone.links[0].is_linked
    assert "/id/organisation/parties-p1>" in statements(undone)


def test_a_decision_is_same_or_different(tmp_path: Path) -> None:
    link = Link("", 2, "organisation/a", "A", "organisation/b", "=HYPERLINK(1)", 0.9, "why", sure=False)
    write_links(tmp_path / "links.xlsx", [link])
    book = openpyxl.load_workbook(tmp_path / "links.xlsx")
    page = book.active
    assert page is not None
    assert page["C2"].data_type == "s", "a name that looks like a formula is a text"
    page["A2"] = "perhaps"
    book.save(tmp_path / "links.xlsx")
    with pytest.raises(UnusableInput, match="perhaps"):
        read_decisions(tmp_path / "links.xlsx")


def test_two_rows_are_one_party_only_where_names_country_and_address_agree() -> None:
    road = "Plot 44/1, Sector 15, Korangi, Karachi"
    same = links_of(named(1, "Soorty Enterprises", "pk", road), named(2, "SOORTY ENTERPRISES (PVT) LTD", "pk", road))
    assert [(link.party, link.candidate, link.sure) for link in same] == [
        ("organisation/x-2", "organisation/x-1", True)
    ]
    elsewhere = links_of(
        named(1, "Soorty Enterprises", "pk", road), named(2, "Soorty Enterprises", "pk", "Plot 9, Site Area, Lahore")
    )
    assert not any(link.sure for link in elsewhere)
    assert not any(link.sure for link in links_of(named(1, "Felix", "tn"), named(2, "Felix", "tn")))


def test_an_identifier_in_common_links_and_two_of_one_register_keep_apart() -> None:
    lei = ("lei", "529900T8BM49AURSDO55")
    assert links_of(named(1, "Adidas", "", "", lei), named(2, "Reebok", "", "", lei))[0].sure
    other = ("lei", "5493001KJTIIGC8Y1R12")
    road = "Plot 44/1, Karachi"
    told_apart = links_of(named(1, "Soorty", "pk", road, lei), named(2, "Soorty", "pk", road, other))
    assert told_apart
    assert not any(link.sure for link in told_apart)


def test_a_link_leads_on_to_where_the_other_leads() -> None:
    road = "Plot 44/1, Sector 15, Karachi"
    three = [named(number, "Soorty Enterprises", "pk", road) for number in (1, 2, 3)]
    found = find_links(three, Directory((), FORMS), FORMS, {})
    assert found.target == {"organisation/x-2": "organisation/x-1", "organisation/x-3": "organisation/x-1"}


def test_addresses_tell_apart_and_stay_out_of_the_graph(mine: Resources) -> None:
    profile = read_profile(mine, "open-apparel-registry")
    assert profile.example
    result = run_import(profile, profile.example, mine)
    assert "example road" not in statements(result).casefold()
    assert (
        b"example road sialkot punjab" in (mine.imports / "open-apparel-registry-example" / "parties.json").read_bytes()
    )


def test_a_restricted_import_is_for_those_with_a_token_and_unknown_to_public_ones(
    parties: Callable[..., Result], mine: Resources
) -> None:
    parties("P1,Example Tannery,Firm,yes,Pakistan,", name="secret", restricted=True)
    assert [entry.public for entry in read_imports(mine, [])] == [False]
    assert parties("P1,Example Tannery,Firm,yes,Pakistan,", name="open").links == ()
    beside = parties("P1,Example Tannery,Firm,yes,Pakistan,", name="secret-too", restricted=True)
    assert {link.candidate for link in beside.links} == {"organisation/secret-p1", "organisation/open-p1"}
