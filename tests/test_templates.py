"""Query templates: each answers over the real graph, and no parameter's text ever becomes query text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.answers._findings import Findings
from hrdd_graph.errors import UnusableInput
from hrdd_graph.resources import open_resources
from hrdd_graph.sparql.tokens import Token, tokens
from hrdd_graph.templates import TYPES, Parameter, Template, parse_value, read_template, read_templates
from hrdd_graph.terms import Iri, Literal
from hrdd_graph.view import View

TEMPLATES = read_templates(open_resources(Path(__file__).resolve().parent.parent))
SELECTS = [template for template in TEMPLATES if template.form == "SELECT"]
EVERY_PARAMETER = [(template, parameter) for template in TEMPLATES for parameter in template.parameters]


def named(item: object) -> str:
    return getattr(item, "name", str(item))


def examples(template: Template, *, optional: bool = False) -> dict[str, list[str]]:
    return {p.name: [p.example] for p in template.parameters if p.example and (optional or p.required)}


def test_there_are_at_least_thirty() -> None:
    assert len(TEMPLATES) >= 30


@pytest.mark.parametrize("template", SELECTS, ids=named)
def test_each_finds_something_for_its_example(view: View, findings: Findings, template: Template) -> None:
    rows = view.select(template.bind(examples(template), today=view.as_of, findings=findings.solutions(template)))
    assert rows.rows
    assert rows.variables == template.variables


@pytest.mark.parametrize("template", SELECTS, ids=named)
def test_each_narrows_with_its_optional_parameters(view: View, findings: Findings, template: Template) -> None:
    solutions = findings.solutions(template)
    wide = set(view.select(template.bind(examples(template), today=view.as_of, findings=solutions)).rows)
    narrow = view.select(template.bind(examples(template, optional=True), today=view.as_of, findings=solutions)).rows
    assert set(narrow) <= wide
    assert narrow


@pytest.mark.parametrize(("template", "parameter"), EVERY_PARAMETER, ids=named)
def test_no_parameter_is_only_decoration(
    view: View, findings: Findings, template: Template, parameter: Parameter
) -> None:
    """A value that nothing has gives no rows; a parameter in an OPTIONAL alone would be echoed as if found."""
    outside = ("1000-01-01", "9999-12-31") if parameter.type == "date" else ("https://example.org/nothing",)
    bound = (
        template.bind(
            {**examples(template), parameter.name: [value]},
            today=view.as_of,
            findings=findings.solutions(template),
        )
        for value in outside
    )
    assert 0 in [len(list(view.query(text))) for text in bound]  # type: ignore[arg-type]


@pytest.mark.parametrize("template", SELECTS, ids=named)
def test_rows_come_in_the_declared_order_with_labels_beside_addresses(template: Template) -> None:
    given = {p.name: [p.example] for p in template.parameters if p.example}
    tail = template.bind(given).rpartition("}")[2]
    ordered = re.findall(r"\?(\w+)", tail)
    assert tail.strip().startswith("ORDER BY")
    assert set(ordered) == set(template.variables), "rows that tie would come in any order"
    assert ordered[: len(template.order)] == list(template.order)
    for name in template.variables:
        if name.endswith("Label"):
            assert name.removesuffix("Label") in template.variables


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_each_says_what_it_answers_and_what_its_parameters_mean(template: Template) -> None:
    assert len(template.summary) < 90
    assert template.description
    assert template.tags
    assert "VALUES" not in template.query
    for parameter in template.parameters:
        assert parameter.summary
        assert parameter.example or parameter.default


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_no_parameter_takes_the_name_of_one_that_every_address_has(template: Template) -> None:
    assert not {p.name for p in template.parameters} & {"format", "language", "as_of", "known_on"}


# -- bad parameters --------------------------------------------------------------------------------------------------


def template_named(name: str) -> Template:
    return next(template for template in TEMPLATES if template.name == name)


@pytest.mark.parametrize(
    ("name", "values", "parameter", "says"),
    [
        ("abuses-by-right", {}, "right", "is required"),
        ("abuses-by-right", {"right": ["udhr:23", "udhr:24"]}, "right", "takes one value"),
        ("abuses-by-right", {"rihgt": ["udhr:23"], "right": ["udhr:23"]}, "rihgt", "is not a parameter"),
        ("abuses-by-right", {"right": ["not an address"]}, "right", "is not an address"),
        ("certificates-and-open-abuses", {"day": ["tomorrow"]}, "day", "is not a day such as"),
        ("certificates-and-open-abuses", {"day": ["2026-02-30"]}, "day", "is not a day such as"),
    ],
)
def test_a_bad_parameter_is_named_with_what_was_expected(
    name: str, values: dict[str, list[str]], parameter: str, says: str
) -> None:
    with pytest.raises(UnusableInput) as caught:
        template_named(name).bind(values)
    problem = next(problem for problem in caught.value.problems if problem.path == parameter)
    assert says in problem.what


def test_all_bad_parameters_are_told_at_once() -> None:
    with pytest.raises(UnusableInput) as caught:
        template_named("certificates-and-open-abuses").bind({"day": ["x"], "standard": ["< >"], "other": ["1"]})
    assert {problem.path for problem in caught.value.problems} == {"day", "standard", "other"}


# -- no text becomes query text --------------------------------------------------------------------------------------

NASTY = st.text() | st.sampled_from(
    [
        *("> } #", '" } DROP ALL', "x> ?p ?o } SERVICE <y", "VALUES ?x { <a> }", "\\u003e"),
        *("'''", '"""', "\\", "\n", "}", "# ", "<", "$x", "?x"),
    ]
)


