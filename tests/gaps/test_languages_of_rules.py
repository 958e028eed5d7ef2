"""Our rules speak to every reader of the pages; their labels and messages in German too."""

from __future__ import annotations

from pathlib import Path

from hrdd_graph.ontology_checks.languages import READERS
from hrdd_graph.rules import read_rule


def test_a_rule_is_named_and_finds_in_every_language(rule_file: Path) -> None:
    rule = read_rule(rule_file)
    for texts in (rule.label, rule.message):
        assert set(texts) == {*READERS, "de"}


def test_a_rule_says_what_it_is_and_what_to_do_to_every_reader(rule_file: Path) -> None:
    rule = read_rule(rule_file)
    for texts in (rule.definition, rule.advice, rule.settled_by):
        assert set(texts) == set(READERS)
        assert all(text.endswith(".") for text in texts.values())
