"""The command line as a user meets it: another process in an empty folder. Data on standard output, words on standard
error, exit code 2 and one clear message for whatever cannot be used."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph
import pytest

from hrdd_graph.receipts import read_receipt

if TYPE_CHECKING:
    from tests.conftest import Hrdd

COMMANDS = (
    "build",
    "gaps",
    "diff",
    "explain",
    "rules",
    "query",
    "sparql",
    "validate",
    "reason",
    "dump",
    "serve",
    "suggest",
)
UNUSABLE = 2


def told_once(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, nothing on standard output, and a message with these words that is no traceback."""
    assert result.returncode == UNUSABLE, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr, result.stderr


def gaps(hrdd: Hrdd, *arguments: str) -> Any:
    result = hrdd("gaps", "--format", "json", *arguments)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


# -- help ------------------------------------------------------------------------------------------------------------


def test_help_names_every_command(hrdd: Hrdd) -> None:
    result = hrdd("--help", store=None)
    assert result.returncode == 0
    for command in COMMANDS:
        assert command in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(hrdd: Hrdd, command: str) -> None:
    result = hrdd(command, "--help", store=None)
    assert result.returncode == 0
    assert "Usage" in result.stdout


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("gaps", "--help"), ("serve", "--help")])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    heavy = (
        "rdflib",
        "fastapi",
        "owlready2",
        "pyshacl",
        "uvicorn",
        "hrdd_api",
        "edtf",
        "jinja2",
        "xlsxwriter",
        "httpx",
    )
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "hrdd_graph.cli", *arguments],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines()}
    assert imported & set(heavy) == set()


def test_the_version_is_that_of_the_package(hrdd: Hrdd) -> None:
    from hrdd_graph import __version__

    assert hrdd("--version", store=None).stdout == f"{__version__}\n"


def test_an_unknown_command_is_refused(hrdd: Hrdd) -> None:
    told_once(hrdd("gapps", store=None), "gapps")


# -- the finding that must be right ----------------------------------------------------------------------------------

# Abuse: when it began against the certificate, whether ISO 14001 could cover it, the rights, how firmly it is claimed.
YANACOCHA = {
    "abuse/yanacocha-mercury-spill": ("BeganBefore", "TopicCovered", {"udhr:25.1", "udhr:3"}, "Documented"),
    "abuse/yanacocha-water-pollution": ("BeganBefore", "TopicCovered", {"udhr:25.1"}, "Documented"),
    "abuse/yanacocha-totoracocha-force": (
        "BeganBefore", "TopicOutside", {"udhr:3", "udhr:9", "udhr:20.1", "udhr:25.2"}, "Documented",
    ),
    "abuse/yanacocha-unpaid-work": ("BeganBefore", "TopicOutside", {"udhr:23.3", "ilo:C095"}, "Alleged"),
    "abuse/yanacocha-working-conditions": ("TimingUnknown", "TopicOutside", {"udhr:23.1", "ilo:C176"}, "Documented"),
}  # fmt: skip


def ids(finding: Any, name: str) -> set[str]:
    return {term["id"].removeprefix("hrdd:").removeprefix("id:") for term in finding["bindings"][name]}


TWO_RULES = ("--rule", "certified-open-abuse", "--rule", "harm-without-party")
MINE = ("--rule", "certified-open-abuse", "--focus", "organisation/mineria-yanacocha")


@pytest.fixture(scope="module")
def yanacocha(store_folder: Path) -> dict[str, Any]:
    """What `hrdd gaps --rule certified-open-abuse --format json` says of Minería Yanacocha, by abuse."""
    command = [
        sys.executable,
        "-m",
        "hrdd_graph.cli",
        "gaps",
        *MINE[:2],
        "--format",
        "json",
        "--store",
        str(store_folder),
    ]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=120)
    found = [
        f for f in json.loads(result.stdout)["findings"] if f["focus"]["id"] == "id:organisation/mineria-yanacocha"
    ]
    by_abuse = {next(iter(ids(finding, "value"))): finding for finding in found}
    assert len(by_abuse) == len(found), "one finding for each abuse"
    return by_abuse


