"""JSON: the run and its findings as one document."""

from __future__ import annotations

import json
from typing import BinaryIO

from hrdd_graph.gaps.run import Run
from hrdd_graph.report._document import run_document

MEDIA_TYPE = "application/json"
BINARY = False


def write(run: Run, stream: BinaryIO) -> None:
    """Write one JSON object with ``run`` and ``findings``."""
    stream.write(json.dumps(run_document(run), ensure_ascii=False, indent=2).encode() + b"\n")
