"""What stands before every route: rates, sizes, headers that keep pages safe, and a log of who asked for what."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hrdd_api.access import Caller
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from pydantic import ValidationError

from hrdd_graph.access import TokenFile
from hrdd_graph.build import build
from hrdd_graph.errors import UnusableInput
from hrdd_graph.resources import open_resources
from hrdd_graph.store.embedded import EmbeddedStore

Serve = Callable[..., FastAPI]
FAR = "192.0.2.7"


@pytest.fixture
def serve(tiny: Path) -> Iterator[Serve]:
    """Makes a server over the tiny graph with settings of one's own."""
    sheet = tiny / "data" / "cases" / "tiny.yaml"
    sheet.write_text(sheet.read_text().partition("- id: abuse/dye")[0])
    resources, store = open_resources(tiny), EmbeddedStore.in_memory()
    build(resources, store)
    made: list[FastAPI] = []

    def create(**given: Any) -> FastAPI:
        made.append(create_app(resources, store, Settings(**given)))
        return made[-1]

    yield create
    for app in made:
        app.state.knowledge.close()


def ask(app: FastAPI, path: str, *, method: str = "GET", address: str = FAR, **given: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, **given)

    return asyncio.run(send())


def test_whoever_asks_too_often_is_told_when_to_come_back(serve: Serve) -> None:
    app = serve(rate_address="3/minute")
    answers = [ask(app, "/health/live") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[0].headers["ratelimit-policy"] == '"address";q=3;w=60'
    assert answers[0].headers["ratelimit"].startswith('"address";r=2;t=')
    refused = answers[-1]
    assert refused.json()["type"].endswith("/problem/too-many")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["fix"]
    assert ask(app, "/health/live", address="192.0.2.8").status_code == 200, "another address has its own count"


def test_a_token_has_a_rate_of_its_own_and_a_false_one_counts_for_the_address(serve: Serve, tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path / "tokens.json")
    _, secret = tokens.create("a program", ["submit"])
    app = serve(rate_address="2/minute", rate_token="4/minute", tokens=tokens.path)
    good, bad = ({"Authorization": f"Bearer {word}"} for word in (secret, "guess"))
    assert [ask(app, "/", headers=good).status_code for _ in range(5)] == [200] * 4 + [429]
    assert [ask(app, "/", headers=bad).status_code for _ in range(3)] == [401, 401, 429]


def test_one_network_of_ipv6_is_one_caller_and_this_machine_has_no_limit(serve: Serve) -> None:
    app = serve(rate_address="2/minute")
    assert [ask(app, "/", address=f"2001:db8:1:1::{n}").status_code for n in range(3)] == [200, 200, 429]
    assert ask(app, "/", address="2001:db8:1:2::1").status_code == 200
    assert {ask(app, "/", address=local).status_code for local in ("127.0.0.1", "::1") for _ in range(3)} == {200}


@pytest.mark.parametrize(
    ("address", "kind", "network"),
    [
        ("127.0.0.1", "loopback", "127.0.0.1"),
        ("10.1.2.3", "private", "10.1.2.3"),
        ("9.9.9.9", "public", "9.9.9.9"),
        ("::ffff:9.9.9.9", "public", "9.9.9.9"),
        ("2620:fe::1:9", "public", "2620:fe::"),
        ("", "unknown", ""),
        ("/run/socket", "unknown", "/run/socket"),
    ],
)
def test_addresses(address: str, kind: str, network: str) -> None:
    caller = Caller(address)
    assert (caller.network, caller.kind) == (network, kind)


@pytest.mark.parametrize("rate", ["often", "10", "-1/minute", "ten/minute", "10/fortnight"])
def test_what_is_no_rate_is_refused_at_the_start(rate: str) -> None:
    with pytest.raises(ValidationError):
        Settings(rate_address=rate)


@pytest.mark.parametrize("path", ["/sparql", "/reconcile", "/", "/gaps", "/nowhere"])
def test_a_body_that_is_too_large_is_refused_on_every_route(serve: Serve, path: str) -> None:
    app = serve(max_body_bytes=2000)
    refused = ask(app, path, method="POST", content=b"x" * 2001)
    assert refused.status_code == 413
    assert refused.json()["type"].endswith("/problem/too-large")


@pytest.mark.parametrize("path", ["/sparql", "/reconcile"])
def test_a_body_that_does_not_tell_its_length_is_counted(serve: Serve, path: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100

    app = serve(max_body_bytes=2000)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert ask(app, path, method="POST", content=body(), headers=form).status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "9" * 50])
