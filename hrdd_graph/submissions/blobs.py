"""Files by the SHA-256 of their content. Each read checks the hash again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hrdd_graph.store.base import StoreError
from hrdd_graph.submissions.disk import replace_file, sync_folder


class Changed(StoreError):
    """A file is gone, or its content is not what its name says. ``observed`` is the hash found, if any."""

    def __init__(self, digest: str, observed: str = "") -> None:
        self.digest = digest
        self.observed = observed
        super().__init__(f"The file {digest} {'has changed' if observed else 'is gone'}.")


class Blobs:
    """A folder of files that are written once and never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, digest: str) -> Path:
        """Where a file lies."""
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise ValueError(f"{digest!r} is no SHA-256.")
        return self.folder / digest[:2] / digest

    def put(self, content: bytes) -> str:
        """Keep content; gives its SHA-256. It is on the disk when this returns."""
        digest = digest_of(content)
        path = self.place(digest)
        if path.exists() and path.read_bytes() == content:
            return digest
        for folder in (self.folder, path.parent):
            if not folder.is_dir():
                folder.mkdir(parents=True, mode=0o700, exist_ok=True)
                sync_folder(folder.parent)
        replace_file(path, content)
        return digest

    def get(self, digest: str) -> bytes:
        """The content. Raises ``Changed``."""
        try:
            content = self.place(digest).read_bytes()
        except FileNotFoundError:
            raise Changed(digest) from None
        observed = digest_of(content)
        if observed != digest:
            raise Changed(digest, observed)
        return content

    def remove(self, digest: str) -> None:
        """Forget content, as those whom it is about may ask."""
        self.place(digest).unlink(missing_ok=True)


def digest_of(content: bytes) -> str:
    """The name under which content is kept."""
    return hashlib.sha256(content).hexdigest()
