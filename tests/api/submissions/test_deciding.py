"""Into the graph and out of it: when graph and rules see a submission, and what keeps it from the public."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.submissions.world import LETTER, World, report_of, sent


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
    assert world.ask("curator", "GET", f"/submissions/{name}/rights").status_code == 410
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
