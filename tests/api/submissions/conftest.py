"""One server for all the tests of a process: a submission that one of them made disturbs no other."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.api.conftest import serving
from tests.api.submissions.world import World


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("desk"))
    with serving(made.app) as address, httpx.Client(base_url=address, timeout=120) as made.client:
        yield made
    assert made.desk.verify() == []
