"""hrdd gaps: filters, formats, exit codes, and arguments that cannot be used."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hrdd_graph.receipts import read_receipt

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import gaps, told_once

TWO_RULES = ("--rule", "certified-open-abuse", "--rule", "harm-without-party")


def test_a_run_says_what_it_rests_on(hrdd: Hrdd) -> None:
    run = gaps(hrdd)["run"]
    assert "https://w3id.org/hrdd-graph/graph/nieri-2016" in {graph["graph"] for graph in run["graphs"]}
    assert all(graph["licence"].startswith("https://") for graph in run["graphs"])
    assert run["graphDigest"].startswith("sha256:")
    assert len(run["rules"]) >= 10


def test_findings_can_be_narrowed_by_severity(hrdd: Hrdd) -> None:
    everything = gaps(hrdd, *TWO_RULES)["findings"]
    high = gaps(hrdd, *TWO_RULES, "--severity", "high")["findings"]
    assert {finding["severity"] for finding in high} == {"high"}
    assert [f for f in everything if f["severity"] == "high"] == high


def test_a_focus_narrows_a_run_without_changing_its_findings(hrdd: Hrdd) -> None:
    everything = gaps(hrdd, *TWO_RULES)["findings"]
    iri = "https://w3id.org/hrdd-graph/id/organisation/mineria-yanacocha"
    for name in (iri, "id:organisation/mineria-yanacocha", "organisation/mineria-yanacocha"):
        assert gaps(hrdd, *TWO_RULES, "--focus", name)["findings"] == [
            f for f in everything if f["focus"]["iri"] == iri
        ]


def test_exit_code_1_says_that_there_is_a_finding_at_or_above(hrdd: Hrdd) -> None:
    rule = ("gaps", "--format", "jsonl", "--rule", "certified-open-abuse")
    assert hrdd(*rule, "--fail-on", "high").returncode == 1
    assert hrdd(*rule, "--fail-on", "high").stdout, "the findings are printed all the same"
    assert hrdd(*rule, "--fail-on", "low").returncode == 1
    assert hrdd(*rule, "--fail-on", "high", "--as-of", "1990-01-01").returncode == 0
    medium = ("gaps", "--format", "jsonl", "--rule", "buyer-without-sites")
    assert hrdd(*medium, "--fail-on", "high").returncode == 0
    assert hrdd(*medium, "--fail-on", "medium").returncode == 1


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "xlsx", "html", "ttl", "jsonld"])
def test_every_format_can_be_written_to_a_file(hrdd: Hrdd, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"out.{form}"
    result = hrdd("gaps", "--rule", "certified-open-abuse", "--format", form, "--output", str(target))
    assert result.returncode == 0
    assert result.stdout == ""
    assert target.stat().st_size > 0
    assert [path.name for path in tmp_path.glob("out.*")] == [target.name], "no half-written file stays behind"


def test_a_table_shows_what_to_explain_and_a_receipt_in_one_piece(hrdd: Hrdd) -> None:
    (finding,) = gaps(hrdd, "--rule", "certificate-out-of-scope", "--party", "mineria-yanacocha")["findings"][:1]
    lines = hrdd("gaps", "--rule", "certificate-out-of-scope", "--party", "mineria-yanacocha").stdout.splitlines()
    assert any(finding["finding"].removeprefix("https://w3id.org/hrdd-graph/finding/") in line for line in lines)
    (receipt,) = (line.removeprefix("receipt: ") for line in lines if line.startswith("receipt: "))
    assert read_receipt(receipt).kind == "gaps"


def test_all_formats_at_once(hrdd: Hrdd, tmp_path: Path) -> None:
    result = hrdd("gaps", "--rule", "certified-open-abuse", "--write", str(tmp_path / "gaps"))
    assert result.returncode == 0
    assert {path.name for path in (tmp_path / "gaps").iterdir()} == {
        f"gaps.{form}" for form in ("csv", "html", "json", "jsonl", "jsonld", "ttl", "xlsx")
    }


def test_messages_come_in_four_languages(hrdd: Hrdd) -> None:
    messages = {
        gaps(hrdd, "--rule", "certified-open-abuse", "--language", tag)["findings"][0]["message"]
        for tag in ("en", "fr", "es", "de")
    }
    assert len(messages) == 4


def test_csv_keeps_its_rows_apart_from_its_remarks(hrdd: Hrdd) -> None:
    result = hrdd("gaps", "--rule", "certified-open-abuse", "--format", "csv")
    rows = list(csv.reader(io.StringIO(result.stdout, newline="")))
    width = len(rows[0])
    assert {len(row) for row in rows if not row[0].startswith("# ")} == {width}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("--rule", "certified-open-abus"),
            ("--rule certified-open-abus: is not a rule", "Did you mean certified-open-abuse"),
        ),
        (("--rule", "zzzz"), ("is not a rule", "`hrdd rules` lists them")),
        (("--as-of", "2007-13-01"), ('--as-of: "2007-13-01" is not a day.', "Write it as 2026-11-20.")),
        (("--known-on", "yesterday"), ("--known-on", "is not a day")),
        (("--format", "pdf"), ("--format: pdf is not a format.", "Choose one of csv, html, json")),
        (("--severity", "huge"), ("huge is not a severity", "high, medium, low")),
        (("--fail-on", "huge"), ("--fail-on: huge is not a severity",)),
        (("--focus", "a b"), ("--focus", "is not an address")),
        (("--focus", "mineria-yanacocha"), ("is not in this view. Did you mean organisation/mineria-yanacocha?",)),
        (("--focus", "organisation/newmnt"), ("is not in this view. Did you mean organisation/newmont",)),
        (("--output", "/nowhere/at/all.txt"), ("/nowhere/at/all.txt: cannot be written",)),
        (("--nonsense",), ("--nonsense",)),
        (("--country", "Perru"), ('--country: "Perru" is no country of this view. Did you mean country:PE?',)),
        (("--weights", "scpe=2"), ('--weights: "scpe=2" is no weight of a dimension. Did you mean scope=1?',)),
        (("--sort", "size"), ('--sort: "size" is not an order. Choose severity or salience.',)),
    ],
)
def test_a_bad_argument_of_gaps_is_told(hrdd: Hrdd, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    told_once(hrdd("gaps", *arguments), *words)


def test_findings_come_in_the_order_of_their_impacts(hrdd: Hrdd) -> None:
    found = gaps(hrdd, "--country", "PE", "--sort", "salience")["findings"]
    ranks = [finding["salience"]["rank"] for finding in found if finding["salience"]]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1
    rows = list(csv.DictReader(io.StringIO(hrdd("gaps", "--sort", "salience", "--format", "csv").stdout)))
    ranked = [int(row["rank"]) for row in rows if row["rank"]]
    assert ranked == sorted(ranked)
