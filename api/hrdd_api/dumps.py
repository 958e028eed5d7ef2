"""Dumps on disk: each is written once for a state of the graph, so that its digest is known before it is sent."""

from __future__ import annotations

import base64
import hashlib
import tempfile
import weakref
from collections.abc import Hashable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from hrdd_api.kept import Kept
from hrdd_graph.dump import write_dump
from hrdd_graph.scratch import scratch_folder
from hrdd_graph.store import Store
from hrdd_graph.view import View

_KEPT = 256


@dataclass(frozen=True, eq=False)
class DumpFile:
    """A dump in a file of its own, with the SHA-256 of its bytes; the file goes when nobody holds this any more."""

    path: Path
    digest: bytes
    size: int

    def __post_init__(self) -> None:
        weakref.finalize(self, self.path.unlink, missing_ok=True)

    @property
    def tag(self) -> str:
        """The strong entity tag: of the bytes themselves."""
        return self.digest.hex()[:32]

    @property
    def field(self) -> str:
        """The digest as a header says it (RFC 9530)."""
        return f"sha-256=:{base64.b64encode(self.digest).decode()}:"


class Dumps:
    """The dumps of the present generation of a store, in a folder that goes even where the server is killed."""

    def __init__(self) -> None:
        held = ExitStack()
        self._folder = held.enter_context(scratch_folder())
        self._store: Store | None = None
        self._kept: Kept[Hashable, DumpFile] = Kept(_KEPT)
        self.close = weakref.finalize(self, held.close)

    def get(self, view: View, name: str, form: str, packed: bool) -> DumpFile:
        """A dump of a view, written where it is not there yet."""
        if view.store is not self._store:  # nothing is kept of what may have left the graph
            self._store, self._kept = view.store, Kept(_KEPT)
        return self._kept.get(
            (view.graphs, view.digest, name, form, packed), lambda: self._write(view, name, form, packed)
        )

    def _write(self, view: View, name: str, form: str, packed: bool) -> DumpFile:
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as stream:
            write_dump(view, form, cast(BinaryIO, stream), of=name, packed=packed)
        path = Path(stream.name)
        with path.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").digest()
        return DumpFile(path, digest, path.stat().st_size)


class SentDump(FileResponse):
    """Sends a dump from its file, or the ranges of it that were asked for, and holds it meanwhile."""

    def __init__(self, dump: DumpFile, headers: Mapping[str, str], media_type: str, *, whole: bool) -> None:
        super().__init__(dump.path, headers=headers, media_type=media_type)
        self.dump = dump
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._whole:
            scope = {**scope, "headers": [field for field in scope["headers"] if field[0] != b"range"]}
        await super().__call__(scope, receive, send)
