"""In a browser, without scripts."""

from __future__ import annotations

from tests.api.submissions.world import BROWSER, LETTER, World, report_of


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
