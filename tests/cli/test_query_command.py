"""hrdd query and hrdd sparql: prepared questions and one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import told_once


def test_templates_are_listed_with_their_parameters(hrdd: Hrdd) -> None:
    text = hrdd("query").stdout
    assert "certificates-and-open-abuses: " in text
    assert "[organisation=<iri>]" in text


def test_a_template_answers(hrdd: Hrdd) -> None:
    result = hrdd(
        "query", "certificates-and-open-abuses", "-p", "organisation=organisation/mineria-yanacocha", "-f", "json"
    )
    assert result.returncode == 0
    assert len(json.loads(result.stdout)["rows"]) == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing",), ("nothing is not a template", "`hrdd query` lists them.")),
        (("abuses-by-righ",), ("abuses-by-righ is not a template. Did you mean abuses-by-right",)),
        (("certificates-and-open-abuses", "-p", "day"), ('"day" has no `=`',)),
        (("certificates-and-open-abuses", "-p", "day=soon"), ('"soon" is not a day such as',)),
        (
            ("certificates-and-open-abuses", "-p", "dya=2008-01-01"),
            ("dya: is not a parameter of this query", "It has day"),
        ),
        (("certificates-and-open-abuses", "-p", "organisation=a b"), ("is not an address such as",)),
        (("certificates-and-open-abuses", "-f", "ttl"), ("ttl does not fit this kind of answer",)),
        (("certificates-and-open-abuses", "--as-of", "x"), ("--as-of",)),
        (("abuses-by-right", "-p", "right=udhr:99"), ("is not in this view", "Did you mean udhr:9")),
        (
            ("abuses-of-organisation", "-p", "organisation=organisation/newmnt"),
            ("organisation/newmnt is not in this view. Did you mean organisation/newmont",),
        ),
        (("gaps-by-firm", "-p", "rule=gap:certified-open-abus"), ("gap/certified-open-abus is not in this view",)),
    ],
)
def test_a_bad_question_is_told(hrdd: Hrdd, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    told_once(hrdd("query", *arguments), *words)


def test_nothing_about_what_is_on_record_is_an_answer(hrdd: Hrdd) -> None:
    for name, parameter in (
        ("abuses-of-organisation", "organisation=udhr:1"),
        ("gaps-by-regime", "rule=gap:exit-without-remedy"),
    ):
        result = hrdd("query", name, "-p", parameter, "--as-of", "1900-01-01")
        assert result.returncode == 0, result.stderr
        assert "no clearance" in result.stdout


def test_every_answer_ends_with_a_receipt_that_replays(hrdd: Hrdd) -> None:
    table = hrdd("query", "abuses-by-right", "-p", "right=udhr:20.1").stdout.rstrip().splitlines()
    assert table[-1].startswith("receipt: hrdd1.")
    assert any(line.endswith(" rows.") for line in table)
    again = hrdd("replay", table[-1].removeprefix("receipt: "))
    assert again.returncode == 0
    assert "the same result" in again.stderr
    graph = hrdd("query", "organisation-as-graph", "-p", "organisation=organisation/newmont").stdout
    assert graph.rstrip().splitlines()[-1].startswith("# receipt: hrdd1.")


def test_a_query_of_ones_own_comes_from_a_file_or_from_standard_input(hrdd: Hrdd, tmp_path: Path) -> None:
    text = "ASK { <https://w3id.org/hrdd-graph/id/organisation/newmont> a hrdd:Firm }"
    (tmp_path / "ask.rq").write_text(text, encoding="utf-8")
    assert hrdd("sparql", str(tmp_path / "ask.rq")).stdout == "yes\n"
    assert hrdd("sparql", "-", stdin=text).stdout == "yes\n"
    assert json.loads(hrdd("sparql", "-", "-f", "json", stdin=text).stdout)["boolean"] is True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT *\n{ ?s ?p ", ("standard input: This is not SPARQL: error at line 2, column ", "Mend the query.")),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", ("SERVICE is refused",)),
        ("DROP ALL", ("DROP would change the graph",)),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", ("is not a graph of this view",)),
    ],
)
def test_a_query_that_is_not_allowed_is_told(hrdd: Hrdd, text: str, words: tuple[str, ...]) -> None:
    told_once(hrdd("sparql", "-", stdin=text), *words)


def test_a_query_file_that_cannot_be_read_is_told(hrdd: Hrdd, tmp_path: Path) -> None:
    told_once(hrdd("sparql", "missing.rq"), "missing.rq: cannot be read: No such file or directory. Name a text file")
    (tmp_path / "latin.rq").write_bytes(b"ASK { ?s ?p '\xe9' }")
    told_once(hrdd("sparql", str(tmp_path / "latin.rq")), "cannot be read")
