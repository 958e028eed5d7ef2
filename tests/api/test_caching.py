"""Entity tags: the same question over the same graph has the same tag, any other has another."""

from __future__ import annotations

import threading
from datetime import date

import httpx
import pytest
from hrdd_api.kept import Kept

TAGGED = [
    "/", "/gaps", "/gaps.csv", "/gaps.xlsx", "/rules", "/rules/certified-open-abuse", "/queries", "/queries/figures",
    "/queries/figures.csv", "/queries/record-with-evidence?record=abuse/mae-sot-discrimination",
    "/id/organisation/newmont", "/udhr/article/23.4.ttl", "/graph/nieri-2016.nt", "/catalog", "/ontology",
    "/context.jsonld",
]  # fmt: skip


@pytest.mark.parametrize("path", TAGGED)
def test_what_the_caller_has_is_not_sent_again(program: httpx.Client, path: str) -> None:
    first = program.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('"'), "a strong tag"
    assert program.get(path).content == first.content, "the same tag means the same bytes"
    for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = program.get(path, headers={"If-None-Match": sent})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert program.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_whatever_changes_the_bytes_changes_the_tag(program: httpx.Client) -> None:
    rule = {"rule": "certified-open-abuse"}
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = [
        ("/gaps", rule, {}),
        ("/gaps", rule | {"severity": "high"}, {}),
        ("/gaps", rule | {"as_of": "2010-01-01"}, {}),
        ("/gaps", rule | {"known_on": "2010-01-01"}, {}),
        ("/gaps", rule | {"language": "fr"}, {}),
        ("/gaps", rule, {"Accept-Language": "es"}),
        ("/gaps", rule, {"Accept": "text/html"}),
        ("/gaps", rule, {"Accept": "text/turtle"}),
        ("/gaps", {"rule": "no-consultation"}, {}),
        ("/gaps", rule | {"focus": "organisation/newmont"}, {}),
        ("/queries/figures", {}, {}),
        ("/queries/figures", {"quantity": "workers"}, {}),
        ("/queries/figures.csv", {"quantity": "workers"}, {}),
    ]
    tags = [program.get(path, params=params, headers=headers).headers["etag"] for path, params, headers in asked]
    assert len(set(tags)) == len(tags)


def test_today_and_today_named_are_the_same_evaluation(program: httpx.Client) -> None:
    named = program.get("/gaps", params={"as_of": date.today().isoformat()}).json()
    assert named == program.get("/gaps").json()


def test_failures_are_not_kept(program: httpx.Client) -> None:
    assert program.get("/nowhere").headers["cache-control"] == "no-store"
    assert "etag" not in program.get("/nowhere").headers


def test_a_value_is_made_once_however_many_ask() -> None:
    kept: Kept[str, int] = Kept(2)
    made = []
    gate = threading.Event()

    def make() -> int:
        gate.wait(5)
        made.append(1)
        return 7

    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(kept.get("a", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert (results, made) == ([7] * 8, [1])


def test_a_failure_is_made_anew_and_the_oldest_value_goes() -> None:
    kept: Kept[str, int] = Kept(2)

    def fail() -> int:
        raise OSError

    with pytest.raises(OSError):
        kept.get("a", fail)
    assert kept.get("a", lambda: 1) == 1
    kept.get("b", lambda: 2)
    kept.get("c", lambda: 3)
    assert kept.get("a", lambda: 4) == 4
    assert kept.get("c", lambda: 5) == 3
