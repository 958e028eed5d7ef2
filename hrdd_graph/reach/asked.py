"""What had to be asked again after a change, and how to say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """A rule or shape that can see a change, by name: so many focus nodes were asked, or all (``whole``), and why."""

    name: str
    focus: int = 0
    whole: str = ""


def in_words(asked: Iterable[Asked], every: int, kind: str) -> str:
    """What was asked, of ``every`` so many rules or shapes (``kind``), in one sentence."""
    listed = list(asked)
    some = [each for each in listed if not each.whole and each.focus]
    whole = [each for each in listed if each.whole]
    nodes = sum(each.focus for each in some)
    words = f"{len(some) + len(whole)} of {every} {kind} asked again, for {nodes} focus nodes"
    return words + "".join(f"; {each.name} as a whole: {each.whole}" for each in whole)
