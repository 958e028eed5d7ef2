"""Competency questions: what somebody who has only the graph must be able to find out.

Each ``tests/competency/<name>.yaml`` lists questions with a query, the rows expected and the place in the source that
proves them. Rows are written with the project's prefixes, an unbound value as an empty string.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hrdd_graph.namespaces import compact, expand, sparql_prologue
from hrdd_graph.terms import Iri, Term
from hrdd_graph.view import View

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))


def questions() -> list[Any]:
    """Every question as a test parameter; a file that is no list gives one that fails with its name."""
    found = []
    for path in FILES:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, question in enumerate(listed if isinstance(listed, list) else [{"id": "not-a-list"}]):
            found.append(pytest.param(question, id=f"{path.stem}:{question.get('id', number)}"))
    return found


def shown(term: Term | None) -> str:
    if term is None:
        return ""
    return compact(term.value) if isinstance(term, Iri) else term.value


@pytest.mark.parametrize("question", questions())
def test_the_graph_answers(question: dict[str, Any], view: View) -> None:
    missing = {"id", "question", "locator", "query", "expect"} - question.keys()
    assert not missing, f"the question lacks {', '.join(sorted(missing))}"
    answered = [tuple(shown(term) for term in row) for row in view.select(sparql_prologue() + question["query"]).rows]
    expected = [tuple(compact(expand(str(cell))) for cell in row) for row in question["expect"]]
    if not question.get("ordered", False):
        answered, expected = sorted(answered), sorted(expected)
    assert answered == expected, f"{question['question']} The answer stands at: {question['locator']}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_two_questions_of_a_file_share_a_name(path: Path) -> None:
    names = [question["id"] for question in yaml.safe_load(path.read_text(encoding="utf-8"))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_source_has_at_least_twenty_questions(path: Path) -> None:
    assert len(yaml.safe_load(path.read_text(encoding="utf-8"))) >= 20
