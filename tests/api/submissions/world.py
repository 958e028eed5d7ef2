# ruff: noqa: E501 - a table of cases reads best with a case on a line
"""A server that takes submissions, over a small graph in a folder, and what is sent to it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from hrdd_api.app import create_app
from hrdd_api.settings import Settings

from hrdd_graph.access import TokenFile
from hrdd_graph.opening import build_folder
from hrdd_graph.resources import PARTS, open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.submissions.desk import Desk
from tests.api.test_leaks import PUBLIC_SHEET
from tests.conftest import ROOT, TINY_CATALOG

IDS = "https://w3id.org/hrdd-graph/id/"
BROWSER = {"Accept": "text/html"}
LETTER = {
    "title": "Zephyrquartz report",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "consent": "published",
    "risk": "none-known",
}
TURTLE = {"Content-Type": "text/turtle"}
PREFIXES = """\
@base <https://w3id.org/hrdd-graph/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix hrdd: <https://w3id.org/hrdd-graph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix udhr: <https://w3id.org/hrdd-graph/udhr/article/> .
"""


def report_of(name: str, more: str = "", place: str = "country:TH") -> str:
    """A report of one abuse by the tiny graph's mill."""
    return f"""{PREFIXES}
<source/{name}> a hrdd:Source ; rdfs:label "Report {name}"@en ; hrdd:issued "2020" .
<abuse/{name}> a hrdd:Abuse ; rdfs:label "Wages below the minimum at the mill, {name}"@en ;
    dcterms:description "Workers are paid less than the minimum wage."@en ;
    hrdd:statedIn <source/{name}> ; hrdd:hasStatus hrdd:Reported ; hrdd:locator "p. 1" ; hrdd:start "2019" ;
    hrdd:hasInfringement [ a hrdd:ProvisionLink ; hrdd:ofProvision udhr:24 ; hrdd:hasBasis hrdd:Stated ] ;
    hrdd:hasInvolvement [ a hrdd:Involvement ; hrdd:ofParty <organisation/mill> ; hrdd:hasMode hrdd:Caused ; hrdd:hasBasis hrdd:Stated ] .
{more}"""


def small_root(root: Path) -> None:
    """A folder of resources with one small case."""
    for part in PARTS:
        if part != "data":
            shutil.copytree(ROOT / part, root / part)
    for part in ("reference", "profiles"):
        shutil.copytree(ROOT / "data" / part, root / "data" / part)
    (root / "data" / "cases").mkdir()
    (root / "data" / "cases" / "tiny.yaml").write_text(PUBLIC_SHEET)
    (root / "data" / "catalog.ttl").write_text(TINY_CATALOG)


class World:
    """A server over a small graph in a folder, with tokens of each kind."""

    def __init__(self, folder: Path) -> None:
        self.root, self.store = folder / "root", folder / "store"
        small_root(self.root)
        self.resources = open_resources(self.root)
        build_folder(self.resources, self.store)
        tokens = TokenFile(folder / "tokens.json")
        self.secrets = {
            name: tokens.create(name, scopes)[1]
            for name, scopes in {
                "ngo": ["submit"],
                "other": ["submit"],
                "curator": ["decide"],
                "reader": ["read:*"],
                "firm": ["submit"],
                "all": ["submit", "decide"],
            }.items()
        }
        self.folder = folder / "store.submissions"
        chosen = Settings(
            tokens=tokens.path,
            submissions=self.folder,
            rate_address="",
            rate_token="",
            query_workers=1,
            catalog_seconds=0,
        )
        self.app = create_app(self.resources, EmbeddedStore.open(self.store), chosen)
        self.desk: Desk = self.app.state.desk
        self.client: httpx.Client

    def ask(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**more.pop("headers", {}), **({"Authorization": f"Bearer {self.secrets[who]}"} if who else {})}
        return self.client.request(method, path, headers=headers, **more)

    def send(self, content: str | bytes, who: str = "ngo", *, key: str = "", **letter: str) -> httpx.Response:
        headers = TURTLE | ({"Idempotency-Key": key} if key else {})
        return self.ask(who, "POST", "/submissions", params=LETTER | letter, content=content, headers=headers)

    def decide(self, name: str, action: str = "accept", **more: str) -> httpx.Response:
        return self.ask("curator", "POST", f"/submissions/{name}/decision", json={"action": action, **more})

    def wait(self, what: Callable[[], bool], seconds: float = 90) -> None:
        """Until a build has brought it into the graph, or taken it out."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, "the graph did not follow"
            time.sleep(0.2)


def sent(world: World, name: str, **letter: str) -> str:
    answer = world.send(report_of(name), **letter)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])
