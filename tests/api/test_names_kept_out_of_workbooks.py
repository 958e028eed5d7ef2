"""A workbook with a name that its sender wants to keep out is not taken, wherever in the file the name stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hrdd_api.app import create_app
from hrdd_api.settings import Settings

from hrdd_graph.access import TokenFile
from hrdd_graph.kept_out import NAMED
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from tests.api.conftest import serving

LETTER = {"title": "Parties", "issued": "2025", "licence": "https://creativecommons.org/licenses/by/4.0/"}
HEADER = "Party ID,Name,Kind,Named,Country,Told by\n"
NAMING = {
    "a column that is not read": f"{HEADER}P1,Rio Verde Mining,Firm,yes,,Rosa MAMANÍ\n",
    "a column that is read": f"{HEADER}P1,Rosa Mamani Mining,Firm,yes,,\n",
    "the header": f"{HEADER.strip()},Rosa Mamani says\nP1,Rio Verde Mining,Firm,yes,,,\n",
}


class World:
    def __init__(self, client: httpx.Client, folder: Path) -> None:
        self.client, self.folder = client, folder

    def post(self, table: str, accept: str = "application/json", **fields: str) -> httpx.Response:
        files = {"data": ("parties.csv", table.encode(), "text/csv")}
        return self.client.post("/submissions/workbook", data=LETTER | fields, files=files, headers={"Accept": accept})

    def holds(self, text: str) -> bool:
        return any(text.encode() in path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def world(resources: Resources, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("names")
    tokens = TokenFile(folder / "tokens.json")
    headers = {"Authorization": f"Bearer {tokens.create('ngo', ['submit'])[1]}"}
    app = create_app(resources, store, Settings(tokens=tokens.path, submissions=folder / "desk"))
    with serving(app) as address, httpx.Client(base_url=address, headers=headers, timeout=120) as client:
        yield World(client, folder)


@pytest.mark.parametrize("place", NAMING)
def test_a_file_with_the_name_is_shown_and_not_taken(world: World, place: str) -> None:
    unnamed = "Rosa Mamani; Aung Aung"
    seen = world.post(NAMING[place], unnamed=unnamed).json()
    assert [(line["row"], line["what"]) for line in seen["naming"]] == [(1 if place == "the header" else 2, NAMED)]
    page = world.post(NAMING[place], "text/html", unnamed=unnamed).text
    assert NAMED in page
    assert 'value="send"' not in page, "there is nothing to press"
    sent = world.post(NAMING[place], unnamed=unnamed, do="send")
    assert sent.status_code == 422
    assert NAMED in sent.text
    assert not world.holds("Rio Verde")


def test_the_names_go_with_the_form_and_stay_nowhere(world: World) -> None:
    table = f"{HEADER}P1,Rio Claro Mining,Firm,yes,,a worker\n"
    page = world.post(table, "text/html", unnamed="Xochitl Unnamed").text
    assert 'type="hidden" name="unnamed" value="Xochitl Unnamed"' in page
    assert 'value="send"' in page
    sent = world.post(table, unnamed="Xochitl Unnamed", do="send")
    assert sent.status_code == 202, sent.text
    assert world.holds("Rio Claro")
    assert not world.holds("Xochitl")
