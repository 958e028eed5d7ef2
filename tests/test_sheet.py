# ruff: noqa: E501 - a table of cases reads best with a case on a line
"""Case sheets: what a curator writes, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hrdd_graph.errors import UnusableInput
from hrdd_graph.evidence.sheet import read_sheet
from hrdd_graph.namespaces import RDF
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.resources import Resources

ID = "https://w3id.org/hrdd-graph/id/"
HRDD = "https://w3id.org/hrdd-graph/ontology#"

Reader = Callable[[str], set[tuple[str, str, str]]]


@pytest.fixture
def read(tiny_with: Callable[[str], Path], vocabulary: Vocabulary) -> Reader:
    """Records (YAML list items) as statements, in short: local names and plain values."""

    def short(text: str) -> str:
        return "type" if text == RDF.type.value else text.removeprefix(ID).removeprefix(HRDD)

    def statements(records: str) -> set[tuple[str, str, str]]:
        sheet = read_sheet(tiny_with(records), vocabulary)
        return {
            (short(getattr(q.subject, "value", "")), short(q.predicate.value), short(getattr(q.object, "value", "")))
            for q in sheet.quads()
        }

    return statements


@pytest.fixture
def refused(tiny_with: Callable[[str], Path], vocabulary: Vocabulary) -> Callable[[str], list[str]]:
    """The problems of records, without the file's folder."""

    def problems(records: str) -> list[str]:
        path = tiny_with(records)
        with pytest.raises(UnusableInput) as caught:
            read_sheet(path, vocabulary)
        return [str(p).replace(f"{path.parent}/", "") for p in caught.value.problems]

    return problems


# -- what becomes of a record ----------------------------------------------------------------------------------------


def test_a_record_is_stated_in_the_sheets_source_with_the_sheets_status(read: Reader) -> None:
    found = read("")
    assert ("relationship/brand-mill", "statedIn", "source/tiny") in found
    assert ("relationship/brand-mill", "hasStatus", "Documented") in found


def test_a_record_keeps_a_status_of_its_own(read: Reader) -> None:
    assert {o for s, p, o in read("") if (s, p) == ("abuse/dye", "hasStatus")} == {"Reported"}


@pytest.mark.parametrize("kind", ["Abuse", "Risk"])
def test_an_impact_without_a_status_is_given_none(read: Reader, kind: str) -> None:
    found = read(f"- {{id: impact/x, type: {kind}, label: X, locator: p}}\n")
    assert not [o for s, p, o in found if (s, p) == ("impact/x", "hasStatus")]


def test_what_is_said_about_a_thing_stands_on_a_mention(read: Reader) -> None:
    found = read("- {id: place/x, type: Place, label: X, locator: p. 9, roleNote: a town, note: n}\n")
    about = {(p, o) for s, p, o in found if s == "place/x#in-tiny"}
    assert {("mentions", "place/x"), ("statedIn", "source/tiny"), ("hasStatus", "Documented")} <= about
    assert {("locator", "p. 9"), ("roleNote", "a town"), ("note", "n")} <= about
    assert not {p for s, p, _ in found if s == "place/x"} & {"locator", "note", "roleNote", "hasStatus", "statedIn"}


def test_a_thing_that_nothing_is_said_about_has_no_mention(read: Reader) -> None:
    assert not [s for s, _, _ in read("- {id: place/x, type: Place, label: X}\n") if s == "place/x#in-tiny"]


def test_nested_nodes_are_named_after_their_place(read: Reader) -> None:
    found = read("")
    assert ("abuse/dye", "hasInvolvement", "abuse/dye#hasInvolvement-1") in found
    assert ("abuse/dye#hasInvolvement-1", "ofParty", "organisation/mill") in found


def test_nested_nodes_take_the_class_that_the_property_points_to(read: Reader) -> None:
    assert {o for s, p, o in read("") if s == "abuse/dye#hasInvolvement-1" and p == "type"} == {"Involvement"}


def test_a_label_is_english_and_labels_are_in_their_languages(
    tiny_with: Callable[[str], Path], vocabulary: Vocabulary
) -> None:
    path = tiny_with("- {id: place/x, type: Place, label: River, labels: {fr: Rivière, pt-BR: Rio}}\n")
    labels = [str(q.object) for q in read_sheet(path, vocabulary).quads() if str(q.predicate).endswith("#label>")]
    assert {'"River"@en', '"Rivière"@fr', '"Rio"@pt-br'} <= {label.replace("pt-BR", "pt-br") for label in labels}


