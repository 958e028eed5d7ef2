"""A workbook that names parties like known ones: a person decides before it is sent, and the decisions go with it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest
from hrdd_api.app import create_app
from hrdd_api.settings import Settings

from hrdd_graph.access import TokenFile
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import HRDD, IDS
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.submissions.desk import Conflict, Desk
from hrdd_graph.submissions.letter import read_letter
from hrdd_graph.submissions.state import Submission
from hrdd_graph.submissions.who import field_of
from hrdd_graph.terms import Iri
from tests.api.conftest import serving

TABLE = "Party ID,Name,Kind,Named,Country\nP1,Saga Sports,Firm,yes,\nP2,Newmont Mining Corporation,Firm,yes,\n"
SAGA = "organisation/saga"
MINE = "organisation/submission-preview-p1"
PAIR = field_of(MINE, SAGA)
LETTER = {"title": "Parties", "issued": "2025", "licence": "https://creativecommons.org/licenses/by/4.0/"}


class World:
    def __init__(self, client: httpx.Client, desk: Desk) -> None:
        self.client, self.desk = client, desk

    def post(self, accept: str = "application/json", **fields: str) -> httpx.Response:
        files = {"data": ("parties.csv", TABLE.encode(), "text/csv")}
        return self.client.post("/submissions/workbook", data=LETTER | fields, files=files, headers={"Accept": accept})

    def facts(self, answer: httpx.Response) -> tuple[Facts, dict[str, Any]]:
        assert answer.status_code == 202, answer.text
        one = self.desk.find(answer.json()["id"])
        assert one is not None
        return Facts(self.desk.quads(one)), answer.json()


@pytest.fixture(scope="module")
def world(resources: Resources, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("who")
    tokens = TokenFile(folder / "tokens.json")
    headers = {"Authorization": f"Bearer {tokens.create('ngo', ['submit'])[1]}"}
    app = create_app(resources, store, Settings(tokens=tokens.path, submissions=folder / "desk"))
    with serving(app) as address, httpx.Client(base_url=address, headers=headers, timeout=120) as client:
        yield World(client, app.state.desk)


def test_a_look_tells_who_may_be_who_with_the_score_and_why(world: World) -> None:
    links = {(link["party"], link["candidate"]): link for link in world.post().json()["links"]}
    link = links[MINE, SAGA]
    assert not link["sure"]
    assert not link["linked"]
    assert 0.8 <= link["score"] <= 1
    assert "names equal but for the legal form" in link["why"]


@pytest.mark.parametrize(("word", "linked"), [("same", True), ("different", False), ("later", False)])
def test_what_was_decided_goes_with_the_submission(world: World, word: str, linked: bool) -> None:
    facts, document = world.facts(world.post(do="send", **{PAIR: word}))
    mentioned = [facts.objects(node, HRDD.mentions) for node in facts.of_type(HRDD.Mention)]
    assert ([Iri(f"{IDS}{SAGA}")] in mentioned) is linked
    (told,) = [link for link in document["report"]["links"] if link["candidate"] == SAGA]
    assert (told["decision"], told["linked"]) == ("" if word == "later" else word, linked)


@pytest.mark.parametrize(
    ("field", "word", "says"),
    [
        (PAIR, "perhaps", "is no decision"),
        (field_of(MINE, "organisation/newmont"), "same", "are no pair that may be one"),
    ],
)
def test_a_decision_that_is_none_or_on_nobody_is_not_lost_silently(
    world: World, field: str, word: str, says: str
) -> None:
    before = len(world.desk.log.lines())
    for do in ("look", "send"):
        answer = world.post(do=do, **{field: word})
        assert answer.status_code == 422, answer.text
        assert says in answer.text
    assert len(world.desk.log.lines()) == before


def test_on_the_page_a_person_chooses_and_sends_without_scripts(world: World) -> None:
    page = world.post("text/html").text
    names = {unescape(name) for name in re.findall(r'<select name="(who:[^"]+)"', page)}
    assert PAIR in names
    assert 'aria-label="Saga Sports and Saga' in page
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert base64.b64decode(hidden["workbook"]) == TABLE.encode()
    form = {name: unescape(value) for name, value in hidden.items()} | dict.fromkeys(names, "later")
    headers = {"Accept": "text/html"}
    sent = world.client.post("/submissions/workbook", data=form | {PAIR: "same", "do": "send"}, headers=headers)
    assert sent.status_code == 202, sent.text
    assert re.search(r"Saga Sports \([^)]*2\): <strong>the same as</strong> Saga", sent.text)
    assert "Decided by the submitter." in sent.text


def test_the_same_key_with_another_decision_is_a_conflict(world: World) -> None:
    def receive(word: str) -> Submission:
        letter, decided = read_letter(LETTER), {(MINE, SAGA): word}
        return world.desk.receive(TABLE.encode(), "text/csv", letter, by="ngo", key="k", decisions=decided)

    assert receive("same") == receive("same")
    with pytest.raises(Conflict):
        receive("different")
