"""Where the ontology, shapes, data and queries are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hrdd_graph.errors import UnusableInput

PARTS = ("ontology", "shapes", "data", "queries")


@dataclass(frozen=True)
class Resources:
    """A folder that holds ``ontology/ shapes/ data/ queries/``: the whole knowledge base as files."""

    root: Path

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

    def files(self) -> Iterator[Path]:
        """Every file that the graph is made from, in a stable order."""
        for part in PARTS:
            for path in sorted((self.root / part).rglob("*")):
                if path.is_file() and not path.name.startswith("."):
                    yield path

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when any of the files does."""
        digest = hashlib.sha256()
        for path in self.files():
            digest.update(path.relative_to(self.root).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def shown(self, path: Path) -> str:
        """The path as a person would name it: relative to the root where it lies inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def open_resources(root: Path | None = None) -> Resources:
    """The resources in ``root``, or those that come with the package.

    Raises ``UnusableInput`` when a part is missing.
    """
    package = Path(__file__).resolve().parent
    candidates = [root] if root else [package / "resources", package.parent]
    for candidate in candidates:
        if all((candidate / part).is_dir() for part in PARTS):
            return Resources(candidate)
    missing = [part for part in PARTS if not (candidates[-1] / part).is_dir()]
    raise UnusableInput.one(
        candidates[-1],
        f"has no folder {', '.join(missing)}.",
        fix="Name a folder that holds ontology/, shapes/, data/ and queries/.",
    )
