"""What printing may cost a server, and what the caller is told where it would cost more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hrdd_api import printing
from hrdd_api.problems import Refusal

from hrdd_graph.dossier.blocks import Block, Heading, Paper, Text, line
from hrdd_graph.dossier.writers.pdf import said


def paper(paragraphs: int) -> str:
    text = Text(line("Words that go on and on, so that there is something to set. " * 10))
    blocks: tuple[Block, ...] = (
        Heading(1, line("Title")),
        text,
        Heading(2, line("Part"), "part"),
        *[text] * paragraphs,
    )
    return said(Paper("Title", "", "en", "2026-11-20", "hrdd-graph", "Contents", tuple(blocks)))


def test_a_paper_is_printed_within_its_bounds() -> None:
    assert printing.printed(paper(10), 60, 2048).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("paragraphs", "seconds", "megabytes", "told"),
    [(10, 0.01, 2048, "0.01 seconds"), (20_000, 60, 256, "256 MiB of memory")],
)
def test_what_needs_too_much_is_stopped_and_the_next_is_printed(
    paragraphs: int, seconds: float, megabytes: int, told: str
) -> None:
    with pytest.raises(Refusal, match=told) as refused:
        printing.printed(paper(paragraphs), seconds, megabytes)
    assert refused.value.slug == "query-limit"
    assert printing.printed(paper(1), 60, 2048).startswith(b"%PDF-")


def test_a_server_without_the_engine_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "typst.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(Refusal, match="no means to print"):
        printing.printed(paper(1), 60, 2048)


def test_a_fault_of_the_engine_is_not_told_as_the_callers() -> None:
    with pytest.raises(RuntimeError, match="printing failed"):
        printing.printed("no JSON", 60, 2048)
