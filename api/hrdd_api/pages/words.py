"""Words of the pages that Python puts together. ``mark`` only marks a text for the message files."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], str]  # puts a text of ours into the reader's language


def mark(text: str) -> str:
    """The text itself; whoever shows it says it in the reader's language."""
    return text
