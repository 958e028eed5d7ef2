"""A server with a public address names it in every link, whatever a caller or a proxy calls the server."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from pydantic import ValidationError

from hrdd_graph.resources import Resources
from hrdd_graph.store import Store

NEXT = "/queries/silences.json?page_size=5"
CALLED = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}


def client(resources: Resources, store: Store, address: str) -> TestClient:
    return TestClient(create_app(resources, store, Settings(public_address=address)))


@pytest.mark.parametrize("path", [NEXT, "/.well-known/void", "/catalog.jsonld", "/sparql.ttl", "/reconcile.json"])
def test_absolute_links_name_the_public_address_alone(resources: Resources, store: Store, path: str) -> None:
    answer = client(resources, store, "https://graph.example.org").get(path, headers=CALLED)
    assert answer.status_code == 200
    told = answer.text + str(answer.headers)
    assert "evil.example" not in told
    assert "https://graph.example.org/" in told


def test_without_one_the_caller_names_the_server(resources: Resources, store: Store) -> None:
    answer = client(resources, store, "").get(NEXT, headers=CALLED)
    assert "http://evil.example/queries/silences" in answer.headers["Link"]


def test_links_of_pages_stand_in_the_folder_that_a_proxy_takes_off(resources: Resources, store: Store) -> None:
    reader = client(resources, store, "https://example.org/rights/")
    for path in ("/", "/gaps", "/rights", "/udhr/article/23", "/queries/open-abuses"):
        page = reader.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200, path
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
        assert len(links) > 5
        assert [link for link in links if not (link == "/rights" or link.startswith("/rights/"))] == []
        styles = next(link for link in links if link.endswith("hrdd.css"))
        assert reader.get(styles.removeprefix("/rights")).status_code == 200
    assert reader.head("/gaps").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["graph.example.org", "ftp://example.org", "https://a b.org", "https://example.org/?q", "https://x/../y%00"],
)
def test_what_is_no_address_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValidationError, match="give an address such as"):
        Settings(public_address=address)
