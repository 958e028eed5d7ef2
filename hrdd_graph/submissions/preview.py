"""A table before it is sent: what would become of each row, and the table again with the bad cells marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.intake.links import Decisions
from hrdd_graph.intake.outcome import Result, document
from hrdd_graph.intake.profile import Profile
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.repair import write_repair
from hrdd_graph.intake.run import run_import
from hrdd_graph.intake.tables import lines_of, sheet_names
from hrdd_graph.kept_out import NAMED, NO_NAMES, KeptOut
from hrdd_graph.resources import Resources
from hrdd_graph.retelling import ENGLISH, Retelling
from hrdd_graph.submissions.letter import Letter
from hrdd_graph.submissions.reading import file_of
from hrdd_graph.submissions.who import PREVIEWED, check_known


@dataclass(frozen=True)
class Preview:
    """``rows`` is the result as ``intake.outcome.document`` gives it, ``repaired`` a workbook if rows are refused.

    ``naming`` tells the lines with a name that is to be kept out: the file is kept as it is sent, with all that it has.
    """

    rows: dict[str, Any]
    repaired: bytes = b""
    naming: tuple[Problem, ...] = ()

    @property
    def refused(self) -> list[dict[str, Any]]:
        return [row for row in self.rows["rows"] if row["state"] == "refused"]


def preview(
    content: bytes,
    media_type: str,
    letter: Letter,
    resources: Resources,
    readable: frozenset[str],
    *,
    repair: bool = False,
    decisions: Decisions | None = None,
    kept_out: KeptOut = NO_NAMES,
    retelling: Retelling = ENGLISH,
) -> Preview:
    """Read a table as a submission would be read; nothing is kept. Raises ``UnusableInput``.

    ``decisions`` are a person's on who is who, as ``submissions.who`` reads them; ``repair`` asks for the workbook,
    whose reasons are in the language of the ``retelling``.
    """
    decisions = decisions or {}
    profile = read_profile(resources, letter.profile)
    about = {"title": letter.title, "licence": letter.licence, "issued": letter.issued}
    with file_of(content, media_type) as path:
        result = run_import(
            profile, path, resources, name=PREVIEWED, about={key: value for key, value in about.items() if value},
            restricted=True, into=path.with_name("saved"), readable=readable, dry_run=True,
            decisions=decisions, kept_out=kept_out,
        )  # fmt: skip
        check_known(decisions, {(link.party, link.candidate) for link in result.links})
        mended = _mended(path, profile, result, retelling) if repair else b""
        naming = tuple(_naming(path, kept_out))
    return Preview(document(result), mended, naming)


def check_names(content: bytes, media_type: str, kept_out: KeptOut) -> None:
    """Raises ``UnusableInput`` where a table has one of the names anywhere, in a column that is read or in another."""
    with file_of(content, media_type) as path:
        problems = list(_naming(path, kept_out))
    if problems:
        raise UnusableInput(problems)


def _naming(path: Path, kept_out: KeptOut) -> Iterator[Problem]:
    for sheet in sheet_names(path) if kept_out.names else ():
        for number, cells in lines_of(path, sheet, ()):
            if any(map(kept_out.is_in, cells)):
                fix = "Take the name out of the file: it is kept as it was sent."
                yield Problem("data", number, sheet, NAMED, fix)


def _mended(path: Path, profile: Profile, result: Result, retelling: Retelling) -> bytes:
    if not result.counts["refused"]:
        return b""
    out = path.with_name("repaired.xlsx")
    write_repair(path, profile, result, out, retelling=retelling)
    return out.read_bytes()


def as_problems(found: Preview) -> UnusableInput:
    """The reasons for which rows are refused, by column."""
    return UnusableInput(
        Problem(reason.get("column", "") or row["sheet"], 0, "", reason["what"], reason.get("fix", ""))
        for row in found.refused
        for reason in row["reasons"]
    )
