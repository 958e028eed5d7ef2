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


def answered(question: dict[str, Any], view: View) -> list[tuple[str, ...]]:
    rows = [tuple(shown(term) for term in row) for row in view.select(sparql_prologue() + question["query"]).rows]
    return rows if question.get("ordered", False) else sorted(rows)


def expected(question: dict[str, Any]) -> list[tuple[str, ...]]:
    rows = [tuple(compact(expand(str(cell))) for cell in row) for row in question["expect"]]
    return rows if question.get("ordered", False) else sorted(rows)


@pytest.mark.parametrize("question", questions())
def test_the_graph_answers(question: dict[str, Any], view: View) -> None:
    missing = {"id", "question", "locator", "query", "expect"} - question.keys()
    assert not missing, f"the question lacks {', '.join(sorted(missing))}"
    assert answered(question, view) == expected(question), (
        f"{question['question']} The answer stands at: {question['locator']}"
    )


def test_a_third_of_the_questions_needs_two_sources(view: View) -> None:
    vocabulary = [entry for entry in view.entries if entry.is_vocabulary]
    asked = [parameter.values[0] for parameter in questions()]
    by_one: set[str] = set()
    for source in (entry for entry in view.entries if not entry.is_vocabulary):
        alone = View(view.store, (*vocabulary, source), view.as_of)
        by_one |= {q["id"] for q in asked if answered(q, alone) == expected(q)}
    assert len(asked) - len(by_one) >= len(asked) / 3


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_two_questions_of_a_file_share_a_name(path: Path) -> None:
    names = [question["id"] for question in yaml.safe_load(path.read_text(encoding="utf-8"))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_source_has_at_least_twenty_questions(path: Path) -> None:
    assert len(yaml.safe_load(path.read_text(encoding="utf-8"))) >= 20
