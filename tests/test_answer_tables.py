"""A table of a template gives the same rows in the same order as the store does, value by value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hrdd_graph.answers import _tables
from hrdd_graph.answers._answer import Page, answer_template
from hrdd_graph.answers._tables import Tables
from hrdd_graph.memory import Memory
from hrdd_graph.resources import open_resources
from hrdd_graph.templates import Template, read_template, read_templates
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

TEMPLATES = read_templates(open_resources(Path(__file__).resolve().parent.parent))
PIVOTED = [(template, name) for template in TEMPLATES for name in sorted(template.pivots)]


def examples(template: Template) -> dict[str, list[str]]:
    return {p.name: [p.example] for p in template.parameters if p.example and p.required}


def values_in(view: View, template: Template, pivot: str) -> list[str]:
    """A few values from the whole range of those that have rows, and one that nothing has."""
    rows = view.rows(template.bind(examples(template), today=view.as_of, free=pivot))
    place = (*template.variables, pivot).index(pivot)
    found = sorted({term.value for row in rows if isinstance(term := row[place], Iri)})
    return [*found[:: max(len(found) // 8, 1)], "https://example.org/nothing"]


def test_most_templates_about_one_thing_can_be_looked_up() -> None:
    assert len({template.name for template, _ in PIVOTED}) >= 15


@pytest.mark.parametrize(("template", "pivot"), PIVOTED, ids=lambda item: getattr(item, "name", str(item)))
def test_a_table_answers_as_the_store_does(view: View, template: Template, pivot: str) -> None:
    tables = Tables()
    for value in values_in(view, template, pivot):
        values = {**examples(template), pivot: [value]}
        asked = list(view.rows(template.bind(values, today=view.as_of)))
        for _ in range(3):
            known = tables.rows(view, template, values)
        assert known == asked, value


def test_the_whole_answer_is_the_same_on_every_page(view: View) -> None:
    template = next(template for template in TEMPLATES if template.name == "abuses-of-organisation")
    values = {"organisation": ["organisation/mineria-yanacocha"]}
    kept = replace(view, memory=Memory())
    for page in (None, Page(2), Page(2, 2), Page(100, 1000)):
        plain = answer_template(view, template, values, page=page)
        for _ in range(4):
            again = answer_template(kept, template, values, page=page)
            assert (again.rows, again.more, again.receipt) == (plain.rows, plain.more, plain.receipt)


def written(folder: Path, body: str, projection: str = "?thing") -> Template:
    path = folder / "made-up.rq"
    path.write_text(
        "#+ summary: Made up\n#+ params:\n#+   what: {type: iri, summary: What}\n#+ order: [thing]\n"
        f"SELECT {projection} WHERE {{ {body} }}\n",
        encoding="utf-8",
    )
    return read_template(path)


@pytest.mark.parametrize(
    "body",
    [
        "?thing a hrdd:Abuse OPTIONAL { ?thing hrdd:statedIn ?what }",  # not certainly bound
        "?thing a hrdd:Abuse FILTER ( ?thing != ?what ) ?thing hrdd:statedIn ?what",  # looked at before it is bound
        "?what hrdd:locatedIn* ?thing",  # of length zero for any value
        "?what hrdd:locatedIn? ?thing",
        "{ SELECT ?thing WHERE { ?thing hrdd:statedIn ?what } LIMIT 1 }",
        "?thing a hrdd:Abuse MINUS { ?thing hrdd:statedIn ?what }",
        "BIND ( ?what AS ?thing )",
        "GRAPH ?what { ?thing a hrdd:Abuse }",
    ],
)
def test_a_parameter_that_is_not_certainly_bound_first_is_not_looked_up(tmp_path: Path, body: str) -> None:
    assert written(tmp_path, body).pivots == frozenset()


def test_nothing_that_counts_is_looked_up(tmp_path: Path) -> None:
    template = written(tmp_path, "?x hrdd:statedIn ?what", "(COUNT(?x) AS ?thing)")
    assert template.pivots == frozenset()


def test_a_table_that_would_be_too_long_is_not_made(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = written(tmp_path, "?thing hrdd:statedIn ?what")
    monkeypatch.setattr(_tables, "LARGEST", 10)
    tables = Tables()
    assert [tables.rows(view, template, {"what": ["source/nieri-2016"]}) for _ in range(4)] == [None] * 4


def test_tables_that_are_not_asked_for_make_room(view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = Tables()
    template = written(tmp_path, "?thing hrdd:statedIn ?what")
    asked = {"what": ["source/nieri-2016"]}
    for _ in range(3):
        tables.rows(view, template, asked)
    assert tables.rows(view, template, asked, make=False)
    monkeypatch.setattr(_tables, "_HELD", 10)
    for _ in range(3):
        tables.rows(replace(view, as_of=date(2020, 1, 1)), template, asked)
    assert tables.rows(view, template, asked, make=False) is None
