"""The graph is built anew while readers ask at full speed: each answer is of one generation, and none fails."""

from __future__ import annotations

import base64
import gc
import hashlib
import re
import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from hrdd_api.knowledge import Knowledge
from hrdd_api.settings import Settings

from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.resources import open_resources
from hrdd_graph.store import Scope
from hrdd_graph.store.embedded import EmbeddedStore, current_generation
from hrdd_graph.store.workers import QueryWorkers
from hrdd_graph.view import EVERY_GRAPH, open_view
from tests.api.processes import Home, Running, send, step, until
from tests.conftest import TINY_CATALOG, TINY_HEADER

BUILDS = 3
PARTIES = 9
MARK = re.compile(r"(?:organisation|abuse)/g(\d+)")
NAMED = "SELECT ?g ?party { GRAPH ?g { ?party a hrdd:NamedParty } }"
PREFIX = f"PREFIX hrdd: <{PREFIXES['hrdd']}> "


class Generations:
    """A store whose every generation has parties, a gap and a graph of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder, {"sender": ["submit"], "curator": ["decide"]})
        (self.home.root / "queries" / "parties.rq").write_text(
            "#+ summary: Who is there?\n#+ order: [party]\n#+ page_size: 2\n"
            "SELECT ?party WHERE { ?party a hrdd:NamedParty }\n"
        )
        self.number = 0
        self.by_digest: dict[str, int] = {}

    def write(self) -> None:
        """The files of the next generation."""
        self.number += 1
        number = self.number
        records = "".join(
            f'- {{id: organisation/g{number}-{place}, type: [Firm, NamedParty], label: Mill, locator: "p. 2"}}\n'
            for place in range(PARTIES)
        )
        records += (
            f"- {{id: abuse/g{number}, type: Abuse, label: Dye in the river, hasStatus: Alleged, start: '2010',\n"
            f"   hasInvolvement: [{{ofParty: organisation/g{number}-0, hasMode: Caused, hasBasis: Stated}}],\n"
            '   locator: "p. 4"}\n'
            f"- {{id: silence/g{number}, type: Silence, label: No right is named, lacks: ProvisionLink,\n"
            f'   concerns: [abuse/g{number}], locator: "p. 4"}}\n'
        )
        data = self.home.root / "data"
        (data / "cases" / "tiny.yaml").write_text(TINY_HEADER.replace("graph/tiny", f"graph/tiny-{number}") + records)
        (data / "catalog.ttl").write_text(TINY_CATALOG.replace("graph:tiny", f"graph:tiny-{number}"))

    def begin(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self.home.hrdd("build"), env=self.home.environment(), stderr=subprocess.PIPE, text=True)

    def build(self) -> None:
        """As an operator does it, by the command line."""
        self.write()
        building = self.begin()
        told = building.communicate(timeout=120)[1]
        assert building.returncode == 0, told
        self.by_digest[open_view(EmbeddedStore.open(self.home.store)).digest[7:19]] = self.number


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Generations:
    made = Generations(tmp_path_factory.mktemp("rebuilt"))
    made.build()
    return made


@pytest.fixture(scope="module")
def running(made: Generations) -> Iterator[Running]:
    with made.home.serving(HRDD_CATALOG_SECONDS="0.3") as running:
        yield running


def marks(text: str) -> set[int]:
    """The generations whose parties are named."""
    return {int(number) for number in MARK.findall(text)}


class Reader:
    """Asks again and again until it is told to end, and checks each answer by itself."""

    def __init__(self, made: Generations, address: str, ended: threading.Event) -> None:
        self.made, self.address, self.ended = made, address, ended
        self.seen: list[tuple[int, str]] = []  # what it saw: the generation by the rows, and by the digest
        self.tags: dict[tuple[str, str], set[bytes]] = defaultdict(set)

    def run(self) -> None:
        with self.made.home.client(self.address) as client:
            while not self.ended.is_set():
                for look in (self.gaps, self.pages, self.dump, self.listed, self.named, self.shown, self.other_day):
                    look(client)

    def ask(self, client: httpx.Client, path: str, **params: str) -> httpx.Response:
        answer = client.get(path, params=params or None)
        assert answer.status_code == 200, (path, answer.text[:1000])
        if tag := answer.headers.get("etag"):
            self.tags[str(answer.url), tag].add(answer.content)
        return answer

    def saw(self, text: str, digest: str) -> None:
        (number,) = marks(text)
        self.seen.append((number, digest))

    def gaps(self, client: httpx.Client) -> None:
        answer = self.ask(client, "/gaps.json")
        self.saw(answer.text, answer.json()["run"]["graphDigest"][7:19])

    def other_day(self, client: httpx.Client) -> None:
        answer = self.ask(client, "/queries/parties.json", as_of="2015-01-01", page_size="100")
        self.saw(answer.text, answer.json()["meta"]["graphDigest"][7:19])
        assert len(answer.json()["rows"]) == PARTIES

    def pages(self, client: httpx.Client) -> None:
        """Pages by their links: the rows of one generation to the end, or told that the list has changed."""
        address, rows, digests = "/queries/parties.json", 0, set()
        while address:
            answer = client.get(address)
            if answer.status_code == 409:
                assert answer.json()["type"].endswith("/problem/stale-cursor")
                assert answer.json()["fix"]
                break
            assert answer.status_code == 200, answer.text
            digest = answer.json()["meta"]["graphDigest"][7:19]
            self.saw(answer.text, digest)
            digests.add(digest)
            rows += len(answer.json()["rows"])
            address = answer.links.get("next", {}).get("url", "")
        else:
            assert rows == PARTIES
        assert len(digests) == 1

    def dump(self, client: httpx.Client) -> None:
        answer = self.ask(client, "/dumps/all.nq")
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
        self.saw(answer.text, answer.headers["content-location"].split("/")[2])

    def listed(self, client: httpx.Client) -> None:
        """What is listed is there, or was replaced since."""
        listed = self.ask(client, "/dumps/").json()
        answer = client.get(f"/dumps/{listed['version']}/all.nq")
        if answer.status_code == 200:
            self.saw(answer.text, listed["version"])
        else:
            assert answer.status_code == 404
            assert "has changed" in answer.json()["detail"]

    def named(self, client: httpx.Client) -> None:
        """A query of the caller's own sees the graphs of the generation that it is answered from."""
        rows = self.ask(client, "/sparql.csv", query=NAMED).text.splitlines()[1:]
        assert len(rows) == PARTIES, "the graphs of one generation were looked for in another"
        assert len(marks("".join(rows))) == 1

    def shown(self, client: httpx.Client) -> None:
        assert len(marks(self.ask(client, "/queries/parties.html").text)) == 1


