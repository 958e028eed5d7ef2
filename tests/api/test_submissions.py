# ruff: noqa: E501 - a table of cases reads best with a case on a line
"""Evidence in: what is kept, who sees it, what a curator can do, and when the graph and its rules see it."""

from __future__ import annotations

import errno
import io
import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import schemathesis
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from hypothesis import HealthCheck, given, settings
from PIL import Image
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hrdd_graph.access import TokenFile
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import HRDD
from hrdd_graph.opening import build_folder
from hrdd_graph.resources import PARTS, open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.submissions.desk import Desk
from hrdd_graph.submissions.reading import XLSX
from tests.api.conftest import serving
from tests.api.test_leaks import PUBLIC_SHEET
from tests.conftest import ROOT, TINY_CATALOG

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
IDS = "https://w3id.org/hrdd-graph/id/"
BROWSER = {"Accept": "text/html"}
LETTER = {
    "title": "Zephyrquartz report",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "consent": "published",
    "risk": "none-known",
}
TURTLE = {"Content-Type": "text/turtle"}
PREFIXES = """\
@base <https://w3id.org/hrdd-graph/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix hrdd: <https://w3id.org/hrdd-graph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix udhr: <https://w3id.org/hrdd-graph/udhr/article/> .
"""


def report_of(name: str, more: str = "", place: str = "country:TH") -> str:
    """A report of one abuse by the tiny graph's mill."""
    return f"""{PREFIXES}
<source/{name}> a hrdd:Source ; rdfs:label "Report {name}"@en ; hrdd:issued "2020" .
<abuse/{name}> a hrdd:Abuse ; rdfs:label "Wages below the minimum at the mill, {name}"@en ;
    dcterms:description "Workers are paid less than the minimum wage."@en ;
    hrdd:statedIn <source/{name}> ; hrdd:hasStatus hrdd:Reported ; hrdd:locator "p. 1" ; hrdd:start "2019" ;
    hrdd:hasInfringement [ a hrdd:ProvisionLink ; hrdd:ofProvision udhr:24 ; hrdd:hasBasis hrdd:Stated ] ;
    hrdd:hasInvolvement [ a hrdd:Involvement ; hrdd:ofParty <organisation/mill> ; hrdd:hasMode hrdd:Caused ; hrdd:hasBasis hrdd:Stated ] .
{more}"""


def small_root(root: Path) -> None:
    """A folder of resources with one small case."""
    for part in PARTS:
        if part != "data":
            shutil.copytree(ROOT / part, root / part)
    for part in ("reference", "profiles"):
        shutil.copytree(ROOT / "data" / part, root / "data" / part)
    (root / "data" / "cases").mkdir()
    (root / "data" / "cases" / "tiny.yaml").write_text(PUBLIC_SHEET)
    (root / "data" / "catalog.ttl").write_text(TINY_CATALOG)


