"""Names of people that nothing may carry. They are looked for in what is sent or imported, and never kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.matching.names import folded

NAMED = "names somebody whom you want to keep out."
INSTEAD = "Write the office, the group or a word such as worker instead."


@dataclass(frozen=True)
class KeptOut:
    """Names as words without case, accents and punctuation; none of them keep nothing out."""

    names: tuple[str, ...] = ()

    @classmethod
    def listed(cls, text: str) -> KeptOut:
        """The names of a list, a line or what stands between semicolons each."""
        found = (folded(name) for name in text.replace(";", "\n").splitlines())
        return cls(tuple(dict.fromkeys(name for name in found if name)))

    @classmethod
    def read(cls, path: Path) -> KeptOut:
        """The names in a text file. Raises ``UnusableInput`` where it cannot be read or names nobody."""
        try:
            found = cls.listed(path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError as error:
            raise UnusableInput.one(path, "does not exist.", fix="Name a text file with one name a line.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise UnusableInput.one(
                path, "cannot be read as text.", fix="Save it as UTF-8, one name a line."
            ) from error
        if not found.names:
            raise UnusableInput.one(path, "holds no name.", fix="Write one name a line.")
        return found

    def is_in(self, text: str) -> bool:
        """Whether a text has one of the names in it, word by word, however it is written."""
        if not self.names:
            return False
        words = f" {folded(text)} "
        return any(f" {name} " in words for name in self.names)


NO_NAMES = KeptOut()
