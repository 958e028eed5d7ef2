"""Reconciliation API 0.2, as OpenRefine uses it."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest


@pytest.fixture(scope="module")
def manifest(program: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = program.get("/reconcile").json()
    return found


def match(program: httpx.Client, **queries: dict[str, Any]) -> dict[str, Any]:
    answer = program.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_manifest_says_what_the_service_can_do(manifest: dict[str, Any], server: str) -> None:
    assert "0.2" in manifest["versions"]
    assert {"name", "identifierSpace", "schemaSpace"} <= set(manifest)
    assert "{{id}}" in manifest["view"]["url"]
    assert manifest["view"]["url"].startswith(server)
    assert "{{id}}" in manifest["preview"]["url"]
    assert isinstance(manifest["preview"]["width"], int)
    assert set(manifest["suggest"]) == {"entity", "type", "property"}
    assert manifest["batchSize"] > 1
    assert all(set(kind) == {"id", "name"} for kind in manifest["defaultTypes"])


def test_a_batch_as_openrefine_sends_it(program: httpx.Client) -> None:
    found = match(
        program,
        q0={"query": "NIKE, Inc.", "type": "Organisation", "limit": 3, "type_strict": "should"},
        q1={"query": "Sialkot", "properties": [{"pid": "hrdd:locatedIn", "v": "Pakistan"}]},
        q2={"query": "no such name whatever"},
    )
    best = found["q0"]["result"][0]
    assert best["id"] == "id/organisation/nike"
    assert best["match"] is True
    assert best["score"] > 90
    assert {feature["id"] for feature in best["features"]} >= {"equal", "spelling", "words"}
    assert any("sialkot" in candidate["id"] for candidate in found["q1"]["result"])
    assert not any(candidate["match"] for candidate in found["q2"]["result"])
    for answer in found.values():
        scores = [candidate["score"] for candidate in answer["result"]]
        assert scores == sorted(scores, reverse=True)
        for candidate in answer["result"]:
            assert {"id", "name", "score"} <= set(candidate)
            assert all(isinstance(f["value"], int | float | bool) for f in candidate["features"])
            assert [c["score"] for c in answer["result"]] == sorted(
                (c["score"] for c in answer["result"]), reverse=True
            )


def test_get_and_post_give_the_same(program: httpx.Client) -> None:
    queries = json.dumps({"q": {"query": "Saga"}})
    by_get = program.get("/reconcile", params={"queries": queries})
    assert by_get.content == program.post("/reconcile", data={"queries": queries}).content


def test_an_identifier_leads_to_its_page_and_its_preview(program: httpx.Client, manifest: dict[str, Any]) -> None:
    for template in (manifest["view"]["url"], manifest["preview"]["url"]):
        page = httpx.get(template.replace("{{id}}", "id/organisation/nike"), follow_redirects=True, timeout=60)
        assert page.status_code == 200
        assert "Nike" in page.text


def test_suggestions_complete_what_is_typed(program: httpx.Client) -> None:
    entities = program.get("/reconcile/suggest/entity", params={"prefix": "Yanac"}).json()["result"]
    assert any(entity["name"] == "Minería Yanacocha" for entity in entities)
    assert all({"id", "name"} <= set(entity) for entity in entities)
    types = program.get("/reconcile/suggest/type", params={"prefix": "clus"}).json()["result"]
    assert {"id": "IndustrialCluster", "name": "industrial cluster"} in types
    properties = program.get("/reconcile/suggest/property", params={"prefix": "based"}).json()["result"]
    assert "hrdd:isBasedIn" in {prop["id"] for prop in properties}


def test_columns_are_added_from_what_is_on_record(program: httpx.Client) -> None:
    proposed = program.get("/reconcile/properties", params={"type": "Organisation", "limit": 50}).json()
    assert "hrdd:isBasedIn" in {prop["id"] for prop in proposed["properties"]}
    wanted: dict[str, Any] = {
        "ids": ["id/organisation/nike", "id/cluster/sialkot-football"],
        "properties": [{"id": "hrdd:isBasedIn"}, {"id": "skos:altLabel", "settings": {"limit": 1}}],
    }
    found = program.post("/reconcile", data={"extend": json.dumps(wanted)}).json()
    assert [column["id"] for column in found["meta"]] == ["hrdd:isBasedIn", "skos:altLabel"]
    assert set(found["rows"]) == set(wanted["ids"])
    date = re.compile(r"\d{4}-\d{2}-\d{2}T")
    for row in found["rows"].values():
        assert set(row) == {"hrdd:isBasedIn", "skos:altLabel"}
        for cell in (cell for cells in row.values() for cell in cells):
            assert set(cell) in ({"id", "name"}, {"str"}, {"int"}, {"float"}, {"date"})
            assert "date" not in cell or date.match(cell["date"])


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"queries": "not json"}, 422),
        ({"queries": '{"q": {"query": "x", "limit": 0}}'}, 422),
        ({"queries": '{"q": {"query": "x", "unknown": 1}}'}, 422),
        ({"queries": json.dumps({f"q{n}": {"query": "x"} for n in range(51)})}, 413),
        ({"extend": '{"ids": ["id/organisation/nike"], "properties": [{"id": "hrdd:noSuch"}]}'}, 422),
        ({"extend": '{"ids": ["a b<c>"], "properties": [{"id": "hrdd:isBasedIn"}]}'}, 404),
        ({"other": "x"}, 400),
        ({"queries": '{"q": {"query": "' + "x" * 2000 + '"}}'}, 422),
    ],
)
def test_what_is_malformed_is_refused_with_what_to_do(program: httpx.Client, sent: dict[str, str], status: int) -> None:
    refused = program.post("/reconcile", data=sent)
    assert refused.status_code == status, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["fix"]


def test_a_property_that_tries_to_be_a_query_finds_nothing_and_harms_nothing(program: httpx.Client) -> None:
    hostile = {"pid": "hrdd:x> ?y } # ", "v": "x"}
    found = match(program, q={"query": "Nike", "properties": [hostile]})
    assert found["q"]["result"][0]["id"] == "id/organisation/nike"
