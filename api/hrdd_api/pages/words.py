"""How modules of pages say things."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], str]  # puts a text of ours into the reader's language