def test_mineria_yanacocha_is_named_with_its_certificate_of_2008(yanacocha: dict[str, Any]) -> None:
    assert yanacocha
    for finding in yanacocha.values():
        assert finding["focus"]["label"] == "Minería Yanacocha"
        assert ids(finding, "certification") == {"commitment/yanacocha-iso14001"}
        assert ids(finding, "standard") == {"std:iso-14001"}
        assert "2008" in finding["message"]
        assert "ISO 14001" in finding["message"]


def test_each_abuse_without_a_stated_remedy_is_found_and_no_other(yanacocha: dict[str, Any]) -> None:
    assert set(yanacocha) == set(YANACOCHA)


@pytest.mark.parametrize("abuse", YANACOCHA)
def test_a_finding_says_when_on_what_topic_which_rights_and_how_firmly(yanacocha: dict[str, Any], abuse: str) -> None:
    timing, topics, rights, status = YANACOCHA[abuse]
    finding = yanacocha[abuse]
    assert ids(finding, "timing") == {timing}
    assert ids(finding, "topicMatch") == {topics}
    assert ids(finding, "right") == rights
    assert ids(finding, "status") == {status}
    assert ids(finding, "certificateEnd") == {"EndUnknown"}, "the source does not say until when it holds"
    assert ids(finding, "siteMatch") == {"SiteUnknown"}
    assert ids(finding, "knowledge") == {"SourceSilent"}, "the source was read for a remedy and says nothing of one"


@pytest.mark.parametrize("abuse", YANACOCHA)
def test_a_finding_says_where_its_source_says_so(yanacocha: dict[str, Any], abuse: str) -> None:
    places = {
        (source["record"].partition("/id/")[2], source["locator"])
        for source in yanacocha[abuse]["sources"]
        if source["source"]["id"] == "id:source/nieri-2016"
    }
    assert ("commitment/yanacocha-iso14001", "Box 2, line 197") in places
    assert (abuse, "Box 2, line 199") in places


def test_before_the_certificate_nothing_is_found_and_nothing_is_cleared(hrdd: Hrdd) -> None:
    for form in ("table", "json", "html", "csv"):
        result = hrdd("gaps", *MINE, "--as-of", "2007-12-31", "--format", form)
        assert result.returncode == 0
        words = result.stdout.lower().replace(".", " ").replace(",", " ").split()
        assert "nothing found in this view" in result.stdout.lower()
        assert not {"clear", "cleared", "clean", "compliant"} & set(words), form
    document = gaps(hrdd, *MINE, "--as-of", "2007-12-31")
    assert document["findings"] == []
    assert document["run"]["count"] == 0
    assert document["run"]["asOf"] == "2007-12-31"


@pytest.mark.parametrize(("day", "count"), [("2008-01-01", 0), ("2008-12-30", 0), ("2008-12-31", 5), ("2016-12-31", 5)])
def test_the_certificate_counts_from_the_day_by_which_it_was_certainly_there(hrdd: Hrdd, day: str, count: int) -> None:
    found = gaps(hrdd, *MINE, "--as-of", day)["findings"]
    expected = count - (
        1 if count and day < "2016-12-31" else 0
    )  # the undated abuse is certain from the source's year on
    assert len(found) == expected


def test_what_was_not_yet_known_finds_nothing(hrdd: Hrdd) -> None:
    assert gaps(hrdd, "--rule", "certified-open-abuse", "--known-on", "2003-01-01")["findings"] == []


# -- gaps ------------------------------------------------------------------------------------------------------------


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


# -- stores ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("missing", ("holds no store", "hrdd build --store")),
        ("ftp://example.org/", ("is no store",)),
        ("http://127.0.0.1:1/sparql", ("is out of reach",)),
    ],
)
def test_a_store_that_is_not_there_is_told(hrdd: Hrdd, store: str, words: tuple[str, ...]) -> None:
    told_once(hrdd("gaps", store=store), *words)


def test_a_store_is_not_built_into_an_address(hrdd: Hrdd) -> None:
    told_once(hrdd("build", store="memory:"), "cannot be built into", "Name a folder.")


def test_build_says_what_it_did_on_standard_error(hrdd: Hrdd, tiny: Path, tmp_path: Path) -> None:
    result = hrdd("build", "--root", str(tiny), store=tmp_path / "store")
    assert (result.returncode, result.stdout) == (0, "")
    assert "statements in" in result.stderr
    assert (
        hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=tmp_path / "store").stdout.count(
            "organisation/"
        )
        == 2
    )


