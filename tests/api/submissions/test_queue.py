"""The queue of submissions, page by page."""

from __future__ import annotations

import httpx

from tests.api.submissions.world import BROWSER, World, sent


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
