"""Getting accepted submissions into the graph: a build in a process of its own, once however many were accepted."""

from __future__ import annotations

import fcntl
import logging
import subprocess
import sys
import threading

from hrdd_graph.resources import Resources
from hrdd_graph.speech import mark
from hrdd_graph.store import Store
from hrdd_graph.store.embedded import EmbeddedStore, forget_graphs, generation_facts
from hrdd_graph.submissions.desk import Desk

_LOG = logging.getLogger(__name__)
BUILDING = mark("the graph is being built")
_TRIES = 3  # a build may meet a decision that is being laid out
_SECONDS = 3600.0  # between two looks whether an embargo is over
_AGAIN = 60.0  # before what failed is tried again, and before a generation is taken to have no readers


class Publisher:
    """Builds the store's next generation whenever it lacks what the desk accepted."""

    def __init__(self, desk: Desk, store: Store, resources: Resources) -> None:
        self._desk = desk
        self._folder = store.folder if isinstance(store, EmbeddedStore) else None
        self._resources = resources
        self._wake = threading.Event()
        self._stop = False
        self._thread = threading.Thread(target=self._work, daemon=True, name="hrdd-publisher")

    def start(self) -> None:
        self._wake.set()
        self._thread.start()

    def stop(self) -> None:
        self._stop = True
        self._wake.set()

    def wake(self) -> None:
        """Look now: something was accepted or withdrawn."""
        self._wake.set()

    @property
    def waits_for(self) -> str:
        """Why what is accepted is not in the graph yet; empty where it is."""
        if self._folder is None:
            return mark("the store is no folder: load the accepted graphs into it")
        facts = generation_facts(self._folder)
        if facts.get("submissions", "") == self._desk.state():
            return ""
        fresh = Resources(self._resources.root, self._resources.own_imports)
        if facts.get("fingerprint") != fresh.fingerprint:
            return mark("the store was built from other files than the present ones: run hrdd build")
        return BUILDING

    def _work(self) -> None:
        pause = _SECONDS
        while not self._stop:
            self._wake.wait(pause)
            self._wake.clear()
            try:
                pause = _SECONDS if self._publish() else _AGAIN
            except Exception:
                _LOG.exception("accepted submissions could not be brought into the graph")
                pause = _AGAIN

    def _publish(self) -> bool:
        """Lay out what was decided, and build while the graph lacks something; whether nothing is left to do."""
        self._desk.bring_up_to_date()  # also what a process that was killed left half-done
        tries = 0
        while not self._stop and self.waits_for == BUILDING:
            if not self._build() and (tries := tries + 1) == _TRIES:
                return False
        # The generation before has readers still, and holds what was erased since.
        erased = self._desk.erased() if self._folder else frozenset()
        return not erased or self._folder is None or forget_graphs(self._folder, erased, _AGAIN)

    def _build(self) -> bool:
        """Build, unless another process did meanwhile; whether that went well."""
        assert self._folder is not None
        with (self._desk.folder / "building").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another process of this server may be at it
            if self.waits_for != BUILDING:
                return True
            command = [sys.executable, "-m", "hrdd_graph.cli", "build", "--store", str(self._folder)]
            if self._resources.own_imports is None:
                command += ["--root", str(self._resources.root)]
            # The build holds the lock too: where this process is killed, the one in its place waits for it to end.
            done = subprocess.run(command, capture_output=True, text=True, check=False, pass_fds=[lock.fileno()])
            if done.returncode:
                _LOG.error("the build with accepted submissions failed: %s", done.stderr[-2000:])
            return done.returncode == 0
