"""The query templates as SHACL executables, for editors and programs that offer examples.

The form is that of https://github.com/sib-swiss/sparql-examples: each query is complete and answers as it stands, but
for those over findings, which name no endpoint.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hrdd_graph.description._statements import SCHEMA, Statements, english
from hrdd_graph.namespaces import HOME, RDF, SH
from hrdd_graph.templates import FINDINGS, Template
from hrdd_graph.terms import Iri, Literal, Triple

_FORMS = {"SELECT": ("Select", "select"), "CONSTRUCT": ("Construct", "construct"), "ASK": ("Ask", "ask")}

_OVER_FINDINGS = (
    f"The graph {FINDINGS} holds what the gap rules find; the service asks it for its templates alone, and "
    "/gaps.ttl writes it out."
)


def examples(templates: Iterable[Template], endpoint: str, day: date) -> Statements:
    """Each template that has a value for all it requires, with its parameters bound to their examples.

    ``endpoint`` is the address at which the queries answer, ``day`` the day that "today" stands for.
    """
    found = Statements()
    for template in templates:
        if template.form not in _FORMS or not runs_as_it_stands(template):
            continue
        name, prop = _FORMS[template.form]
        node = Iri(f"{HOME}queries/{template.name}")
        found.about(
            node,
            SH.SPARQLExecutable,
            (Iri("http://www.w3.org/2000/01/rdf-schema#label"), english(template.summary)),
            (Iri("http://www.w3.org/2000/01/rdf-schema#comment"), english(_comment(template))),
            (SH[prop], Literal(template.bind(example_values(template), today=day))),
            *((SCHEMA.keywords, Literal(tag)) for tag in template.tags),
        )
        if template.over == "view":  # the findings are no graph of the endpoint
            found.append(Triple(node, SCHEMA.target, Iri(endpoint)))
        found.append(Triple(node, RDF.type, SH[f"SPARQL{name}Executable"]))
    return found


def example_values(template: Template) -> dict[str, list[str]]:
    """An example for each parameter that must be given."""
    return {p.name: [p.example] for p in template.parameters if p.example and p.required}


def runs_as_it_stands(template: Template) -> bool:
    """Whether every parameter that must be given has an example or a default."""
    return all(p.example or p.default is not None for p in template.parameters if p.required)


def _comment(template: Template) -> str:
    given = ", ".join(f"{name} {values[0]}" for name, values in example_values(template).items())
    return (
        template.summary
        + (f" {template.description}" if template.description else "")
        + (f" Here with {given}." if given else "")
        + (" " + _OVER_FINDINGS if template.over == "findings" else "")
    )