def test_each_answer_is_of_one_generation_while_the_graph_is_built_anew(made: Generations, running: Running) -> None:
    ended = threading.Event()
    readers = [Reader(made, running.address, ended) for _ in range(3)]
    with ThreadPoolExecutor(len(readers)) as pool:
        reading = [pool.submit(reader.run) for reader in readers]
        try:
            for _ in range(BUILDS):
                made.build()
        finally:
            ended.set()
        for each in reading:
            each.result(60)
    with made.home.client(running.address) as client:
        until(
            lambda: marks(client.get("/queries/parties.json").text) == {made.number}, "the last generation is not there"
        )
    assert len({number for reader in readers for number, _ in reader.seen}) > 2, "several generations were met"
    assert {made.by_digest[digest] == number for reader in readers for number, digest in reader.seen} == {True}
    tags: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    for reader in readers:
        for key, contents in reader.tags.items():
            tags[key] |= contents
    assert all(len(contents) == 1 for contents in tags.values()), "one entity tag, one content"
    assert len(list(made.home.store.glob("generation-*"))) == 2, "the present one, and the one before for its readers"


def test_builds_at_the_same_time_take_turns(made: Generations) -> None:
    made.write()
    building = [made.begin() for _ in range(3)]
    told = [each.communicate(timeout=120)[1] for each in building]
    assert [each.returncode for each in building] == [0, 0, 0], told
    store = EmbeddedStore.open(made.home.store)
    store.warm()
    assert f"graph/tiny-{made.number}" in str(open_view(store).graphs)
    assert len(list(made.home.store.glob("generation-*"))) == 2
    assert not list(made.home.store.glob("current.*"))


def test_a_build_that_was_killed_leaves_nothing_behind(made: Generations) -> None:
    before = current_generation(made.home.store)
    made.write()
    known = set(made.home.store.glob("generation-*"))
    building = made.begin()
    until(lambda: bool(set(made.home.store.glob("generation-*")) - known), "it did not begin")
    building.kill()
    building.communicate(timeout=60)
    assert current_generation(made.home.store) == before
    made.build()
    assert len(list(made.home.store.glob("generation-*"))) == 2


def test_a_worker_answers_from_the_generation_of_its_view_whatever_was_built_since(made: Generations) -> None:
    store = EmbeddedStore.open(made.home.store)
    queries = QueryWorkers(store, size=1)
    scope = Scope(open_view(store).graphs)
    number = made.number
    made.build()
    for _ in ("with workers", "closed"):
        with queries.answer(PREFIX + NAMED, scope) as answer:
            rows = b"".join(answer.pieces("csv")).decode()
        assert marks(rows) == {number}
        queries.close()


def test_once_one_caller_has_seen_a_generation_nobody_is_answered_from_the_one_before(made: Generations) -> None:
    """Else an answer of the new one could be kept as one of the old, and served when that state comes back."""
    store, resources = EmbeddedStore.open(made.home.store), open_resources(made.home.root)
    knowledge = Knowledge(resources, store, Settings(catalog_seconds=3600, query_workers=1))
    before = knowledge.view()
    first = knowledge.dumps.get(before, "all", "nq", False).path
    made.build()
    assert knowledge.view().digest == before.digest, "nobody looked yet"
    assert knowledge.state() is not None
    knowledge.seen_by(frozenset([EVERY_GRAPH])).view()
    assert knowledge.state() is None
    assert knowledge.view().digest != before.digest
    with knowledge.queries_over(before).answer(PREFIX + NAMED, Scope(before.graphs)) as answer:
        assert marks(b"".join(answer.pieces("csv")).decode()) == {made.number - 1}
    assert first.exists()
    knowledge.dumps.get(knowledge.view(), "all", "nq", False)
    gc.collect()
    assert not first.exists(), "a dump of what is no longer in the graph is not kept"
    knowledge.close()


def test_decisions_while_the_graph_is_built(made: Generations, running: Running) -> None:
    """What a build reads is laid out for it alone: what is decided meanwhile breaks none."""
    ended = threading.Event()

    def decide() -> int:
        count = 0
        with made.home.client(running.address, "sender") as sender, made.home.client(running.address, "curator") as one:
            while not ended.is_set():
                count += 1
                name = send(sender, f"meanwhile-{count}")
                assert step(one, name, "accept").status_code == 200
                assert step(sender, name, "withdraw", erase=True).status_code == 200
        return count

    with ThreadPoolExecutor(1) as pool:
        deciding = pool.submit(decide)
        try:
            for _ in range(2):
                made.build()
        finally:
            ended.set()
        assert deciding.result(60) > 1
