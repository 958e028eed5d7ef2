"""The finding that must be right: a certificate of 2008 and five abuses without remedy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import gaps

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