def structure(query: str) -> list[tuple[str, str]]:
    """The query's tokens, with only the kind of each IRI, literal and datatype."""

    def seen(token: Token) -> tuple[str, str]:
        return (token.kind, "" if token.kind in ("iri", "string") else token.text)

    return [seen(token) for token in tokens(query)]


REFERENCE = {
    "iri": "https://example.org/a", "concept": "https://example.org/a", "date": "2020-01-01", "integer": "1",
    "decimal": "1.5", "string": "a", "language": "en",
}  # fmt: skip


@given(text=NASTY, chosen=st.sampled_from(EVERY_PARAMETER))
def test_no_value_changes_the_structure_of_any_template(text: str, chosen: tuple[Template, Parameter]) -> None:
    template, parameter = chosen
    plain = {**examples(template), parameter.name: [REFERENCE[parameter.type]]}
    try:
        bound = template.bind({**plain, parameter.name: [text]})
    except UnusableInput:
        return
    if text:  # an empty value counts as none
        assert structure(bound) == structure(template.bind(plain))


@given(text=NASTY, kind=st.sampled_from(TYPES))
def test_a_value_is_one_term_or_a_mistake(text: str, kind: str) -> None:
    try:
        term = parse_value(Parameter("x", kind, ""), text)
    except ValueError:
        return
    assert isinstance(term, Iri | Literal)
    written = [token for token in tokens(str(term)) if token.kind != "space"]
    if isinstance(term, Iri):
        assert [token.kind for token in written] == ["iri"]
    else:
        assert written[0].kind == "string"
        assert len(written) in (1, 3)


@given(text=st.text(min_size=1))
def test_a_string_parameter_finds_exactly_itself(view: View, text: str) -> None:
    query = template_named("figures").bind({"quantity": [text]})
    quantities = {row["quantity"].value for row in view.select(query).dicts()}
    assert quantities <= {text}


# -- broken files ----------------------------------------------------------------------------------------------------

GOOD = "#+ summary: s\n#+ order: [x]\nSELECT ?x WHERE { ?x a hrdd:Abuse }\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("#+ summary: s\n", ""), "summary"),
        (GOOD.replace("#+ order: [x]\n", ""), "order"),
        (GOOD.replace("[x]", "[y]"), "does not select"),
        (GOOD.replace("summary: s", "summary: [s"), "broken header"),
        (GOOD.replace("}", ""), "usable query"),
        (GOOD.replace("?x a", "?x a a a"), "usable query|is not SPARQL"),
        (GOOD.replace("summary: s", "summary: s\n#+ colour: red"), "colour"),
        (GOOD.replace("summary: s", "summary: s\n#+ params: {y: {type: iri, summary: z}}"), "variable of the query"),
        (GOOD.replace("summary: s", "summary: s\n#+ params: {x: {type: colour, summary: z}}"), "has no type"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "broken.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInput, match=says):
        read_template(path)
