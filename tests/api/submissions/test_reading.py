"""Who sees a submission before and after a decision, and that nobody else learns of it."""

from __future__ import annotations

from tests.api.submissions.world import World, report_of, sent


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
