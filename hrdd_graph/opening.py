"""Opening the store that the user named: a folder, ``memory:``, an endpoint, or none, which is the one in the cache.

An endpoint is asked directly where it may be relied on, and else through a copy; ``direct:`` or ``copy:`` before its
address has it one way whatever is known of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from hrdd_graph.build import build
from hrdd_graph.resources import Resources
from hrdd_graph.store import Store, StoreError
from hrdd_graph.store.embedded import EmbeddedStore, generation_facts, replace_generation

Progress = Callable[[str], None]
_SERVICE = re.compile(r"(?:(?P<way>copy|direct):)?(?P<address>https?://.+)")


def default_folder() -> Path:
    """The folder of the store that is built on demand: in the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    return (Path(base) if base else Path.home() / ".cache") / "hrdd-graph" / "store"


def build_folder(resources: Resources, folder: Path, progress: Progress = lambda _: None) -> dict[str, str]:
    """Build a folder's next generation and make it the current one, with the submissions that were accepted for it.

    What is decided meanwhile waits for the next build. Raises ``UnusableInput``; see ``build``.
    """
    from hrdd_graph.scratch import scratch_folder
    from hrdd_graph.submissions.desk import Desk, submissions_beside  # heavy, and those who only read need none of it

    facts: dict[str, str] = {}
    beside = submissions_beside(str(folder))
    assert beside is not None
    desk = Desk(beside, resources)

    def fill(store: EmbeddedStore) -> dict[str, str]:
        with scratch_folder() as scratch:
            here, state = desk.copied(scratch / "accepted")  # not before the turn of this build has come
            facts.update(build(here, store, progress))
        facts["submissions"] = state
        return facts

    replace_generation(folder, fill)
    return facts


def open_store(name: str | None, resources: Resources, say: Progress = lambda _: None) -> Store:
    """Open a store for reading.

    ``None`` opens the one in the user's cache and builds it where it is missing or older than the files; a folder that
    was named is never built unasked. Raises ``StoreError`` or, while building, ``UnusableInput``.
    """
    if name is None:
        folder = default_folder()
        if generation_facts(folder).get("fingerprint") != resources.fingerprint:
            say("building the graph (once for these files)")
            try:
                build_folder(resources, folder)
            except OSError as error:
                say(f"the cache cannot be written ({error.strerror}); building in memory")
                return open_store("memory:", resources)
        return EmbeddedStore.open(folder)
    if name == "memory:":
        store = EmbeddedStore.in_memory()
        build(resources, store)
        return store
    if service := _SERVICE.fullmatch(name):
        return _open_service(service["address"], service["way"], say)
    if "://" in name:
        raise StoreError(f"{name} is no store. Name a folder, memory: or the address of a SPARQL endpoint.")
    found = generation_facts(Path(name)).get("fingerprint")
    if found and found != resources.fingerprint:
        say(
            f"{name} was built from other files than the present ones; `hrdd build --store {name}` brings it up to date"
        )
    return EmbeddedStore.open(Path(name))


def _open_service(address: str, way: str | None, say: Progress) -> Store:
    """Open an endpoint ``direct``, as a ``copy``, or as what is known of it advises."""
    from hrdd_graph.store.copied import CopiedStore
    from hrdd_graph.store.remote import RemoteStore

    service = RemoteStore(address)
    why = "as you asked" if way == "copy" else "" if way == "direct" else service.why_unreliable()
    if not why:
        return service
    say(f"working over a copy of {address}: {why}")
    return CopiedStore(service, say)
