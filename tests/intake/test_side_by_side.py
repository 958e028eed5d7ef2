"""Rows that are read by several processes: the same outcomes and the same statements as one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrdd_graph.intake import pipeline
from hrdd_graph.intake.outcome import Result
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.run import run_import
from hrdd_graph.resources import Resources

ROOT = Path(__file__).resolve().parents[2]
ABOUT = {"title": "Incidents", "issued": "2025", "licence": "https://creativecommons.org/licenses/by/4.0/"}
HEADER = "Incident ID,What happened,Status,Rights,Topics,Country,People affected,Party involved,Part in it\n"
ROWS = [f"I{n},Night shifts at mill {n},Reported,UDHR 24,Working hours,NA,Workers of mill {n % 3},," for n in range(14)]
SHEETS = {
    "rows that share groups": ROWS,
    "a key that says two things": [*ROWS, ROWS[1].replace("Night", "Long night")],
    "a row twice": [*ROWS, ROWS[0]],
    "rows that point nowhere": [*ROWS, *(f"J{n},Night shifts,Reported,UDHR 24,,NA,,P9,Caused" for n in range(8))],
    "a bad cell": [*ROWS[:7], ROWS[7].replace("Reported", "Proven"), *ROWS[8:]],
}


@pytest.mark.parametrize("rows", SHEETS.values(), ids=SHEETS)
def test_several_processes_give_what_one_gives(
    rows: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "ROWS_AT_A_TIME", 4)
    (tmp_path / "incidents.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")

    def run(processes: int) -> tuple[Result, bytes]:
        mine = Resources(ROOT, tmp_path / str(processes))
        profile = read_profile(mine, "spreadsheet")
        result = run_import(profile, tmp_path / "incidents.csv", mine, about=ABOUT, processes=processes)
        assert result.saved
        return result, result.saved.read_bytes()

    (alone, statements), (together, same) = run(1), run(2)
    assert list(together.outcomes) == list(alone.outcomes)
    assert together.statements == alone.statements
    assert same == statements