def test_without_a_store_one_is_built_in_the_cache_once(hrdd: Hrdd, tiny: Path) -> None:
    first = hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=None)
    second = hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=None)
    assert first.stdout == second.stdout != ""
    assert "building the graph" in first.stderr
    assert second.stderr == ""


def test_a_broken_sheet_is_told_and_the_store_goes_on(hrdd: Hrdd, tiny: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    hrdd("build", "--root", str(tiny), store=store)
    before = hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=store).stdout
    sheet = tiny / "data" / "cases" / "tiny.yaml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("hasMode: Caused", "hasMode: Did"), encoding="utf-8")
    result = hrdd("build", "--root", str(tiny), store=store)
    assert result.returncode == UNUSABLE
    assert (
        "data/cases/tiny.yaml:16 records[4].hasInvolvement[0].hasMode: Did is not a InvolvementMode." in result.stderr
    )
    assert "Traceback" not in result.stderr
    assert hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=store).stdout == before


def test_a_root_without_its_folders_is_told(hrdd: Hrdd, tmp_path: Path) -> None:
    told_once(hrdd("rules", "--root", str(tmp_path)), "has no folder ontology", "Name a folder that holds")


# -- rules, explain --------------------------------------------------------------------------------------------------


def test_rules_are_listed_with_severity_and_label(hrdd: Hrdd) -> None:
    lines = hrdd("rules").stdout.splitlines()
    assert len(lines) >= 10
    assert all(line.split()[0] in ("high", "medium", "low") for line in lines)
    assert any("certified-open-abuse" in line for line in lines)


def test_a_rule_is_told_in_full_and_as_its_query(hrdd: Hrdd) -> None:
    text = hrdd("rules", "certified-open-abuse").stdout
    for word in ("Rests on: ungp:11", "What to do:", "Would be settled by:", "File:"):
        assert word in text
    query = hrdd("rules", "certified-open-abuse", "--query").stdout
    assert pyoxigraph.Store().query(query) is not None
    assert hrdd("rules", "--language", "de").stdout != hrdd("rules").stdout


def test_a_broken_shape_is_told(hrdd: Hrdd, tiny: Path) -> None:
    path = tiny / "shapes" / "gaps" / "certified-open-abuse.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sh:severity sh:Violation", "sh:severity sh:Grave"), encoding="utf-8")
    told_once(hrdd("rules", "--root", str(tiny)), "certified-open-abuse.ttl", "severity that is none of SHACL's")
    path.write_text(text.replace("hrdd:since", "hrdd:since hrdd:since"), encoding="utf-8")
    told_once(hrdd("rules", "--root", str(tiny)), "certified-open-abuse.ttl:", "is not Turtle")


def test_a_finding_is_explained_under_its_address_and_its_end(hrdd: Hrdd) -> None:
    address = gaps(hrdd, "--rule", "certified-open-abuse")["findings"][0]["finding"]
    long = hrdd("explain", address)
    short = hrdd("explain", address.partition("/finding/")[2])
    assert long.stdout == short.stdout
    for word in (
        "Facts",
        "Stated in",
        "Box 2, line 199",
        "Why it is a gap",
        "What to do",
        "Would be settled by",
        address,
    ):
        assert word in long.stdout


def test_findings_come_in_the_order_of_their_impacts(hrdd: Hrdd) -> None:
    found = gaps(hrdd, "--country", "PE", "--sort", "salience")["findings"]
    ranks = [finding["salience"]["rank"] for finding in found if finding["salience"]]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1
    rows = list(csv.DictReader(io.StringIO(hrdd("gaps", "--sort", "salience", "--format", "csv").stdout)))
    ranked = [int(row["rank"]) for row in rows if row["rank"]]
    assert ranked == sorted(ranked)


