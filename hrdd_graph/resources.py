"""Where the ontology, shapes, data and queries are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hrdd_graph.errors import UnusableInput

WITHDRAWN = "withdrawn.txt"  # beside accepted submissions: addresses that were in the graph, and to which others point
PARTS = ("ontology", "shapes", "data", "queries")


@dataclass(frozen=True)
class Resources:
    """A folder that holds ``ontology/ shapes/ data/ queries/``: the whole knowledge base as files."""

    root: Path
    own_imports: Path | None = None  # imports that are kept apart from a folder that came with the package
    accepted: Path | None = None  # submissions that a curator accepted, in folders as imports have them

    @property
    def ontology(self) -> Path:
        return self.root / "ontology"

    @property
    def shapes(self) -> Path:
        return self.root / "shapes"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def queries(self) -> Path:
        return self.root / "queries"

    @property
    def imports(self) -> Path:
        """Where imported tables are kept, each in a folder of its own."""
        return self.own_imports or self.data / "imports"

    @property
    def withdrawn(self) -> frozenset[str]:
        """Addresses of ours that a withdrawn submission had."""
        path = self.accepted / WITHDRAWN if self.accepted else None
        return frozenset(path.read_text(encoding="utf-8").split()) if path and path.is_file() else frozenset()

    def files(self) -> Iterator[Path]:
        """Every file that the graph is made from, in a stable order."""
        for part in PARTS:
            for path in sorted((self.root / part).rglob("*")):
                if path.is_file() and not path.name.startswith("."):
                    yield path
        if self.own_imports:
            yield from (path for path in sorted(self.own_imports.rglob("*")) if path.is_file())

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when any of the files does."""
        digest = hashlib.sha256()
        for path in self.files():
            digest.update(self.shown(path).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def shown(self, path: Path) -> str:
        """The path as a person would name it: relative to the root, or to what was accepted, where it lies inside."""
        if self.accepted and path.is_relative_to(self.accepted):
            return path.relative_to(self.accepted.parent).as_posix()
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def own_folder() -> Path:
    """Where a user's own data are kept when no folder is named: what comes with the package is never written to."""
    base = os.environ.get("XDG_DATA_HOME") or (os.environ.get("APPDATA") if os.name == "nt" else None)
    return (Path(base) if base else Path.home() / ".local" / "share") / "hrdd-graph"


def open_resources(root: Path | None = None) -> Resources:
    """The resources in ``root``, or those that come with the package together with the user's own imports.

    Raises ``UnusableInput`` when a part is missing.
    """
    package = Path(__file__).resolve().parent
    candidates = [root] if root else [package / "resources", package.parent]
    for candidate in candidates:
        if all((candidate / part).is_dir() for part in PARTS):
            return Resources(candidate, None if root else own_folder() / "imports")
    missing = [part for part in PARTS if not (candidates[-1] / part).is_dir()]
    raise UnusableInput.one(
        candidates[-1],
        f"has no folder {', '.join(missing)}.",
        fix="Name a folder that holds ontology/, shapes/, data/ and queries/.",
    )
