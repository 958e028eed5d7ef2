"""Printing a report as PDF in a process of its own: it works for seconds, and the server has others to answer."""

from __future__ import annotations

import subprocess
import sys

from hrdd_api.problems import Refusal
from hrdd_graph.store.limits import Turns

_PRINTS = Turns(size=1, waiting=4)


def printed(page: str, seconds: float) -> bytes:
    """The page as PDF. Refuses where it takes too long, or where this server cannot print; raises ``Busy``."""
    with _PRINTS.take(seconds):
        try:
            done = subprocess.run(
                [sys.executable, "-m", "hrdd_graph.dossier.writers.pdf"],
                input=page.encode(),
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Refusal(
                "query-limit",
                f"Printing took longer than {seconds:g} seconds.",
                "Take the HTML and print it in a browser, or ask for a smaller report.",
            ) from None
    if done.returncode:
        raise Refusal(
            "not-acceptable", "This server has no means to print PDF.", "Take the HTML and print it in a browser."
        )
    return done.stdout
