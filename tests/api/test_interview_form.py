"""An interview by the form: the rows of the interview profile, and nobody named without leave."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from hrdd_api.app import create_app
from hrdd_api.pages.questionnaire import QUESTIONS
from hrdd_api.settings import Settings

from hrdd_graph.access import TokenFile
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import DCTERMS, HRDD, IDS
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.submissions.desk import Desk
from hrdd_graph.terms import Iri
from hrdd_graph.view import View
from tests.api.conftest import serving

ADDRESS = "/submissions/interview"
TALK = {
    "talk": "Talk with a researcher on a dyeing cluster",
    "day": "2026-11-20",
    "recorded": "no",
    "cluster": "Example dyeing cluster",
    "country": "country:TH",
    "answer-8": "In the dyeing cluster; long hours in most workshops.",
    "claim-1-label": "Long hours in workshops of the dyeing cluster",
    "claim-1-description": "Most workshops exceed twelve hours a day before shipment, without rest.",
    "claim-1-answer": "8",
    "claim-1-people": "Workers of the dyeing cluster",
    "take-1-udhr:24": "yes",
    "conduct": "WindowDressing",
    "reason": "Codes are signed for buyers, and hours are as long as before.",
    "consent": "given",
    "risk": "possible",
}


class World:
    def __init__(self, client: httpx.Client, desk: Desk) -> None:
        self.client, self.desk = client, desk

    def send(self, **changes: str) -> httpx.Response:
        return self.client.post(ADDRESS, json={**TALK, **changes})


@pytest.fixture(scope="module")
def world(resources: Resources, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("interviews")
    tokens = TokenFile(folder / "tokens.json")
    headers = {"Authorization": f"Bearer {tokens.create('ngo', ['submit'])[1]}", "Accept": "application/json"}
    app = create_app(resources, store, Settings(tokens=tokens.path, submissions=folder / "desk"))
    with serving(app) as address, httpx.Client(base_url=address, headers=headers, timeout=120) as client:
        yield World(client, app.state.desk)


def facts_of(world: World, answer: httpx.Response) -> Facts:
    assert answer.status_code == 202, answer.text
    one = world.desk.find(answer.json()["id"])
    assert one is not None
    return Facts(world.desk.quads(one))


def test_the_form_asks_what_the_graph_says_that_the_questionnaire_asks(view: View) -> None:
    asked = {
        int(row[0].value): row[1].value
        for row in view.rows(
            f"SELECT ?n ?text WHERE {{ ?q a <{HRDD.Question.value}> ; <{HRDD.questionNumber.value}> ?n ; "
            f"<{DCTERMS.description.value}> ?text }}"
        )
        if row[0] is not None and row[1] is not None
    }
    assert asked == QUESTIONS


def test_a_talk_becomes_an_interview_answers_a_claim_and_a_classification(world: World) -> None:
    facts = facts_of(world, world.send())
    (talk,) = facts.of_type(HRDD.Interview)
    assert facts.text(talk, HRDD.recordingConsent) == "false"
    assert facts.objects(talk, HRDD.creator) == []
    (answer,) = facts.of_type(HRDD.Answer)
    assert facts.objects(answer, HRDD.answersQuestion) == [Iri(f"{IDS}question/nieri-08")]
    (abuse,) = facts.of_type(HRDD.Abuse)
    (link,) = facts.of_type(HRDD.ProvisionLink)
    assert facts.objects(link, HRDD.hasBasis) == [HRDD.SuggestedAccepted]
    (evidence,) = facts.objects(abuse, HRDD.hasEvidence)
    assert facts.text(evidence, HRDD.locator) == "question 8"
    (placed,) = facts.of_type(HRDD.ConductClassification)
    assert facts.objects(placed, HRDD.hasConductType) == [HRDD.WindowDressing]
    assert facts.objects(placed, HRDD.classifies) == facts.objects(abuse, HRDD.occurredIn) == facts.of_type(
        HRDD.IndustrialCluster
    )  # fmt: skip


def test_a_talk_can_be_about_a_cluster_that_the_graph_knows(world: World) -> None:
    facts = facts_of(world, world.send(known="cluster/sialkot-football", cluster="", country=""))
    known = Iri(f"{IDS}cluster/sialkot-football")
    assert facts.of_type(HRDD.IndustrialCluster) == []
    for kind, predicate in ((HRDD.Interview, HRDD.concerns), (HRDD.Abuse, HRDD.occurredIn)):
        (node,) = facts.of_type(kind)
        assert facts.objects(node, predicate) == [known]


def test_sent_twice_it_is_one_submission(world: World) -> None:
    first, second = (world.send(talk="The same talk again").json()["id"] for _ in range(2))
    assert first == second


def test_the_informant_is_called_as_agreed_and_what_must_not_appear_is_not_kept(world: World) -> None:
    answer = world.send(informant="A researcher", agreed="yes", unnamed="Example Person; Another Name")
    facts = facts_of(world, answer)
    (talk,) = facts.of_type(HRDD.Interview)
    assert facts.text(talk, HRDD.creator) == "A researcher"
    kept = b"".join(path.read_bytes() for path in world.desk.folder.rglob("*") if path.is_file())
    assert b"Dyeing" in kept or b"dyeing" in kept
    assert b"Another Name" not in kept


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"informant": "Dr Example"}, "informant", "only with consent"),
        ({"unnamed": "A. Person", "answer-3": "As a person (A. Pérson) said."}, "answer-3", "want to keep out"),
        ({"unnamed": "Example Person", "claim-1-people": "example person"}, "claim-1-people", "want to keep out"),
        ({"cluster": ""}, "cluster", "Choose a cluster"),
        ({"recorded": ""}, "recorded", "is empty"),
        ({"answer-8": ""}, "answer-1", "at least one question"),
        ({"reason": ""}, "reason", "is empty"),
        ({"claim-1-answer": ""}, "claim-1-answer", "Choose the question"),
        ({"take-1-udhr:24": ""}, "claim-1-rights", "names no right"),
        ({"take-1-udhr:14": "yes"}, "claim-1-rights", "not suggested by these words"),
        ({"claim-2-description": "x", "claim-2-rights": "UDHR 24"}, "claim-2-label", "Say in one line"),
        ({"answer-9": "Write to someone@example.org"}, "Answer", "e-mail address"),
    ],
)
def test_of_a_talk_with_a_fault_nothing_is_kept(world: World, changes: dict[str, str], field: str, says: str) -> None:
    before = len(world.desk.log.lines())
    answer = world.send(**changes)
    assert answer.status_code == 422, answer.text
    assert [p["parameter"] for p in answer.json()["problems"] if says in p["what"] + p.get("fix", "")] == [field]
    assert len(world.desk.log.lines()) == before


def test_with_a_fault_the_page_keeps_what_was_written_and_leads_to_the_field(world: World) -> None:
    answer = world.client.post(ADDRESS, data={**TALK, "reason": ""}, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert 'href="#f-reason"' in answer.text
    assert "long hours in most workshops" in answer.text
    assert 'name="take-1-udhr:24" value="yes" checked' in answer.text


def test_a_program_sees_what_is_asked_and_what_claims_suggest(world: World) -> None:
    asked = world.client.get(ADDRESS).json()
    assert len(asked["questions"]) == 12
    assert set(TALK) - set(asked["letter"]) - {"take-1-udhr:24"} <= set(asked["fields"])
    found = world.send(do="suggest").json()["claims"]
    assert "udhr:24" in [s["id"] for s in found[0]["suggestions"]]
    assert found[1]["suggestions"] == []