def test_why_not_is_told_condition_by_condition(hrdd: Hrdd) -> None:
    asked = ("explain", "--rule", "certified-open-abuse", "--focus", "organisation/mineria-yanacocha")
    text = hrdd(*asked, "--as-of", "2007-12-31").stdout
    for words in (
        "That is no clearance.",
        "1. A certificate that stood on the day",
        "does not hold",
        "?certifiedBy <=",
        "The first condition does not hold, so that none is met together with it.",
    ):
        assert words in text
    document = json.loads(hrdd(*asked, "--as-of", "2007-12-31", "--format", "json").stdout)
    assert [c["outcome"] for c in document["conditions"]] == ["fails", "holds", "holds"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "takes a finding, or --rule and --focus."),
        (("--rule", "certified-open-abuse"), "takes a finding, or --rule and --focus."),
        (("x/y", "--rule", "certified-open-abuse", "--focus", "a"), "takes a finding, or --rule and --focus."),
        (("--rule", "certified", "--focus", "organisation/newmont"), "certified: is not a rule."),
        (("--rule", "certified-open-abuse", "--focus", "organisation/nobody"), "is not in this view."),
        (("--rule", "certified-open-abuse", "--focus", "a b"), "is not an address"),
        (("x/y", "--format", "pdf"), "pdf is not a format here."),
    ],
)
def test_a_bad_question_why_is_told(hrdd: Hrdd, arguments: tuple[str, ...], words: str) -> None:
    told_once(hrdd("explain", *arguments), words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "certified-open-abuse/0000000000000000",
            ("does not stand in this view", "hrdd gaps --rule certified-open-abuse"),
        ),
        ("nonsense", ("nonsense is no finding's address. It ends with rule/0123456789abcdef",)),
        ("https://example.org/finding", ("is not a rule",)),
    ],
)
def test_a_finding_that_does_not_stand_is_told(hrdd: Hrdd, name: str, words: tuple[str, ...]) -> None:
    told_once(hrdd("explain", name), *words)


# -- query, sparql, dump ---------------------------------------------------------------------------------------------


def test_two_days_are_compared_without_any_file(hrdd: Hrdd) -> None:
    result = hrdd("diff", "2007-12-31", "2026-11-20", "--format", "json")
    assert result.returncode == 0, result.stderr
    document = json.loads(result.stdout)
    certified = [c for c in document["changes"] if c["rule"] == "certified-open-abuse"]
    assert {(c["state"], *c["causes"]) for c in certified} == {("new", "time")}
    assert document["differs"]["graphs"] == {}


