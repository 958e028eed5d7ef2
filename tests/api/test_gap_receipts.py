"""Findings come with a receipt, over HTTP and on the command line, and can be asked again from it."""

from __future__ import annotations

import json
from dataclasses import replace

import httpx
import pytest

from hrdd_graph.gaps.facets import FACETS
from hrdd_graph.gaps.receipt import ask, receipt_of
from hrdd_graph.receipts import read_receipt
from hrdd_graph.replay import replay
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.view import View
from tests.conftest import Hrdd

DAY = "2026-11-20"
ASKED = [
    {"rule": "certified-open-abuse"},
    {"severity": "high", "country": "PE"},
    {"focus": "organisation/mineria-yanacocha", "sort": "salience", "weights": "scale=2"},
    {"right": "23", "rule": "buyer-linked-open-abuse", "language": "es"},
]


@pytest.mark.parametrize("asked", ASKED, ids="+".join)
def test_the_same_findings_are_found_again(
    program: httpx.Client, resources: Resources, store: EmbeddedStore, asked: dict[str, str]
) -> None:
    answer = program.get("/gaps", params={"as_of": DAY, **asked})
    assert answer.status_code == 200, answer.text
    receipt = read_receipt(answer.headers["receipt"])
    assert len(answer.headers["receipt"]) < 7_000, "servers and proxies take header fields of 8 KiB"
    assert answer.json()["run"]["receipt"]["receipt"] == answer.headers["receipt"]
    assert receipt.rows == len(answer.json()["findings"])
    assert receipt.rules
    again = replay(resources, store, receipt)
    assert again.same
    assert again.changes == ()
    assert again.receipt == receipt


def test_a_single_finding_has_a_receipt_of_its_own(
    program: httpx.Client, resources: Resources, store: EmbeddedStore, finding_path: str
) -> None:
    answer = program.get(finding_path, params={"as_of": DAY})
    receipt = read_receipt(answer.headers["receipt"])
    assert answer.json()["run"]["receipt"]["receipt"] == answer.headers["receipt"]
    assert receipt.rows == 1
    assert receipt.weakest
    assert replay(resources, store, receipt).same


def test_the_command_line_gives_the_same_receipt_and_replays_it(program: httpx.Client, hrdd: Hrdd) -> None:
    asked = ["--rule", "certified-open-abuse", "--focus", "organisation/mineria-yanacocha", "--as-of", DAY]
    told = json.loads(hrdd("gaps", *asked, "--format", "json").stdout)["run"]["receipt"]
    params = {"rule": "certified-open-abuse", "focus": "organisation/mineria-yanacocha", "as_of": DAY}
    assert told["receipt"] == program.get("/gaps", params=params).headers["receipt"]
    again = hrdd("replay", told["receipt"])
    assert again.returncode == 0, again.stderr
    assert "the same result" in again.stderr
    assert json.loads(again.stdout)["run"]["count"] == told["rows"] > 0


def test_what_has_changed_since_is_told(view: View, resources: Resources, store: EmbeddedStore) -> None:
    rules = read_rules(resources)
    asked = {"rule": ["certified-open-abuse"]}
    run = ask(view, rules, asked)
    now = receipt_of(run, asked)
    nieri = "https://w3id.org/hrdd-graph/graph/nieri-2016"
    old = replace(
        now, rules={"certified-open-abuse": "0.0"}, graphs={**now.graphs, nieri: "0" * 32}, result="sha256:" + "0" * 64
    )
    again = replay(resources, store, old)
    assert not again.same
    assert any("the rule certified-open-abuse was 0.0" in change for change in again.changes)
    assert any(f"{nieri} has changed" in change for change in again.changes)


def test_the_digest_hangs_on_the_findings_and_on_nothing_else(view: View, resources: Resources) -> None:
    rules = read_rules(resources)
    asked = {"rule": ["certified-open-abuse"]}
    run = ask(view, rules, asked)
    digest = receipt_of(run, asked).result
    assert receipt_of(ask(view, rules, asked, language="es"), asked).result == digest
    assert receipt_of(replace(run, findings=run.findings[1:]), asked).result != digest
    first = run.findings[0]
    changed = replace(first, bindings={**first.bindings, "value": ()})
    assert receipt_of(replace(run, findings=(changed, *run.findings[1:])), asked).result != digest


def test_every_filter_of_the_findings_is_in_the_receipt(view: View, resources: Resources) -> None:
    given = {name: [facet.example] for name, facet in FACETS.items()}
    run = ask(view, read_rules(resources), {"rule": ["certified-open-abuse"], **given})
    assert receipt_of(run, given).parameters == {name: tuple(texts) for name, texts in given.items()}
