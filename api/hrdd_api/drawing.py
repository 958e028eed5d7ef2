"""The policy under which a picture on its own may be shown."""

from __future__ import annotations

import base64
import hashlib

from hrdd_graph.pictures.svg import style


def style_policy() -> str:
    """The policy by which a picture may use the style that it carries, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
