"""A folder for work that is thrown away, also where the process that made it was killed.

What people send and import lies in such folders while it is read. Each holds a lock for as long as its process lives;
whoever makes the next one takes away those that nobody holds any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "hrdd-graph-scratch-"
_LOCK = ".held"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that only its owner may read; it goes when the context ends."""
    base = Path(tempfile.gettempdir())
    _take_away_what_is_left(base)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
    try:
        with (folder / f"{_LOCK}.new").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (folder / f"{_LOCK}.new").rename(folder / _LOCK)  # nobody sees it before it is held
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take_away_what_is_left(base: Path) -> None:
    """Remove the folders of this user whose processes are gone."""
    for folder in base.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another's, or taken away by somebody else meanwhile
            if folder.stat().st_uid == os.getuid() and not folder.is_symlink():
                with (folder / _LOCK).open("r+") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held by a process that lives: BlockingIOError
                    shutil.rmtree(folder, ignore_errors=True)
