"""FollowTheMoney out: named organisations and their ties, as the schemata of https://followthemoney.tech have them."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hrdd_graph.build import build
from hrdd_graph.ftm import write_ftm
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.run import run_import
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.view import View, open_view

ROOT = Path(__file__).resolve().parents[1]


def written(view: View) -> list[dict[str, Any]]:
    stream = io.BytesIO()
    count = write_ftm(view, stream)
    found = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert count == len(found)
    return found


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The entities of a graph into which the example of the profile was imported."""
    mine = Resources(ROOT, tmp_path_factory.mktemp("ftm") / "imports")
    profile = read_profile(mine, "followthemoney")
    assert profile.example
    run_import(profile, profile.example, mine, about=profile.example_about)
    store = EmbeddedStore.in_memory()
    build(mine, store)
    return written(open_view(store))


def test_a_share_that_came_in_goes_out_again(imported: list[dict[str, Any]]) -> None:
    by_id = {entity["id"].rpartition(".")[2]: entity for entity in imported}
    assert by_id["ftm-example-co-2"]["properties"] == {
        "sourceUrl": ["https://w3id.org/hrdd-graph/id/organisation/ftm-example-co-2"],
        "name": ["Lowland Holding Ltd"], "country": ["na"], "leiCode": ["5493001KJTIIGC8Y1R12"]
    }  # fmt: skip
    share = by_id["ftm-example-ow-1"]
    assert share["schema"] == "Ownership"
    assert share["properties"]["percentage"] == ["60.5"]
    assert share["properties"]["startDate"] == ["2020-05"]
    assert share["properties"]["summary"] == ["ftm-example, example.jsonl#line=4,5"]
    assert by_id["ftm-example-me-1"]["schema"] == "Membership"


def test_nobody_without_a_name_leaves_and_no_tie_leads_to_one(imported: list[dict[str, Any]]) -> None:
    assert "ftm-example-ow-2" not in str(imported), "its owner is a natural person"
    known = {entity["id"] for entity in imported}
    ends = ("owner", "asset", "member", "organization", "subject", "object")
    for entity in imported:
        assert {end for key in ends for end in entity["properties"].get(key, ())} <= known
    assert max(Counter(entity["id"] for entity in imported).values()) == 1
