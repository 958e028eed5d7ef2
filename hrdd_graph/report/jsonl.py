"""JSON lines: one finding a line, for pipes."""

from __future__ import annotations

import json
from typing import BinaryIO

from hrdd_graph.gaps.run import Run
from hrdd_graph.report._document import finding_document

MEDIA_TYPE = "application/jsonl"
BINARY = False


def write(run: Run, stream: BinaryIO) -> None:
    """Write each finding as a JSON object on a line of its own."""
    for finding in run.findings:
        stream.write(json.dumps(finding_document(run, finding), ensure_ascii=False).encode() + b"\n")