def test_a_length_that_is_none_is_refused(serve: Serve, length: str) -> None:
    refused = ask(serve(), "/sparql", method="POST", content=b"", headers={"Content-Length": length})
    assert refused.status_code == 413


def test_an_address_without_end_is_refused(serve: Serve) -> None:
    app = serve(max_address_bytes=1000)
    assert ask(app, "/sparql?query=" + "x" * 1000).status_code == 414
    assert ask(app, "/" + "x" * 1000).json()["fix"]


@pytest.mark.parametrize("path", ["/", "/gaps", "/nowhere", "/static/hrdd.css", "/health/live", "/sparql"])
def test_every_answer_has_the_headers_that_keep_pages_safe(serve: Serve, path: str) -> None:
    fields = ask(serve(), path, headers={"Accept": "text/html"}).headers
    assert "frame-ancestors 'none'" in fields["content-security-policy"]
    assert "unsafe" not in fields["content-security-policy"]
    assert "default-src 'none'" in fields["content-security-policy"]
    assert (fields["x-content-type-options"], fields["referrer-policy"]) == ("nosniff", "no-referrer")
    assert "Authorization" in fields["vary"]


def test_only_the_preview_may_stand_in_a_frame_of_others(program: httpx.Client) -> None:
    fields = program.get("/reconcile/preview?id=id/organisation/newmont").headers
    assert fields["content-security-policy"].endswith("frame-ancestors *")
    assert program.get("/reconcile/preview?id=nothing").headers["content-security-policy"].endswith("'none'")


def test_the_log_tells_who_asked_for_what_and_nothing_that_they_typed(serve: Serve, tmp_path: Path) -> None:
    log, tokens = tmp_path / "audit.jsonl", TokenFile(tmp_path / "tokens.json")
    token, secret = tokens.create("a program", ["submit"])
    app = serve(audit_log=log, tokens=tokens.path)
    ask(app, "/sparql?query=ASK%7B%3FJane%20%3FDoe%20%3Fo%7D", address="9.9.9.9")
    ask(app, "/id/person/jane-doe.ttl", address="127.0.0.1", headers={"User-Agent": "Jane Doe"})
    ask(app, "/queries/parties", headers={"Authorization": f"Bearer {secret}"})
    ask(app, "/queries/parties", headers={"Authorization": "Bearer jane-doe"})
    ask(app, "/", method="JANEDOE")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert lines[0]["event"] == "start"
    told = [(line["who"], line["method"], line["route"], line["status"]) for line in lines[1:]]
    assert told[1:4] == [
        ("loopback", "GET", "/id/{kind}/{slug:path}", 404),
        (f"token {token.id}", "GET", "/queries/parties", 200),
        ("private", "GET", "", 401),
    ]
    assert told[0][:3] == ("public", "GET", "/sparql")
    text = log.read_text().lower()
    assert not [word for word in ("jane", "doe", "9.9.9.9", secret.lower()) if word in text]
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_log_is_only_ever_appended_to(serve: Serve, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    log.write_text('{"earlier": true}\n')
    ask(serve(audit_log=log), "/health/live")
    assert json.loads(log.read_text().splitlines()[0]) == {"earlier": True}


def test_a_log_that_cannot_be_written_stops_the_start(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="cannot be written"):
        serve(audit_log=tmp_path / "nowhere" / "audit.jsonl")
