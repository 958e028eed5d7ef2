"""Access over HTTP: a token gives what its scopes say and no more, at once and no longer than it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import Depends
from hrdd_api.access import token_with
from hrdd_api.app import create_app
from hrdd_api.settings import Settings

from hrdd_graph.access import Token, TokenFile
from hrdd_graph.build import build
from hrdd_graph.resources import open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from tests.api.conftest import serving
from tests.conftest import TINY_CATALOG

MILL = "/id/organisation/mill"


@pytest.fixture
def tokens(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "tokens.json")


@pytest.fixture
def client(tiny: Path, tokens: TokenFile) -> Iterator[httpx.Client]:
    """A server whose one data set is restricted, with a route that needs the scope to decide."""
    (tiny / "data" / "catalog.ttl").write_text(TINY_CATALOG.replace("PublicAccess", "RestrictedAccess"))
    resources, store = open_resources(tiny), EmbeddedStore.in_memory()
    build(resources, store)
    app = create_app(resources, store, Settings(tokens=tokens.path))

    @app.get("/decisions")
    def decisions(token: Annotated[Token, Depends(token_with("decide"))]) -> str:
        return token.name

    app.router.routes.insert(0, app.router.routes.pop())  # before the route that answers for every other address
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as made:
        yield made


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("scope", ["read:*", "read:tiny"])
def test_a_restricted_graph_is_in_the_view_of_whoever_may_read_it(
    client: httpx.Client, tokens: TokenFile, scope: str
) -> None:
    _, secret = tokens.create("a reader", [scope])
    assert client.get(MILL).status_code == 404
    assert client.get(MILL, headers=bearer(secret)).json()["label"] == "Mill"
    assert client.get(MILL).status_code == 404, "what one caller saw is not kept for another"


@pytest.mark.parametrize("scopes", [["read:other"], ["submit", "decide", "administer"], ["read:tin"]])
def test_any_other_scope_shows_no_more_than_no_token(
    client: httpx.Client, tokens: TokenFile, scopes: list[str]
) -> None:
    _, secret = tokens.create("a writer", scopes)
    for path in (MILL, "/catalog", "/", "/health", "/queries/parties"):
        with_token, without = client.get(path, headers=bearer(secret)), client.get(path)
        assert with_token.content == without.content
        assert with_token.headers.get("etag") == without.headers.get("etag")


def test_a_revoked_token_is_refused_at_once(client: httpx.Client, tokens: TokenFile) -> None:
    token, secret = tokens.create("a reader", ["read:*"])
    assert client.get(MILL, headers=bearer(secret)).status_code == 200
    tokens.revoke(token.id)
    refused = client.get(MILL, headers=bearer(secret))
    assert refused.status_code == 401
    assert refused.json()["type"].endswith("/problem/unauthorized")


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer x", "Basic YTpi", "x", "Bearer hrdd_" + "a" * 43, "Bearer " + "é" * 20]
)
def test_a_token_that_does_not_hold_is_refused_even_where_none_is_needed(client: httpx.Client, value: str) -> None:
    refused = client.get("/", headers={b"Authorization": value.encode("latin-1")})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer ")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert refused.json()["fix"]


def test_two_tokens_at_once_are_refused(client: httpx.Client, tokens: TokenFile) -> None:
    _, secret = tokens.create("a reader", ["read:*"])
    fields = [("Authorization", f"Bearer {secret}"), ("Authorization", "Bearer x")]
    assert client.get("/", headers=fields).status_code == 401


def test_a_scope_that_is_missing_is_named(client: httpx.Client, tokens: TokenFile) -> None:
    _, reader = tokens.create("a reader", ["read:*"])
    _, judge = tokens.create("a judge", ["decide"])
    assert client.get("/decisions").status_code == 401
    refused = client.get("/decisions", headers=bearer(reader))
    assert refused.status_code == 403
    assert 'scope="decide"' in refused.headers["www-authenticate"]
    assert "decide" in refused.json()["fix"]
    assert client.get("/decisions", headers=bearer(judge)).json() == "a judge"


def test_a_token_says_what_it_allows(client: httpx.Client, tokens: TokenFile) -> None:
    token, secret = tokens.create("a reader", ["read:tiny", "submit"])
    told = client.get("/token", headers=bearer(secret))
    assert told.json()["scopes"] == list(token.scopes)
    assert secret not in told.text
    assert token.digest not in told.text
    assert client.get("/token").status_code == 401


def test_a_broken_file_of_tokens_lets_nobody_in_and_leaves_the_public_in_peace(
    client: httpx.Client, tokens: TokenFile
) -> None:
    _, secret = tokens.create("a reader", ["read:*"])
    tokens.path.write_text("{")
    refused = client.get(MILL, headers=bearer(secret))
    assert refused.status_code == 503
    assert str(tokens.path) not in refused.text
    assert client.get("/").status_code == 200
