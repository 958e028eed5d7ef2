"""Suggested rights that a submitter takes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.api.submissions.world import World, sent


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


def test_of_two_suggestions_that_are_taken_at_once_both_are_kept(world: World) -> None:
    name = sent(world, "twice")
    (impact,) = world.ask("ngo", "GET", f"/submissions/{name}/rights").json()["impacts"]
    offered = [s["provision"] for s in impact["suggestions"] if s["provision"] not in impact["rights"]]
    assert len(offered) > 1

    def take(provision: str) -> httpx.Response:
        chosen = {"impact": impact["impact"], "provision": provision}
        return world.ask("ngo", "POST", f"/submissions/{name}/rights", json=chosen)

    with ThreadPoolExecutor(len(offered)) as pool:
        assert {answer.status_code for answer in pool.map(take, offered)} == {200}
    (impact,) = world.ask("ngo", "GET", f"/submissions/{name}/rights").json()["impacts"]
    assert set(offered) <= set(impact["rights"])
    steps = world.ask("ngo", "GET", f"/submissions/{name}").json()["steps"]
    assert take(offered[0]).json()["steps"] == steps, "taken again, it changes nothing"
