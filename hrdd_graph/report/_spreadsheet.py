"""Cells that a spreadsheet program shows as text and never runs."""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: str) -> str:
    """The value, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + value if value.startswith(_STARTS) else value
