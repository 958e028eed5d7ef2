"""A token that is revoked while its holder is at it: what was begun may end, and nothing further is let in."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import httpx
import pytest

from tests.api.processes import Connection, Home, Running
from tests.conftest import TINY_HEADER

HIDDEN = "zephyrquartz"
ROWS = 100_000  # more than the sockets in between hold: the server is still at it when the token is revoked
LONG = f"SELECT ?party ?s ?o {{ ?party a hrdd:NamedParty . ?s ?p ?o . ?q a ?c }} LIMIT {ROWS}"
KEPT = ("/queries/parties.json", "/queries/parties.html", "/gaps.json", "/search.json?q=mill", "/catalog.json")
ITS_OWN = (f"/id/organisation/{HIDDEN}.json", "/dumps/graph/hidden.nq")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A store with a restricted graph, and its readers."""
    home = Home(tmp_path_factory.mktemp("revoked"), {name: ["read:*"] for name in ("rows", "agent", "keeper")})
    restricted = TINY_HEADER.replace("graph/tiny", "graph/hidden").replace("source/tiny", "source/hidden")
    mill = f'- {{id: organisation/{HIDDEN}, type: [Firm, NamedParty], label: {HIDDEN} mill, locator: "p. 2"}}\n'
    (home.root / "data" / "cases" / "hidden.yaml").write_text(restricted + mill)
    catalog = home.root / "data" / "catalog.ttl"
    text = catalog.read_text()
    prefixes, entry = text[: text.index("dataset:tiny")], text[text.index("dataset:tiny") :]
    hidden = entry.replace("tiny", "hidden").replace("hrdd:PublicAccess", "hrdd:RestrictedAccess")
    catalog.write_text(prefixes + entry + hidden)
    (home.root / "queries" / "parties.rq").write_text(
        "#+ summary: Who is there?\n#+ order: [party]\nSELECT ?party WHERE { ?party a hrdd:NamedParty }\n"
    )
    home.build()
    return home


@pytest.fixture(scope="module")
def running(home: Home) -> Iterator[Running]:
    with home.serving(HRDD_CATALOG_SECONDS="3600") as running:
        yield running


def revoke(home: Home, who: str) -> None:
    """As an operator does it, by the command line."""
    command = home.hrdd("token", "revoke", home.ids[who], "--tokens", str(home.tokens.path))
    subprocess.run(command, env=home.environment(), check=True, capture_output=True, timeout=60)


def is_refused(answer: http.client.HTTPResponse) -> bool:
    told = json.loads(answer.read())
    return (
        answer.status == 401
        and told["type"].endswith("/problem/unauthorized")
        and "invalid_token" in answer.headers["WWW-Authenticate"]
    )


def test_a_long_answer_ends_and_the_next_request_on_its_connection_is_refused(home: Home, running: Running) -> None:
    with closing(Connection(running.address, home.bearer("rows"))) as connection:
        answer = connection.ask(f"/sparql.csv?query={quote(LONG)}")
        assert answer.status == 200
        begun = answer.read(1000)
        revoke(home, "rows")
        whole = begun + answer.read()
        assert whole.count(HIDDEN.encode()) >= ROWS
        assert whole.count(b"\n") >= ROWS + 1
        assert is_refused(connection.ask(f"/sparql.csv?query={quote(LONG)}"))
        assert is_refused(connection.ask("/token"))


def test_an_agent_is_refused_between_two_calls_on_one_connection(home: Home, running: Running) -> None:
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "query_parties", "arguments": {}},
    }
    kinds = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    with closing(Connection(running.address, home.bearer("agent") | kinds)) as connection:
        for _ in range(2):
            answer = connection.ask("/mcp", "POST", json.dumps(call))
            assert answer.status == 200
            assert HIDDEN in answer.read().decode()
        revoke(home, "agent")
        assert is_refused(connection.ask("/mcp", "POST", json.dumps(call)))
    public = httpx.post(f"{running.address}/mcp", json=call, headers=kinds, timeout=60)
    assert public.status_code == 200
    assert HIDDEN not in public.text


def tells(text: str) -> bool:
    """Whether the restricted graph is told of."""
    return HIDDEN in text or "graph/hidden" in text


def test_what_was_kept_for_its_holder_is_served_to_nobody(home: Home, running: Running) -> None:
    tags = {}
    with closing(Connection(running.address, home.bearer("keeper"))) as connection:
        for path in (*KEPT, *ITS_OWN) * 2:  # the second time from memory
            answer = connection.ask(path)
            assert answer.status == 200, path
            assert tells(answer.read().decode()), path
            assert "public" not in answer.headers["Cache-Control"]
            assert "Authorization" in answer.headers["Vary"]
            tags[path] = answer.headers["ETag"]
        revoke(home, "keeper")
        for path, tag in tags.items():
            assert is_refused(connection.ask(path, **{"If-None-Match": tag})), path
    with home.client(running.address) as others:
        for path, tag in tags.items():
            for fields in ({}, {"If-None-Match": tag}):
                found = others.get(path, headers=fields)
                assert found.status_code == (404 if path in ITS_OWN else 200), "its tag tells nobody anything"
                assert path in ITS_OWN or not tells(found.text), path
