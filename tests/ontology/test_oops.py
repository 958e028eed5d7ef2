"""Our checks flag what the OOPS! scanner flags in its own test ontologies (tests/data/oops).

For each pitfall that we check and each ontology, every element that the expected report names is named by our check as
well. Ours may name more. ``DEVIATIONS`` lists where a report names something that we leave alone: it is empty.
What the reports do not tell:

- P10 and P41 are reported without elements: there the ontology as a whole must be flagged, and only there.
- P02 is reported with one of the two synonyms; we flag both.
- There is no report for P34, and that for P36 is empty; the ontologies say themselves what is wrong with them.
- P08, P10 and P13 come in variants (P08-A, P13-Y, P13-N); a variant counts as its pitfall.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import Namespace, expand
from hrdd_graph.ontology import read_turtle
from hrdd_graph.ontology_checks import checks, read_model
from hrdd_graph.resources import Resources
from hrdd_graph.terms import Iri

OOPS = Namespace("http://oops.linkeddata.es/def#")
DATA = Path(__file__).parents[1] / "data" / "oops"
# fmt: off
CODES = ["P02", "P04", "P05", "P06", "P07", "P08", "P10", "P11", "P13", "P19", "P25", "P26", "P27", "P28", "P29",
         "P34", "P36", "P41"]
# fmt: on
REPORTS = sorted(path.stem for path in (DATA / "output").glob("*.ttl"))
DEVIATIONS: dict[tuple[str, str], set[str]] = {}


def check_of(code: str) -> str:
    (name,) = [name for name in checks() if name.startswith(code.lower() + "_")]
    return name


def reported(stem: str) -> dict[str, set[str]]:
    """Pitfall -> the elements that the expected report names; a node that groups elements stands for them."""
    facts = Facts(read_turtle(DATA / "output" / f"{stem}.ttl"))
    found: dict[str, set[str]] = defaultdict(set)
    for pitfall in facts.of_type(OOPS.pitfall):
        elements = found[facts.text(pitfall, OOPS.hasCode)[:3]]
        for element in facts.objects(pitfall, OOPS.hasAffectedElement):
            grouped = facts.objects(Iri(element.value), OOPS.hasAffectedElement)
            elements |= {member.value for member in grouped} or {element.value}
    return found


def flagged(stem: str, code: str, resources: Resources) -> set[str]:
    model = read_model([DATA / "input" / f"{stem}.owl"], resources)
    return {expand(problem.path) for problem in checks()[check_of(code)](model)}


@pytest.mark.parametrize("code", CODES)
def test_each_pitfall_has_one_check(code: str) -> None:
    assert check_of(code)


@pytest.mark.parametrize("stem", REPORTS)
def test_what_the_scanner_names_we_name(stem: str, resources: Resources) -> None:
    expected = reported(stem)
    for code in CODES:
        left_alone = expected.get(code, set()) - flagged(stem, code, resources)
        assert left_alone == DEVIATIONS.get((stem, code), set()), f"{code} in {stem}"


@pytest.mark.parametrize("code", ["P10", "P41"])
@pytest.mark.parametrize("stem", REPORTS)
def test_a_pitfall_of_the_whole_is_found_where_the_scanner_finds_it_and_nowhere_else(
    stem: str, code: str, resources: Resources
) -> None:
    assert bool(flagged(stem, code, resources)) == (code in reported(stem))


@pytest.mark.parametrize("code", [code for code in CODES if code not in ("P34", "P36")])
def test_each_pitfall_is_in_some_report(code: str) -> None:
    assert any(code in reported(stem) for stem in REPORTS)


# What our checks name beyond the reports: how many elements in all, and why.
BEYOND = {
    "P02": (3, "the other one of two synonyms"),
    "P04": (33, "properties that are tied to nothing, where the scanner looks at classes only"),
    "P08": (6, "labels and comments that are there and empty"),
    "P13": (1, "a property whose inverse is declared nowhere (relationshipAuxI in P35)"),
    "P36": (1, "its report is empty"),
}


def test_we_name_more_than_the_scanner_for_stated_reasons_only(resources: Resources) -> None:
    more: dict[str, set[str]] = defaultdict(set)
    for stem in REPORTS:
        expected = reported(stem)
        for code in set(CODES) - {"P10", "P41"}:
            if beyond := flagged(stem, code, resources) - expected.get(code, set()):
                more[code] |= beyond
    assert {code: len(elements) for code, elements in more.items()} == {
        code: count for code, (count, _) in BEYOND.items()
    }


def test_classes_used_and_not_declared_are_found(resources: Resources) -> None:
    """The ontology for P34 names the class of each of its ten patterns in a comment."""
    found = {element.partition("#")[2] for element in flagged("P34", "P34", resources)}
    assert found == {f"Class{letter}" for letter in "ABCDEFGHIJ"}


def test_an_address_that_ends_like_a_file_is_found(resources: Resources) -> None:
    assert flagged("P36", "P36", resources) == {"http://oops.linkeddata.es/data/testP36.owl"}
