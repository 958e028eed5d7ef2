"""hrdd build"""

from __future__ import annotations

from pathlib import Path

from hrdd_graph.cli._common import RootOption, StoreOption, note, resources_at


def command(store: StoreOption = None, root: RootOption = None) -> None:
    """Build the graph from its files into a store folder, all or nothing."""
    import time

    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.opening import build_folder, default_folder

    if store and (store == "memory:" or "://" in store):
        raise UnusableInput.one("--store", f"{store} cannot be built into.", fix="Name a folder.")
    folder = Path(store) if store else default_folder()
    begun = time.perf_counter()
    facts = build_folder(resources_at(root), folder, note)
    note(f"{facts['statements']} statements in {folder}, {time.perf_counter() - begun:.1f} s")
