"""A real server: uvicorn on a port of its own, over the whole graph in memory."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from hrdd_api.app import create_app
from hrdd_api.settings import Settings

from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application in a thread; gives its base address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture(scope="session")
def app(resources: Resources, store: EmbeddedStore) -> FastAPI:
    return create_app(resources, store, Settings())


@pytest.fixture(scope="session")
def server(app: FastAPI) -> Iterator[str]:
    """The base address of the server."""
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def program(server: str) -> Iterator[httpx.Client]:
    """A client as a program is: it takes anything, and follows no redirect unasked."""
    with httpx.Client(base_url=server, timeout=120, headers={"Accept": "*/*"}) as client:
        yield client


@pytest.fixture(scope="session")
def browser(server: str) -> Iterator[httpx.Client]:
    """A client that asks as browsers do."""
    headers = {"Accept": BROWSER, "Accept-Language": "en-GB,en;q=0.8"}
    with httpx.Client(base_url=server, timeout=120, headers=headers, follow_redirects=True) as client:
        yield client


@pytest.fixture(scope="session")
def finding_path(program: httpx.Client) -> str:
    """The path of a finding that the real graph has: Minería Yanacocha's certificate."""
    found = program.get("/gaps", params={"rule": "certified-open-abuse"}).json()["findings"]
    return "/gaps/" + str(found[0]["finding"]).partition("/finding/")[2]
