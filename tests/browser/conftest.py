"""Debian's Chromium over a real server: no browser is fetched, and none but the machine's own is driven."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from playwright.sync_api import Browser, Page, sync_playwright

from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from tests.api.conftest import serving
from tests.conftest import Needs

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
_PATIENCE = 120_000  # milliseconds: a machine that is at work for others is no failure
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def server(resources: Resources, store: EmbeddedStore) -> Iterator[str]:
    """The base address of a server over the whole graph."""
    with serving(create_app(resources, store, Settings())) as address:
        yield address


@pytest.fixture(scope="session")
def chromium(needs: Needs) -> Iterator[Browser]:
    """The machine's Chromium. Skips where there is none, saying so."""
    needs("chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(chromium: Browser, server: str) -> Iterator[Page]:
    """A tab of its own, on a screen of 1440 by 900."""
    context = chromium.new_context(
        base_url=server, viewport={"width": 1440, "height": 900}, locale="en-GB", service_workers="block"
    )
    context.set_default_timeout(_PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def page_without_scripts(chromium: Browser, server: str) -> Iterator[Page]:
    """A tab in which no script of a page runs."""
    context = chromium.new_context(base_url=server, java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()