# -- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('start: "2010"', {"startEarliest": "2010-01-01", "startLatest": "2010-12-31"}),
        ('start: "[..2001]"', {"startLatest": "2001-12-31"}),
        ('start: "2010", end: "2012-03"', {"startEarliest": "2010-01-01", "startLatest": "2010-12-31",
                                           "endEarliest": "2012-03-01", "endLatest": "2012-03-31"}),
        ('date: "2006-11-02"', {"startEarliest": "2006-11-02", "startLatest": "2006-11-02",
                                "endEarliest": "2006-11-02", "endLatest": "2006-11-02"}),
        ('date: "2001/2006"', {"startEarliest": "2001-01-01", "startLatest": "2001-12-31",
                               "endEarliest": "2006-01-01", "endLatest": "2006-12-31"}),
        ('date: "2001/.."', {"startEarliest": "2001-01-01", "startLatest": "2001-12-31"}),
        ("note: undated", {"startLatest": "2016-12-31"}),
    ],
)  # fmt: skip
def test_the_days_that_rules_compare_follow_from_the_date_as_written(
    read: Reader, written: str, expected: dict[str, str]
) -> None:
    found = read(f"- {{id: event/x, type: Event, label: X, locator: p, {written}}}\n")
    names = ("startEarliest", "startLatest", "endEarliest", "endLatest")
    assert {p: o for s, p, o in found if s == "event/x" and p in names} == expected


def test_what_is_undated_had_begun_when_its_source_appeared(read: Reader) -> None:
    found = read("")
    assert ("relationship/brand-mill", "startLatest", "2016-12-31") in found
    assert not [o for s, p, o in found if (s, p) == ("relationship/brand-mill", "startEarliest")]


# -- what is refused -------------------------------------------------------------------------------------------------

LINE = 18  # of the first record behind the tiny sheet's own


