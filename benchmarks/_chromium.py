"""Debian's Chromium over a server with the whole graph in memory."""

from __future__ import annotations

import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from playwright.sync_api import Browser, sync_playwright

from hrdd_graph.build import build
from hrdd_graph.resources import open_resources
from hrdd_graph.store.embedded import EmbeddedStore

_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def served() -> Iterator[tuple[Browser, str]]:
    """A browser, and the address of a server. Ends the program where the machine has no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("This needs the command `chromium`: on Debian, `apt-get install chromium`.")
    resources, store = open_resources(Path(__file__).resolve().parent.parent), EmbeddedStore.in_memory()
    build(resources, store)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(resources, store, Settings()), log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
            yield browser, f"http://127.0.0.1:{listener.getsockname()[1]}"
            browser.close()
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
