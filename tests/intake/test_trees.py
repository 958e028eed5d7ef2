"""JSON, JSON Lines and wide tables: which rows and cells they hold, and where each stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonpath import JSONPointer

from hrdd_graph.errors import UnusableInput
from hrdd_graph.evidence.yaml_tree import Scalar
from hrdd_graph.intake.cells import Cleaner
from hrdd_graph.intake.choices import Lists
from hrdd_graph.intake.mapping import Places, records_of
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.readers import reader_of
from hrdd_graph.intake.reading import parts_of
from hrdd_graph.intake.tables import SEVERAL, Row
from hrdd_graph.ontology import read_turtle, read_vocabulary
from hrdd_graph.resources import open_resources

ROOT = Path(__file__).resolve().parents[2]
LISTS = Lists((), read_vocabulary(ROOT / "ontology" / "hrdd.ttl"))
COUNTRIES = Lists(
    read_turtle(ROOT / "ontology" / "reference" / "countries.ttl"), read_vocabulary(ROOT / "ontology" / "hrdd.ttl")
)


def rows(path: Path, at: str, *headers: str) -> list[Row]:
    reader = reader_of(path)
    assert reader
    return list(reader.rows(path, at, headers))


def file(folder: Path, content: str, name: str = "a.json") -> Path:
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


LABEL = '{"https://x/1": {"name": "Tea", "brands": ["A", "B; C"]}, "https://x/2": {"name": "Fish", "brands": ["A"]}}'


def test_a_row_knows_what_stands_around_it_and_where_it_stands_itself(tmp_path: Path) -> None:
    found = rows(file(tmp_path, LABEL), "$.*.brands[*]")
    assert [(row.cells["brands"], row.cells["name"]) for row in found] == [("A", "Tea"), ("B; C", "Tea"), ("A", "Fish")]
    assert [JSONPointer(row.place).resolve(json.loads(LABEL)) for row in found] == ["A", "B; C", "A"]


def test_the_values_of_a_list_stay_apart_whatever_is_in_them(tmp_path: Path) -> None:
    text = '[{"companies": ["A; B", "C"], "deep": {"er": true, "no": null}, '
    text += '"more": [{"n": 1, "k": "x"}, {"n": 2, "k": "y"}]}]'
    (row,) = rows(file(tmp_path, text), "/", "$.more[?@.k == 'y'].n")
    assert row.cells["companies"].split(SEVERAL) == ["A; B", "C"]
    assert row.cells["$.more[?@.k == 'y'].n"] == "2"
    assert row.cells["deep/er"] == "true"
    assert "deep/no" not in row.cells


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_lines_of_json_are_a_list_under_either_name(name: str, tmp_path: Path) -> None:
    path = file(tmp_path, '{"schema": "A", "id": 1}\n\n{"schema": "B", "id": 2}\n{"schema": "A", "id": 3}\n', name)
    found = rows(path, "$[?@.schema == 'A']")
    assert [(row.cells["id"], row.place) for row in found] == [("1", "line=0,1"), ("3", "line=3,4")]


def test_a_file_of_one_thing_is_a_list_of_one(tmp_path: Path) -> None:
    (row,) = rows(file(tmp_path, '{"id": "x", "subject": {"to": {"name": "N"}}}'), "$[?@.subject.to]")
    assert row.cells["subject/to/name"] == "N"
    assert row.locator("a.json") == "a.json#row=1"


@pytest.mark.parametrize("text", ["", "{", "[1, 2", '{"a": 1}\n{"a": \n', "\x00", "[" * 5000], ids=range(6))
def test_what_is_no_json_is_said_so_with_what_to_do(text: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput) as caught:
        rows(file(tmp_path, text), "$[*]")
    assert caught.value.problems[0].fix


def test_a_file_cannot_end_the_process_by_depth(tmp_path: Path) -> None:
    text = '[{"id": 1, "a": ' + '{"a": ' * 900 + "1" + "}" * 902 + "]"
    (row,) = rows(file(tmp_path, text.replace("}]", "]")), "$[*]")
    assert row.cells["id"] == "1"


@given(st.lists(st.dictionaries(st.text("abc", min_size=1), st.text("xyz; |,\n"), max_size=3), max_size=5))
def test_every_place_leads_back_to_its_row(things: list[dict[str, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for row in rows(file(Path(folder), json.dumps(things)), "$[*]"):
            thing = JSONPointer(row.place).resolve(things)
            assert isinstance(thing, dict)
            assert row.cells == {key: value.strip() for key, value in thing.items()}


# -- versions ----------------------------------------------------------------------------------------------------------


def test_each_version_knows_the_one_before_it_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    def tie(statement: str, day: str, record: str) -> dict[str, object]:
        return {"statementId": statement, "statementDate": day, "recordId": record, "recordType": "relationship",
                "recordDetails": {}}  # fmt: skip

    told = [
        tie("s3", "2024-01-01", "r"),
        tie("s1", "2020-01-01", "r"),
        tie("s2", "2022-01-01", "r"),
        tie("t1", "2021", "t"),
    ]
    profile = read_profile(open_resources(ROOT), "bods")
    (part,) = (p for p in parts_of(profile, file(tmp_path, json.dumps(told))) if p.sheet.name == "Relationships")
    found = {row.cells["statementid"]: (row.cells["latest"], row.cells.get("earlier", "")) for row in part.rows}
    assert found == {"s1": ("no", ""), "s2": ("no", "s1"), "s3": ("yes", "s2"), "t1": ("yes", "")}


# -- conditions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visible", "made"),
    [("Land dispossession", {"Abuse"}), ("Noise pollution", {"Abuse", "Silence"}), ("None", set())],
)
def test_a_record_may_depend_on_whether_a_column_holds_anything(visible: str, made: set[str], tmp_path: Path) -> None:
    profile = read_profile(open_resources(ROOT), "ejatlas")
    told = [{"Title": ["T"], "Country": ["Peru"], "SocioeconomicImpactsVisible": [visible]}]
    (part,) = parts_of(profile, file(tmp_path, json.dumps(told)))
    (row,) = part.rows
    cells = Cleaner(COUNTRIES, "x").clean(row.cells, part.sheet)
    records = records_of(0, cells, part.sheet, {"import": ("x",)}, "a.json#/0", Places())
    kinds = {kind.text for tree, _ in records if isinstance(kind := tree.entries["type"], Scalar)}
    assert kinds - {"Event", "RightsHolderGroup"} == made


# -- wide tables -------------------------------------------------------------------------------------------------------


def test_columns_that_go_together_stay_together_when_one_is_empty() -> None:
    (sheet,) = read_profile(open_resources(ROOT), "knowthechain").sheets
    row = {"company name": "Firm", "2022 rank": "1", "total benchmark score": "50"}
    row |= {"theme 1: policy": "10", "theme 2: trade & risk": "n/a", "theme 7: remedy": "0"}
    cells = Cleaner(LISTS, "x").clean(row, sheet)
    assert cells["year"].values == ("2022",)
    names = ("theme", "theme_name", "theme_score")
    assert list(zip(*(cells[name].values for name in names), strict=True)) == [
        ("1", "policy", "10"), ("2", "trade & risk", ""), ("7", "remedy", "0")
    ]  # fmt: skip