@pytest.mark.parametrize(
    ("record", "path", "says"),
    [
        ("{id: firm/x, type: Firm, labl: X}", "records[5].labl", "is not a term of the ontology. Did you mean label"),
        ("{id: firm/x, type: Frim, label: X}", "records[5].type", "Frim is not a class. Did you mean Firm?"),
        ("{id: firm/x, label: X}", "records[5]", "has no `type`"),
        ("{type: Firm, label: X}", "records[5]", "has no `id`"),
        ("{id: mill, type: Firm}", "records[5].id", '"mill" names no kind. Write kind/short-name.'),
        ("{id: 'firm/a b', type: Firm}", "records[5].id", "is not an id or an address"),
        ("{id: 'firm/a<b', type: Firm}", "records[5].id", "is not an id or an address"),
        ("{id: '../a/b', type: Firm}", "records[5].id", "is not an id or an address"),
        ("{id: 'firm//b', type: Firm}", "records[5].id", "is not an id or an address"),
        ("{id: 'udrh:23', type: Firm}", "records[5].id", "udrh:, which is no prefix of the project"),
        ("{id: 'udhr://23', type: Firm}", "records[5].id", "no prefix"),
        ("{id: abuse/dye, type: Abuse}", "records[5].id", "is described twice (also at line 10)"),
        ("{id: abuse/x, type: Abuse, hasStatus: Rumoured}", "records[5].hasStatus", "Choose one of Adjudicated, Alleged"),
        ("{id: abuse/x, type: Abuse, hasStatus: Caused}", "records[5].hasStatus", "Caused is not a RecordStatus"),
        ("{id: abuse/x, type: Abuse, hasBuyer: organisation/mill}", "records[5].hasBuyer", "does not belong on Abuse. It is for Supply."),
        ("{id: abuse/x, type: Abuse, ongoing: yes}", "records[5].ongoing", '"yes" is not true or false'),
        ("{id: tier/x, type: ValueChainTier, tierNumber: two}", "records[5].tierNumber", '"two" is not a whole number'),
        ("{id: tier/x, type: ValueChainTier, tierNumber: ٣}", "records[5].tierNumber", "is not a whole number"),
        ("{id: link/x, type: Ownership, share: '5,5'}", "records[5].share", "is not a decimal number such as 51.35"),
        ("{id: edition/x, type: StandardEdition, validFrom: 2006-13-45}", "records[5].validFrom", "is not a day such as"),
        ("{id: abuse/x, type: Abuse, start: spring 2008}", "records[5].start", "is not EDTF such as"),
        ("{id: abuse/x, type: Abuse, start: ['2001', '2002']}", "records[5].start", "takes one value"),
        ("{id: abuse/x, type: Abuse, start: '2010', end: '2008'}", "records[5]", "ends (2008) before it starts (2010)"),
        ("{id: abuse/x, type: Abuse, label: ''}", "records[5].label", "is empty"),
        ("{id: abuse/x, type: Abuse, label: {en: X}}", "records[5].label", "cannot hold a nested node"),
        ("{id: abuse/x, type: Abuse, labels: [X]}", "records[5].labels", "takes one value"),
        ("{id: abuse/x, type: Abuse, labels: X}", "records[5].labels", "is not a mapping of languages"),
        ("{id: abuse/x, type: Abuse, labels: {'not a tag': X}}", "records[5].labels.not a tag", "is no label in a language"),
        ("{id: abuse/x, type: Abuse, records: [a]}", "records[5].records", "is not a term"),
        ("{id: abuse/x, type: Abuse, '@type': Firm}", "records[5].@type", "Did you mean type?"),
        ("{id: abuse/x, type: Abuse, affects: 'group/a b'}", "records[5].affects", "is not an id or an address"),
        ("{id: abuse/x, type: Abuse, infringes: 'udrh:23'}", "records[5].infringes", "udrh:, which is no prefix"),
        ("{id: abuse/x, type: Abuse, concernsTopic: [['topic:x']]}", "records[5].concernsTopic[0]", "a list inside a list"),
        ("{id: silence/x, type: Silence, lacks: Provided}", "records[5].lacks", "Provided is not a class"),
        ("{id: doubt/x, type: Doubt, concerns: {label: X}}", "records[5].concerns", "cannot hold a nested node"),
        ("{id: s/x, type: Statement, addressedTo: {label: X}}", "records[5].addressedTo", "needs a `type`: GrievanceMechanism or Party"),
        ("{id: abuse/x, type: Abuse, hasInvolvement: {id: a/b, hasMode: Caused}}", "records[5].hasInvolvement.id", "stands on a nested node"),
        ("{id: abuse/x, type: Abuse, affects: {type: RightsHolderGroup, locator: p}}", "records[5].affects.locator", "does not belong on RightsHolderGroup"),
        ("just words", "records[5]", "is not a mapping"),
        ("", "records[5]", "is not a mapping"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_its_path_and_what_to_do(
    refused: Callable[[str], list[str]], record: str, path: str, says: str
) -> None:
    told = refused(f"- {record}\n")
    assert any(text.startswith(f"tiny.yaml:{LINE} {path}: ") and says in text for text in told), told


def test_a_mistake_in_a_nested_node_is_told_with_its_own_line(refused: Callable[[str], list[str]]) -> None:
    told = refused(
        "- id: abuse/x\n  type: Abuse\n  label: X\n  hasInvolvement:\n"
        "  - {ofParty: organisation/mill, hasMode: Caused}\n  - {ofParty: organisation/mill, hasMode: Did}\n"
    )
    assert told == [
        f"tiny.yaml:{LINE + 5} records[5].hasInvolvement[1].hasMode: Did is not a InvolvementMode. "
        "Choose one of Caused, Contributed, DirectlyLinked, UnstatedMode."
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines(refused: Callable[[str], list[str]]) -> None:
    told = refused(
        "- {id: a/1, type: Firm, labl: X}\n- {type: Firm}\n- {id: a/3, type: Nothing}\n- {id: a/4, type: Event, date: x}\n"
    )
    assert [int(text.partition(":")[2].partition(" ")[0].rstrip(":")) for text in told] == [18, 19, 20, 21]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("hasStatus: Documented\n", "hasStatus: Sure\n", "hasStatus: Sure is not a record status"),
        ("hasStatus: Documented\n", "", "hasStatus: is missing"),
        ("statedIn: source/tiny\n", "", "statedIn: is missing"),
        ("id: https://w3id.org/hrdd-graph/graph/tiny\n", "", "id: is missing"),
        ("graph/tiny\n", "graph/ti ny\n", "is not the address of a graph"),
        ("context.jsonld", "context", "@context: is not https://w3id.org/hrdd-graph/context.jsonld"),
        ('issued: "2016", ', "", "is not described with its `issued` date"),
        ('issued: "2016"', 'issued: "soon"', "records[0].issued: "),
        ("records:", "record:", "record: is not a key of a sheet"),
    ],
)
def test_a_broken_header_is_told(tiny: Path, vocabulary: Vocabulary, old: str, new: str, says: str) -> None:
    path = tiny / "data" / "cases" / "tiny.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UnusableInput) as caught:
        read_sheet(path, vocabulary)
    assert says in str(caught.value)


@pytest.mark.parametrize("content", ["- a\n- b\n", "words\n"])
def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, vocabulary: Vocabulary, content: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnusableInput, match="is not a mapping"):
        read_sheet(path, vocabulary)


def test_no_record_is_lost_on_the_way(resources: Resources, vocabulary: Vocabulary) -> None:
    """Every node that a sheet describes is a subject of its statements: JSON-LD drops what it cannot name."""
    for path in sorted((resources.data / "cases").glob("*.yaml")):
        sheet = read_sheet(path, vocabulary)
        subjects = {getattr(quad.subject, "value", "") for quad in sheet.quads()}
        assert set(sheet.lines) == subjects, path.name


def test_text_that_looks_like_json_ld_stays_text(read: Reader) -> None:
    found = read('- {id: event/x, type: Event, label: "@id", description: "@type", locator: "@graph"}\n')
    assert ("event/x", "locator", "@graph") in found
