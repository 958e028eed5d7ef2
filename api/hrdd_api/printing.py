"""Printing a report as PDF in a process of its own: it works for seconds, and the server has others to answer."""

from __future__ import annotations

import subprocess
import sys

from hrdd_api.problems import Refusal
from hrdd_graph.dossier.writers.pdf import NO_ENGINE, NO_MEMORY
from hrdd_graph.store.limits import Turns

_PRINTS = Turns(size=1, waiting=4)


def printed(said: str, seconds: float, megabytes: int) -> bytes:
    """What a paper says as PDF. Refuses where that takes too much, or this server cannot print; raises ``Busy``."""
    command = [sys.executable, "-m", "hrdd_graph.dossier.writers.pdf", str(megabytes)]
    with _PRINTS.take(seconds):
        try:
            done = subprocess.run(command, input=said.encode(), capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            raise _too_much(f"{seconds:g} seconds") from None
    if done.returncode == NO_ENGINE:
        raise Refusal(
            "not-acceptable", "This server has no means to print PDF.", "Take the HTML and print it in a browser."
        )
    if done.returncode == NO_MEMORY or done.returncode < 0:  # the engine ends by a signal where it gets no memory
        raise _too_much(f"{megabytes} MiB of memory")
    if done.returncode:
        raise RuntimeError(f"printing failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def _too_much(allowed: str) -> Refusal:
    return Refusal(
        "query-limit",
        f"Printing was stopped: it needs more than {allowed}.",
        "Take the HTML and print it in a browser, or ask for a smaller report.",
    )
