"""One incident, by a form."""

from __future__ import annotations

import pytest

from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import HRDD
from tests.api.submissions.world import IDS, World, sent

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
