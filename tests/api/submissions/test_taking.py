# ruff: noqa: E501 - a table of cases reads best with a case on a line
"""What is taken, what is refused and why, and that nothing of what was refused is kept."""

from __future__ import annotations

import pytest

from hrdd_graph.submissions.desk import Desk
from tests.api.submissions.world import IDS, LETTER, PREFIXES, World, report_of, sent
from tests.api.test_leaks import PUBLIC_SHEET
from tests.conftest import ROOT


def test_what_is_acknowledged_is_on_the_disk_and_in_the_log(world: World) -> None:
    answer = world.send(report_of("acknowledged"))
    assert answer.status_code == 202
    document = answer.json()
    assert answer.headers["location"] == f"/submissions/{document['id']}"
    assert document["hash"] == world.desk.log.lines()[-1].hash, "the submitter can check the log by it"
    again = Desk(world.folder, world.resources).find(document["id"])
    assert again is not None
    assert f"<{IDS}abuse/acknowledged>" in world.desk.blobs.get(again.data).decode()


def test_a_nested_node_without_an_address_gets_one_and_dates_get_their_bounds(world: World) -> None:
    one = world.desk.find(sent(world, "nested"))
    assert one is not None
    text = world.desk.blobs.get(one.data).decode()
    assert f"<{IDS}abuse/nested#hasInvolvement-1>" in text
    assert '"2019-12-31"' in text


def test_the_same_key_with_the_same_content_is_one_submission(world: World) -> None:
    first, second = (world.send(report_of("keyed"), key="k1").json()["id"] for _ in range(2))
    assert first == second
    other = world.send(report_of("keyed-otherwise"), key="k1")
    assert other.status_code == 409
    assert world.send(report_of("keyed-otherwise"), "other", key="k1").status_code == 202, "keys are a token's own"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (report_of("a").replace('hrdd:locator "p. 1" ;', ""), "where in its source"),
        (report_of("a").replace("organisation/mill", "organisation/nobody"), "nothing describes"),
        (report_of("a").replace("abuse/a>", "abuse/dye>"), "record of another source"),
        (report_of("a", "<http://example.org/x> rdfs:label 'X'@en ."), "is not below"),
        (report_of("a", "udhr:24 rdfs:label 'Mine now'@en ."), "is not below"),
        (report_of("a", "<group/a> a hrdd:RightsHolderGroup ; <http://xmlns.com/foaf/0.1/name> 'A. Person' ."), "no property"),
        (report_of("a", "<x/a> a <http://example.org/Y> ."), "no class"),
        (report_of("a", "[] a hrdd:Abuse ."), "without an address"),
        (report_of("a")[:-40], "cannot be read"),
        (report_of("a").replace('"2019"', '"the year of the flood"'), "is not"),
        (PREFIXES, "no statement"),
    ],
    ids=["shape", "nowhere", "others-record", "foreign", "vocabulary", "person", "class", "blank", "cut", "date", "empty"],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_the_reason(world: World, content: str, says: str) -> None:
    before = len(world.desk.log.lines())
    answer = world.send(content)
    assert answer.status_code == 422, answer.text
    assert says in answer.text
    assert len(world.desk.log.lines()) == before


def test_a_table_is_read_by_its_profile_and_tells_of_its_rows(world: World) -> None:
    example = (ROOT / "data" / "profiles" / "spreadsheet" / "example.xlsx").read_bytes()
    files = {"data": ("Maria Lopez, list.xlsx", example, "application/octet-stream")}
    answer = world.ask("ngo", "POST", "/submissions", data={"consent": "given", "risk": "none-known"}, files=files)
    assert answer.status_code == 202, answer.text
    report = answer.json()["report"]
    assert report["counts"]["new"] > 5
    assert answer.json()["title"], "taken from the sheet About"
    one = world.desk.find(answer.json()["id"])
    assert one is not None
    assert b"Lopez" not in world.desk.blobs.get(one.data), "the file's name may tell who sent it"


def test_json_ld_and_a_case_sheet_are_taken_too(world: World) -> None:
    sheet = (
        PUBLIC_SHEET.replace("graph/tiny", "graph/mine").replace("/tiny", "/mine").replace("abuse/dye", "abuse/mine")
    )
    sheet = sheet.replace("relationship/brand-mill", "relationship/mine")
    answer = world.ask(
        "ngo", "POST", "/submissions", params=LETTER, content=sheet, headers={"Content-Type": "application/yaml"}
    )
    assert answer.status_code == 202, answer.text
    assert f"{IDS}organisation/mill" in answer.json()["report"]["shared"], "the curator sees what it says more of"
    document = {
        "@context": "https://w3id.org/hrdd-graph/context.jsonld",
        "id": "source/ld",
        "type": "Source",
        "label": "LD",
    }
    ld = {"Content-Type": "application/ld+json"}
    assert world.ask("ngo", "POST", "/submissions", params=LETTER, json=document, headers=ld).status_code == 202
    far = document | {"@context": "http://127.0.0.1:9/context.jsonld"}
    assert world.ask("ngo", "POST", "/submissions", params=LETTER, json=far, headers=ld).status_code == 422