class World:
    """A server over a small graph in a folder, with tokens of each kind."""

    def __init__(self, folder: Path) -> None:
        self.root, self.store = folder / "root", folder / "store"
        small_root(self.root)
        self.resources = open_resources(self.root)
        build_folder(self.resources, self.store)
        tokens = TokenFile(folder / "tokens.json")
        self.secrets = {
            name: tokens.create(name, scopes)[1]
            for name, scopes in {
                "ngo": ["submit"],
                "other": ["submit"],
                "curator": ["decide"],
                "reader": ["read:*"],
                "firm": ["submit"],
                "all": ["submit", "decide"],
            }.items()
        }
        self.folder = folder / "store.submissions"
        chosen = Settings(
            tokens=tokens.path,
            submissions=self.folder,
            rate_address="",
            rate_token="",
            query_workers=1,
            catalog_seconds=0,
        )
        self.app = create_app(self.resources, EmbeddedStore.open(self.store), chosen)
        self.desk: Desk = self.app.state.desk
        self.client: httpx.Client

    def ask(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**more.pop("headers", {}), **({"Authorization": f"Bearer {self.secrets[who]}"} if who else {})}
        return self.client.request(method, path, headers=headers, **more)

    def send(self, content: str | bytes, who: str = "ngo", *, key: str = "", **letter: str) -> httpx.Response:
        headers = TURTLE | ({"Idempotency-Key": key} if key else {})
        return self.ask(who, "POST", "/submissions", params=LETTER | letter, content=content, headers=headers)

    def decide(self, name: str, action: str = "accept", **more: str) -> httpx.Response:
        return self.ask("curator", "POST", f"/submissions/{name}/decision", json={"action": action, **more})

    def wait(self, what: Callable[[], bool], seconds: float = 90) -> None:
        """Until a build has brought it into the graph, or taken it out."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, "the graph did not follow"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("desk"))
    with serving(made.app) as address, httpx.Client(base_url=address, timeout=120) as made.client:
        yield made
    assert made.desk.verify() == []


def sent(world: World, name: str, **letter: str) -> str:
    answer = world.send(report_of(name), **letter)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


# -- what is taken -----------------------------------------------------------------------------------------------------


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


# -- who sees it -------------------------------------------------------------------------------------------------------


def test_nobody_but_its_submitter_and_curators_sees_a_submission(world: World) -> None:
    name = sent(world, "seen")
    path = f"/submissions/{name}"
    assert world.ask("", "GET", path).status_code == 401
    assert world.ask("reader", "GET", path).status_code == 403
    assert world.ask("other", "GET", path).status_code == 404
    assert world.ask("ngo", "GET", path).json()["state"] == "received"
    assert "by" not in world.ask("ngo", "GET", path).json()
    assert world.ask("curator", "GET", path).json()["by"] != "ngo", "the token's id, never its name"
    assert "hrdd:Abuse" in world.ask("curator", "GET", f"{path}.ttl").text
    assert name in {s["id"] for s in world.ask("curator", "GET", "/submissions?state=received").json()["submissions"]}
    assert name not in {s["id"] for s in world.ask("other", "GET", "/submissions").json()["submissions"]}
    for who in ("", "reader"):
        assert world.ask(who, "GET", "/id/abuse/seen").status_code == 404
        found = world.ask(
            who, "GET", "/sparql", params={"query": "ASK { ?s ?p ?o FILTER CONTAINS(STR(?s), 'abuse/seen') }"}
        )
        assert found.json()["boolean"] is False


def test_what_is_restricted_cannot_be_found_out_by_pointing_to_it(world: World) -> None:
    name = sent(world, "secret", access="restricted")
    assert world.decide(name).status_code == 200
    world.desk.bring_up_to_date()
    pointing = report_of("probe", "<abuse/probe> hrdd:corrects <abuse/secret> .")
    nowhere = report_of("probe", "<abuse/probe> hrdd:corrects <abuse/nowhere> .")
    told = [world.send(text).json()["problems"] for text in (pointing, nowhere)]
    assert str(told[0]).replace("secret", "nowhere") == str(told[1])
    same = world.send(report_of("secret"))
    assert same.status_code == 202, "an address that is taken in secret tells nothing"
    answer = world.decide(same.json()["id"])
    assert answer.status_code == 409, "the curator is told"


def test_a_curator_alone_decides(world: World) -> None:
    name = sent(world, "decided")
    answer = world.ask("ngo", "POST", f"/submissions/{name}/decision", json={"action": "accept"})
    assert answer.status_code == 403
    assert world.decide(name, "reject").status_code == 422, "a reason is needed"
    assert world.decide(name, "ask", reason="Which mill?").json()["state"] == "asked"
    said = world.ask("ngo", "POST", f"/submissions/{name}/answer", json={"text": "The one by the river."})
    assert said.json()["state"] == "received"
    assert world.decide(name, "reject", reason="Told before.").json()["state"] == "rejected"
    assert world.decide(name, "reject", reason="Told before.").status_code == 200, "the same again changes nothing"
    assert world.decide(name).status_code == 409
    steps = [step["event"] for step in world.ask("ngo", "GET", f"/submissions/{name}").json()["steps"]]
    assert steps == ["received", "asked", "answered", "rejected"]


# -- into the graph, and out of it -------------------------------------------------------------------------------------


def sent_files(world: World) -> list[Path]:
    """Every file that the desk keeps."""
    return [path for path in (world.folder / "blobs").rglob("*") if path.is_file()]


def unanswered(world: World) -> str:
    """What the rule finds that looks for replies of those who are named."""
    return world.client.get("/gaps", params={"rule": "reply-missing"}).text


def test_what_is_accepted_is_in_the_graph_and_rules_see_it_until_it_is_withdrawn(world: World) -> None:
    name = sent(world, "public")
    restricted = sent(world, "hidden", access="restricted")
    assert "abuse/public" not in unanswered(world)
    assert world.decide(name).json()["state"] == "accepted"
    assert world.decide(restricted).json()["access"] == "restricted"
    world.wait(lambda: world.ask("curator", "GET", f"/submissions/{restricted}").json()["inGraph"])
    assert world.client.get("/id/abuse/public").status_code == 200
    assert "abuse/public" in unanswered(world), "the mill is named, and has not replied"
    assert "Zephyrquartz report" in world.client.get("/catalog").text
    assert world.client.get("/id/abuse/hidden").status_code == 404
    assert world.ask("reader", "GET", "/id/abuse/hidden").status_code == 200

    # The named party answers, with equal standing.
    fields = {"party": "organisation/mill", "about": "abuse/public", "text": "We pay what the law says.",
              "title": "Reply of the mill", "licence": LETTER["licence"], "date": "2021-02-01"}  # fmt: skip
    reply = world.ask("firm", "POST", "/submissions/statements", json=fields)
    assert reply.status_code == 202, reply.text
    assert world.decide(reply.json()["id"]).status_code == 200
    world.wait(lambda: world.ask("curator", "GET", f"/submissions/{reply.json()['id']}").json()["inGraph"])
    assert "abuse/public" not in unanswered(world), "the reply is on record"

    # Withdrawal leaves a tombstone, for those who could have seen it.
    for one in (name, restricted):
        gone = world.ask(
            "ngo", "POST", f"/submissions/{one}/withdrawal", json={"reason": "A source asked for it.", "erase": True}
        )
        assert gone.json()["state"] == "withdrawn"
    world.wait(lambda: not world.ask("ngo", "GET", f"/submissions/{restricted}").json()["waitsFor"])
    stone = world.client.get("/id/abuse/public")
    assert stone.status_code == 410
    assert "A source asked for it." in stone.json()["detail"]
    assert world.client.get("/id/abuse/hidden").status_code == 404
    assert world.ask("reader", "GET", "/id/abuse/hidden").status_code == 410
    assert world.client.get("/id/organisation/mill").status_code == 200, "what others describe stays"
    assert "never used again" in world.send(report_of("public")).text
    assert world.ask("curator", "GET", f"/submissions/{name}.ttl").status_code == 410
    assert world.desk.verify() == [], "what was erased on purpose is no loss"
    erased = world.ask("ngo", "GET", f"/submissions/{name}").json()
    assert (erased["title"], erased["report"]["statements"]) == ("(erased)", 0)
    assert not any(
        b"abuse/public>" in file.read_bytes() for file in sent_files(world) if b"respondsTo" not in file.read_bytes()
    )


@pytest.mark.parametrize(
    ("letter", "says"),
    [
        ({"consent": "shared"}, "have not agreed"),
        ({"risk": "possible"}, "might suffer"),
    ],
)
def test_consent_and_risk_keep_it_from_the_public(world: World, letter: dict[str, str], says: str) -> None:
    name = sent(world, f"kept-{'-'.join(letter.values())}", **letter)
    answer = world.decide(name)
    assert answer.status_code == 409
    assert says in answer.text
    if letter == {"risk": "possible"}:
        assert world.decide(name, reason="The workers' union asked for it.").status_code == 200
    else:
        assert world.decide(name, access="restricted").status_code == 200


def test_contact_data_keep_it_from_the_public(world: World) -> None:
    broken = world.send(
        report_of("contact").replace("Workers are paid", "Write to maria@example.org: workers are paid")
    )
    assert broken.json()["report"]["withheld"]
    assert world.decide(broken.json()["id"], reason="It was in the paper.").status_code == 409


def test_an_embargo_is_kept_to_the_day(world: World) -> None:
    name = sent(world, "embargo", embargo="2999-01-01")
    assert world.decide(name).status_code == 200
    from datetime import date

    on = {
        day: next(a for a in world.desk.accepted(day) if a.submission.id == name)
        for day in (date(2998, 12, 31), date(2999, 1, 1))
    }
    assert [each.public for each in on.values()] == [False, True]
    assert on[date(2999, 1, 1)].day == "2999-01-01", "known since the day on which it became public"


def test_what_was_withdrawn_can_be_erased_later(world: World) -> None:
    name = sent(world, "later")
    path = f"/submissions/{name}/withdrawal"
    assert world.ask("ngo", "POST", path, json={"reason": "A mistake."}).json()["report"]["statements"] > 0
    assert world.ask("ngo", "POST", path, json={"reason": "A mistake.", "erase": True}).json()["title"] == "(erased)"
    assert world.desk.verify() == []


# -- a correction of one's own -----------------------------------------------------------------------------------------


def test_a_corrected_version_takes_the_place_of_the_earlier_one_when_it_is_accepted(world: World) -> None:
    first = sent(world, "with-a-slip")
    assert world.decide(first).status_code == 200
    world.wait(lambda: world.client.get("/id/abuse/with-a-slip").status_code == 200)
    second = sent(world, "without-the-slip", replaces=first)
    assert world.client.get("/id/abuse/with-a-slip").status_code == 200, "until a curator has read the new one"
    lines = len(world.desk.log.lines())
    assert world.decide(second).json()["replaces"] == first
    assert len(world.desk.log.lines()) == lines + 1, "both at once, whatever happens to the server"
    earlier = world.ask("ngo", "GET", f"/submissions/{first}").json()
    assert (earlier["state"], earlier["replacedBy"]) == ("withdrawn", second)
    assert [step["event"] for step in earlier["steps"]] == ["received", "accepted", "replaced"]
    world.wait(lambda: world.client.get("/id/abuse/without-the-slip").status_code == 200)
    gone = world.client.get("/id/abuse/with-a-slip")
    assert gone.status_code == 410
    assert "withdrawn by the one who sent it" in gone.text
    assert first not in gone.text + world.client.get("/id/abuse/without-the-slip").text.replace(
        f"graph/submission-{first}", ""
    )
    queue = {s["id"]: s for s in world.ask("curator", "GET", "/submissions").json()["submissions"]}
    assert (queue[first]["replacedBy"], queue[second]["replaces"]) == (second, first)
    page = world.ask("curator", "GET", "/submissions", headers=BROWSER).text
    assert f'corrects <span class="id">{first}' in page
    third = world.send(report_of("late"), replaces=first)
    assert third.status_code == 422
    assert f"Replace {second} instead" in third.text


def test_an_old_address_does_not_tell_that_a_restricted_version_took_its_place(world: World) -> None:
    first, other = sent(world, "too-open"), sent(world, "withdrawn-alone")
    assert world.decide(first).status_code == world.decide(other).status_code == 200
    world.wait(lambda: world.client.get("/id/abuse/withdrawn-alone").status_code == 200)
    second = sent(world, "less-open", replaces=first, access="restricted")
    assert world.decide(second).status_code == 200
    withdrawal = {"reason": "It was withdrawn by the one who sent it."}
    assert world.ask("ngo", "POST", f"/submissions/{other}/withdrawal", json=withdrawal).status_code == 200
    world.wait(lambda: world.client.get("/id/abuse/too-open").status_code == 410)
    world.wait(lambda: world.client.get("/id/abuse/withdrawn-alone").status_code == 410)
    corrected, alone = (world.client.get(f"/id/abuse/{name}").text for name in ("too-open", "withdrawn-alone"))
    assert corrected.replace("too-open", "withdrawn-alone") == alone, "no word and no field tells them apart"


def test_one_that_waits_is_replaced_too_and_of_two_corrections_one_stands(world: World) -> None:
    first = sent(world, "waits")
    one, other = (sent(world, f"waits-{n}", replaces=first) for n in (1, 2))
    assert world.decide(one).status_code == 200
    assert world.ask("ngo", "GET", f"/submissions/{first}").json()["state"] == "withdrawn"
    assert world.decide(first).status_code == 409
    answer = world.decide(other)
    assert answer.status_code == 409
    assert one in answer.text


def test_nobody_replaces_what_another_sent_or_learns_that_it_is_there(world: World) -> None:
    first = sent(world, "mine")
    answers = [world.send(report_of("theirs"), "other", replaces=name) for name in (first, "0" * 16)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].text.replace(first, "0" * 16) == answers[1].text


def test_the_queue_goes_on_where_a_page_ended_though_something_came_between(world: World) -> None:
    names = [sent(world, f"queue-{n}") for n in range(4)][::-1]
    first = world.ask("ngo", "GET", "/submissions", params={"limit": "2"})
    assert [s["id"] for s in first.json()["submissions"]] == names[:2]
    sent(world, "queue-between")
    address = httpx.URL(first.links["next"]["url"])
    second = world.ask("ngo", "GET", address.raw_path.decode())
    assert [s["id"] for s in second.json()["submissions"]] == names[2:]
    assert names[1] not in address.params["cursor"], "nobody builds one by hand"
    assert world.ask("ngo", "GET", "/submissions?cursor=abc").status_code == 422
    assert world.ask("other", "GET", address.raw_path.decode()).status_code == 409
    page = world.ask(
        "", "POST", "/submissions/queue?limit=2", data={"token": world.secrets["ngo"]}, headers=BROWSER
    ).text
    assert 'action="?' in page
    assert "cursor=" in page


def test_nothing_in_the_graph_tells_who_sent_it_or_when(world: World) -> None:
    name = sent(world, "anonymous")
    world.decide(name)
    world.desk.bring_up_to_date()
    one = world.desk.find(name)
    assert one is not None
    import gzip

    folder = world.folder / "accepted" / f"submission-{name}"
    laid = (folder / "catalog.ttl").read_text() + "".join(
        gzip.decompress(f.read_bytes()).decode() for f in folder.glob("*.gz")
    )
    assert "ngo" not in laid.replace("https://", "").split()
    for told in (one.by, one.steps[0].time, one.steps[0].time[11:16]):
        assert told not in laid


def test_a_party_answers_a_finding_by_its_address(world: World) -> None:
    """The statement responds to the impact that the finding is about."""
    found = world.client.get("/gaps", params={"rule": "abuse-without-right"}).json()["findings"]
    found = found or world.client.get("/gaps").json()["findings"]
    fields = {"party": "organisation/mill", "text": "It was not ours.", "title": "Reply", "licence": LETTER["licence"]}
    answers = []
    for finding in found:
        answer = world.ask("firm", "POST", "/submissions/statements", json=fields | {"about": finding["finding"]})
        answers.append(answer.status_code)
        if answer.status_code == 202:
            text = world.ask("firm", "GET", f"/submissions/{answer.json()['id']}.ttl").text
            assert "hrdd:respondsTo id:abuse" in text
            break
    assert 202 in answers
    nothing = fields | {"about": "/gaps/reply-missing/0000000000000000"}
    assert world.ask("firm", "POST", "/submissions/statements", json=nothing).status_code == 404


# -- suggestions -------------------------------------------------------------------------------------------------------


def test_a_suggestion_that_is_taken_says_so_in_its_basis(world: World) -> None:
    name = sent(world, "suggested")
    (impact,) = world.ask("ngo", "GET", f"/submissions/{name}/rights").json()["impacts"]
    taken = next(s for s in impact["suggestions"] if s["provision"] not in impact["rights"])
    chosen = {"impact": impact["impact"], "provision": taken["provision"]}
    assert world.ask("curator", "POST", f"/submissions/{name}/rights", json=chosen).status_code == 403
    assert world.ask("ngo", "POST", f"/submissions/{name}/rights", json=chosen).status_code == 200
    text = world.ask("curator", "GET", f"/submissions/{name}.ttl").text
    assert "hrdd:SuggestedAccepted" in text
    assert taken["words"][0] in text
    never = chosen | {"provision": "https://w3id.org/hrdd-graph/udhr/article/1"}
    if never["provision"] not in {s["provision"] for s in impact["suggestions"]}:
        assert world.ask("ngo", "POST", f"/submissions/{name}/rights", json=never).status_code == 422


# -- one incident, by a form -------------------------------------------------------------------------------------------

INCIDENT = {
    "label": "Night shifts without a day of rest at the mill",
    "people": "Night-shift workers",
    "country": "country:TH",
    "party": "Mill",
    "mode": "Caused",
    "source_title": "Example Labour Rights, 2020",
    "evidence_place": "p. 12",
    "evidence_kind": "OrganisationReport",
    "consent": "published",
    "risk": "none-known",
}


def test_an_incident_is_about_the_party_that_the_graph_knows_and_keeps_stated_and_suggested_rights_apart(
    world: World,
) -> None:
    fields = INCIDENT | {"take-udhr:24": "yes", "rights": "UDHR 23"}
    first = world.ask("ngo", "POST", "/submissions/incident", json=fields)
    assert first.status_code == 202, first.text
    one = world.desk.find(first.json()["id"])
    assert one is not None
    facts = Facts(world.desk.quads(one))
    bases = {
        facts.objects(link, HRDD.ofProvision)[0].value.rpartition("/")[2]: facts.objects(link, HRDD.hasBasis)[0]
        for link in facts.of_type(HRDD.ProvisionLink)
    }
    assert bases == {"24": HRDD.SuggestedAccepted, "23": HRDD.Stated}
    assert f"<{IDS}organisation/mill>" in world.desk.blobs.get(one.data).decode()


def test_a_form_that_is_sent_twice_is_one_submission_though_the_graph_grew_between(world: World) -> None:
    fields = INCIDENT | {"label": "Night shifts at the mill in every week of the year", "take-udhr:24": "yes"}
    first = world.ask("ngo", "POST", "/submissions/incident", json=fields)
    assert first.status_code == 202, first.text
    name = sent(world, "between")  # what suggests rights learns from it, and says other reasons
    assert world.decide(name).status_code == 200
    world.wait(lambda: world.client.get("/id/abuse/between").status_code == 200)
    again = world.ask("ngo", "POST", "/submissions/incident", json=fields)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])


def test_a_party_of_the_same_name_elsewhere_is_not_taken_for_the_one_that_is_known(world: World) -> None:
    fields = INCIDENT | {"rights": "UDHR 24", "party_country": "country:PE"}
    answer = world.ask("ngo", "POST", "/submissions/incident", json=fields)
    assert answer.status_code == 202, answer.text
    one = world.desk.find(answer.json()["id"])
    assert one is not None
    assert f"<{IDS}organisation/mill>" not in world.desk.blobs.get(one.data).decode()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"take-udhr:14": "yes"}, "not suggested by these words"),
        ({}, "names no right"),
        ({"rights": "UDHR 24", "country": ""}, "Choose a country or a cluster"),
        ({"rights": "UDHR 24", "start": "05/06/2024"}, "may be 2024-06-05 or 2024-05-06"),
        ({"rights": "UDHR 24", "label": "Ring +44 20 7946 0958 for names"}, "telephone number"),
    ],
)
def test_of_an_incident_with_a_fault_nothing_is_kept(world: World, fields: dict[str, str], says: str) -> None:
    before = len(world.desk.log.lines())
    answer = world.ask("ngo", "POST", "/submissions/incident", json=INCIDENT | fields)
    assert answer.status_code == 422, answer.text
    assert says in answer.text
    assert len(world.desk.log.lines()) == before


# -- the description ---------------------------------------------------------------------------------------------------


def test_every_operation_keeps_to_its_description_for_those_who_may(world: World) -> None:
    """Requests made from the schema, valid and not, with a token that has every right."""
    described = schemathesis.openapi.from_url(f"{world.client.base_url}/openapi.json")
    headers = {"Authorization": f"Bearer {world.secrets['all']}"}
    broken = []
    for found in described.get_all_operations():
        operation = cast(Any, found).ok()
        if not operation.path.startswith(("/submissions", "/evidence")):
            continue

        @given(
            case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE) | operation.as_strategy()
        )
        @settings(
            derandomize=True, deadline=None, max_examples=5, database=None, suppress_health_check=list(HealthCheck)
        )
        def keeps(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        try:
            keeps()
        except BaseExceptionGroup as error:
            broken += [f"{operation.label}: {part}" for part in error.exceptions]
        except Exception as error:
            broken.append(f"{operation.label}: {error}")
    assert not broken, "\n\n".join(broken)


# -- in a browser, without scripts -------------------------------------------------------------------------------------


def test_a_form_with_the_token_in_it_does_all_that_a_program_can(world: World) -> None:
    page = world.client.get("/submissions", headers=BROWSER)
    assert page.status_code == 200
    assert 'action="/submissions"' in page.text
    assert "set-cookie" not in page.headers
    files = {"data": ("x.ttl", report_of("form").encode(), "application/octet-stream")}
    token = {"token": world.secrets["ngo"]}
    answer = world.client.post("/submissions", data=LETTER | token, files=files, headers=BROWSER)
    assert answer.status_code == 202, answer.text
    name = answer.headers["location"].rpartition("/")[2]
    curator = {"token": world.secrets["curator"]}
    assert name in world.client.post("/submissions/queue", data=curator, headers=BROWSER).text
    assert "Decide" in world.client.post(f"/submissions/{name}/view", data=curator, headers=BROWSER).text
    done = world.client.post(
        f"/submissions/{name}/decision", data=curator | {"action": "reject", "reason": "No."}, headers=BROWSER
    )
    assert "Rejected" in done.text
    assert world.client.post("/submissions/queue", data={"token": "wrong"}).status_code == 401
    assert world.secrets["ngo"] not in (world.folder / "log.jsonl").read_text()


# -- files of evidence -------------------------------------------------------------------------------------------------


def test_a_file_is_kept_twice_and_whoever_changes_it_is_found(world: World) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Maria Lopez"
    out = io.BytesIO()
    Image.new("RGB", (16, 16), (90, 20, 20)).save(out, "JPEG", exif=exif)
    photo = out.getvalue()
    files = {
        "data": ("x.ttl", report_of("photo").encode(), "text/turtle"),
        "evidence": ("Maria Lopez at the gate.pdf", photo, "application/pdf"),
    }
    more = {"evidence_node": "source/photo", "archived": "https://web.archive.org/web/2020/https://example.org/photo"}
    answer = world.ask("ngo", "POST", "/submissions", data=LETTER | more, files=files)
    assert answer.status_code == 202, answer.text
    (file,) = answer.json()["files"]
    assert file["mediaType"] == "image/jpeg", "told by its content"
    name = answer.json()["id"]
    sent, published = file["sha256"], file["published"]
    assert world.ask("ngo", "GET", f"/submissions/{name}/files/{sent}").status_code == 403
    assert world.ask("curator", "GET", f"/submissions/{name}/files/{sent}").content == photo
    assert world.client.get(f"/evidence/{published}").status_code == 404, "not before it is accepted"
    assert world.decide(name).status_code == 200

    place = world.desk.blobs.place(sent)
    place.write_bytes(photo + b"!")
    broken = world.ask("curator", "GET", f"/submissions/{name}/files/{sent}")
    assert broken.status_code == 409
    assert [p.where for p in world.desk.verify()] == [str(place)]
    world.wait(lambda: world.ask("curator", "GET", f"/submissions/{name}").json()["inGraph"])
    found = world.client.get("/gaps", params={"rule": "evidence-changed"}).json()["findings"]
    assert "source/photo" in str(found)
    shown = world.client.get(f"/evidence/{published}")
    assert shown.status_code == 200
    assert b"Lopez" not in shown.content
    assert shown.headers["content-disposition"].startswith("attachment")
    assert "web.archive.org" in world.client.get("/id/source/photo.ttl").text
    assert sent not in world.client.get("/id/source/photo.ttl").text, "the hash of the original could tell who has it"
    place.write_bytes(photo)


def test_a_file_of_no_known_kind_is_refused(world: World) -> None:
    files = {
        "data": ("x.ttl", report_of("program").encode(), "text/turtle"),
        "evidence": ("photo.jpg", b"MZ\x90\x00 this program is no photo", "image/jpeg"),
    }
    answer = world.ask("ngo", "POST", "/submissions", data=LETTER, files=files)
    assert answer.status_code == 422
    assert "its content tells" in answer.text


# -- broken and hostile bodies -----------------------------------------------------------------------------------------


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


def test_where_the_disk_is_full_it_is_said_and_nothing_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    name, before = sent(world, "no-room"), len(world.desk.log.lines())

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        answers = [world.send(report_of("no-room-either")), world.decide(name)]
    for answer in answers:
        assert answer.status_code == 507
        assert answer.json()["type"].endswith("/problem/no-room")
        assert str(world.folder) not in answer.text
    assert len(world.desk.log.lines()) == before
    assert world.ask("ngo", "GET", f"/submissions/{name}").json()["state"] == "received"
    assert world.desk.verify() == []
