"""A correction of one's own: the earlier version leaves when the new one is accepted."""

from __future__ import annotations

from tests.api.submissions.world import BROWSER, World, report_of, sent


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
