"""What went wrong, where, and what to do: the one shape in which the library reports bad input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with an input.

    ``where`` names the file; ``line`` counts from 1 (0 where no line is known); ``path`` leads to the value inside
    the file, such as ``records[12].hasInvolvement[0].hasMode``; ``what`` says what is wrong and what was expected;
    ``fix`` says what to do.
    """

    where: str
    line: int
    path: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        place = self.where + (f":{self.line}" if self.line else "") + (f" {self.path}" if self.path else "")
        return f"{place}: {self.what}" + (f" {self.fix}" if self.fix else "")


class UnusableInput(Exception):
    """Raised when an input cannot be used; carries every problem found, so that all can be mended at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def one(cls, where: object, what: str, *, line: int = 0, path: str = "", fix: str = "") -> UnusableInput:
        """Wrap a single problem. ``where`` is a file path or the name of an argument."""
        return cls([Problem(str(where), line, path, what, fix)])
