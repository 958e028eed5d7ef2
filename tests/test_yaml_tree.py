"""YAML is read so that nothing is guessed, and a broken file gets its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.errors import UnusableInput
from hrdd_graph.evidence.yaml_tree import Mapping, Node, Scalar, Sequence, read_yaml


def read(folder: Path, content: bytes) -> Node:
    path = folder / "sheet.yaml"
    path.write_bytes(content)
    return read_yaml(path)


def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(UnusableInput) as caught:
        read(folder, content)
    return str(caught.value).replace(f"{folder}/", "")


def test_every_scalar_stays_as_it_is_written(tmp_path: Path) -> None:
    node = read(tmp_path, b"a: no\nb: 010\nc: 2016-01-01\nd: ~\ne: 1.50\n")
    assert isinstance(node, Mapping)
    assert {key: value.text for key, value in node.entries.items() if isinstance(value, Scalar)} == {
        "a": "no", "b": "010", "c": "2016-01-01", "d": "~", "e": "1.50",
    }  # fmt: skip


def test_values_know_their_lines(tmp_path: Path) -> None:
    node = read(tmp_path, b"# a comment\nrecords:\n- id: x\n  label: y\n- z\n")
    assert isinstance(node, Mapping)
    records = node.entries["records"]
    assert isinstance(records, Sequence)
    first, second = records.items
    assert (records.line, first.line, second.line) == (3, 3, 5)
    assert isinstance(first, Mapping)
    assert first.entries["label"] == Scalar("y", 4)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    node = read(tmp_path, "\ufeffa: é\n".encode())
    assert node == Mapping({"a": Scalar("é", 1)}, 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a: &x 1\nb: *x\n", "sheet.yaml:2: uses a YAML alias. Write the value out."),
        (b"a: *x\n", "sheet.yaml:1: uses a YAML alias"),
        (b"a: 1\nb: 2\na: 3\n", "sheet.yaml:3 a: stands twice in one place."),
        (b"r:\n- a: 1\n  a: 2\n", "sheet.yaml:3 a: stands twice"),
        (b"a: 1\nb: \xe9\n", "sheet.yaml:2: is not UTF-8. Save the file as UTF-8."),
        ("a: 1\n".encode("utf-16"), "sheet.yaml:1: is not UTF-8"),
        (b"", "sheet.yaml: is empty."),
        (b"# only a comment\n", "sheet.yaml: is empty."),
        (b"a: [1\nb: 2\n", "sheet.yaml:2: is not YAML"),
        (b"a:\n\tb: 1\n", "sheet.yaml:2: is not YAML"),
        (b"a: 1\n---\nb: 2\n", "sheet.yaml:2: is not YAML"),
        (b"a: \x00b\n", "is not YAML"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(tmp_path: Path, content: bytes, says: str) -> None:
    assert refusal(tmp_path, content).startswith(says) or says in refusal(tmp_path, content)


def test_all_repeated_keys_are_told_at_once(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"a: 1\na: 2\nb: {c: 1, c: 2}\n").count("stands twice") == 2


@pytest.mark.parametrize("depth", [51, 1_000, 100_000])
def test_nesting_without_end_is_refused_and_ends_no_process(tmp_path: Path, depth: int) -> None:
    # PyYAML has a bound of its own from some version on; either refusal will do.
    assert re.search("levels deep|nesting depth", refusal(tmp_path, b"a: " + b"[" * depth + b"]" * depth))


def test_a_tag_makes_no_python_object(tmp_path: Path) -> None:
    assert read(tmp_path, b"a: !!python/object/apply:os.getcwd [x]\n") == Mapping(
        {"a": Sequence((Scalar("x", 1),), 1)}, 1
    )


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableInput, match="cannot be read"):
        read_yaml(tmp_path / name)


_TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=20)


@given(st.dictionaries(_TEXTS, st.lists(_TEXTS, max_size=3), min_size=1, max_size=5))
def test_what_yaml_writes_comes_back(tmp_path_factory: pytest.TempPathFactory, content: dict[str, list[str]]) -> None:
    path = tmp_path_factory.mktemp("yaml") / "sheet.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    node = read_yaml(path)
    assert isinstance(node, Mapping)
    found = {
        key: [item.text for item in value.items if isinstance(item, Scalar)]
        for key, value in node.entries.items()
        if isinstance(value, Sequence)
    }
    assert found == content


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("yaml")
    try:
        read(folder, content)
    except UnusableInput as error:
        assert error.problems  # noqa: PT017