def test_recorded_runs_are_compared_and_what_came_back_is_reopened(hrdd: Hrdd, tmp_path: Path) -> None:
    first, second = str(tmp_path / "first.json"), str(tmp_path / "second.json")
    for file, day in ((first, "2026-11-20"), (second, "2007-12-31")):
        assert hrdd("gaps", "--record", file, "--as-of", day).returncode == 0
    result = hrdd("diff", first, second, "--as-of", "2026-11-20")
    told_once(result, "goes with one RUN")
    result = hrdd("diff", first, second, "2026-11-20", "--fail-on", "high")
    assert result.returncode == 1, result.stderr
    assert "Reopened" in result.stdout
    assert "New (" not in result.stdout
    assert "because of time: the day moved from 2007-12-31 to 2026-11-20" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("diff", "no-such-run.json"), "cannot be read"),
        (("diff", "2026-11-20", "--format", "csv"), "Choose table or json"),
        (("gaps", "--record", "run.json", "--severity", "high"), "Leave out every filter"),
    ],
)
def test_a_run_that_cannot_be_compared_is_told(hrdd: Hrdd, arguments: tuple[str, ...], words: str) -> None:
    told_once(hrdd(*arguments), words)


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
    ],
)
def test_a_bad_question_is_told(hrdd: Hrdd, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    told_once(hrdd("query", *arguments), *words)


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


@pytest.mark.parametrize(("form", "kind"), [("nq", pyoxigraph.RdfFormat.N_QUADS), ("trig", pyoxigraph.RdfFormat.TRIG)])
def test_a_dump_can_be_read_back(hrdd: Hrdd, form: str, kind: pyoxigraph.RdfFormat) -> None:
    first, second = hrdd("dump", "--format", form), hrdd("dump", "--format", form)
    assert first.stdout == second.stdout
    graphs = {str(quad.graph_name) for quad in pyoxigraph.parse(first.stdout, format=kind)}
    assert "<https://w3id.org/hrdd-graph/graph/nieri-2016>" in graphs


def test_a_dump_in_a_form_without_graphs_is_refused(hrdd: Hrdd) -> None:
    told_once(hrdd("dump", "--format", "ttl"), "ttl is no dump format", "Choose nq, trig, jsonld.")


# -- validate, reason ------------------------------------------------------------------------------------------------


def test_the_first_sheet_is_valid(hrdd: Hrdd) -> None:
    sheet = Path(__file__).parents[2] / "data" / "cases" / "nieri-2016.yaml"
    result = hrdd("validate", str(sheet))
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    assert "no problem found" in result.stderr


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.yaml", "a: [\n", ("x.yaml", "is not YAML")),
        ("x.rq", "#+ summary: x\nSELECT ?x { ?x }", ("x.rq: holds no usable query",)),
        ("x.rq", "#+ summary: [x\nSELECT ?x { ?x ?y ?z }", ("x.rq:", "has a broken header")),
        ("x.ttl", "<a> <b> .", ("x.ttl:1: is not Turtle",)),
        ("x.ttl", "# hrdd:GapRule\n", ("x.ttl: declares no hrdd:GapRule, or several",)),
        ("x.docx", "", ("is of a kind (.docx) that is not known",)),
    ],
)
def test_a_file_that_is_not_valid_is_told(
    hrdd: Hrdd, tmp_path: Path, name: str, text: str, words: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    told_once(hrdd("validate", str(tmp_path / name)), *words)


def test_a_record_that_breaks_a_shape_is_told_with_its_line_and_what_to_do(hrdd: Hrdd, tiny: Path) -> None:
    (tiny / "shapes" / "records").mkdir()
    shapes = Path(__file__).parents[2] / "shapes" / "records"
    for path in shapes.glob("*.ttl"):
        shutil.copy(path, tiny / "shapes" / "records")
    sheet = tiny / "data" / "cases" / "tiny.yaml"
    told_once(
        hrdd("validate", "--root", str(tiny), str(sheet)),
        "tiny.yaml:10 id:abuse/dye: An impact infringes no right. Add hasInfringement",
    )


def test_a_file_that_is_not_there_is_told(hrdd: Hrdd) -> None:
    told_once(hrdd("validate", "nothing.yaml"), "nothing.yaml: is not a file")


def test_reason_without_java_says_what_is_missing(hrdd: Hrdd, tiny: Path) -> None:
    told_once(
        hrdd("reason", "--root", str(tiny), environment={"PATH": "/nowhere"}), "needs Java", "Install a Java runtime"
    )


def test_a_pipe_that_closes_early_is_no_mistake(store_folder: Path) -> None:
    code = f"{sys.executable} -m hrdd_graph.cli dump --store {store_folder} | head -n 1"
    result = subprocess.run(
        ["bash", "-o", "pipefail", "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in result.stderr
    assert result.stdout.count("\n") == 1


# -- suggest ---------------------------------------------------------------------------------------------------------


def test_suggestions_come_with_the_words_that_led_there(hrdd: Hrdd, tmp_path: Path) -> None:
    text = "Workers are paid less than the minimum wage."
    said = hrdd("suggest", text)
    assert said.returncode == 0, said.stderr
    assert "udhr:23.3" in said.stdout
    assert "“minimum”" in said.stdout
    assert "a person decides" in said.stderr
    file = tmp_path / "note.txt"
    file.write_text(text, encoding="utf-8")
    told = [hrdd("suggest", *arguments, "-f", "json", stdin=text) for arguments in ((text,), (str(file),), ("-",))]
    assert len({answer.stdout for answer in told}) == 1
    assert json.loads(told[0].stdout)["suggestions"][0]["rank"] == 1


def test_a_text_that_cannot_be_read_is_refused(hrdd: Hrdd, tmp_path: Path) -> None:
    file = tmp_path / "note.doc"
    file.write_bytes(b"\xd0\xcf\x11\xe0")
    told_once(hrdd("suggest", str(file)), "note.doc", "UTF-8")
    told_once(hrdd("suggest", " "), "empty")
    told_once(hrdd("suggest", "Arbeit", "--language", "de"), "de", "en, fr, es, pt")
    told_once(hrdd("suggest", "wages", "--format", "xml"), "xml", "json")
