"""Texts that pages say in the reader's language and that no template has: names, questions, conditions, problems."""

from __future__ import annotations

import re

from hrdd_api.app import create_app
from hrdd_api.desk import WORDS
from hrdd_api.problems import KINDS

from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.conditions import UNTITLED, titles_of
from hrdd_graph.gaps.grounds import ALSO
from hrdd_graph.labels import words
from hrdd_graph.namespaces import HOME, IDS, compact
from hrdd_graph.report._document import EMPTY
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.submissions.state import REPLACED
from hrdd_graph.suggestions.document import ADVICE
from hrdd_graph.suggestions.document import EMPTY as NO_SUGGESTION
from hrdd_graph.templates import read_templates
from hrdd_graph.terms import Iri
from hrdd_graph.view import View


def messages(resources: Resources, view: View) -> frozenset[str]:
    """Every such text of a server over what a view holds."""
    templates, described = read_templates(resources), _described(resources)
    rules = read_rules(resources)
    bound = {name for rule in rules for name in re.findall(r"\?(\w+)", _projection(rule.select))}
    columns = {name for template in templates for name in template.variables}
    return frozenset(
        {words(name) for name in bound | {n for n in columns if n.removesuffix("Label") not in columns - {n}}}
        | {text for template in templates for text in (template.summary, template.description) if text}
        | {parameter.summary for template in templates for parameter in template.parameters}
        | {UNTITLED, ALSO}
        | {title for rule in rules for title in titles_of(compile_rule(rule))}
        | {text for kind in KINDS.values() for text in (kind.title, kind.about)}
        | {text for answers in WORDS.values() for text in answers.values()}
        | described
        | _in_the_graph(view)
        | {EMPTY, NO_SUGGESTION, ADVICE, REPLACED}
    )


def _in_the_graph(view: View) -> set[str]:
    """Words for the properties of other vocabularies, which have no label here; and the kinds of things."""
    properties = {p.value for (p,) in view.rows("SELECT DISTINCT ?p WHERE { ?s ?p ?o }") if p is not None}
    things = {s.value for (s,) in view.rows("SELECT DISTINCT ?s WHERE { ?s ?p ?o }") if isinstance(s, Iri)}
    return {words(compact(iri)) for iri in properties if not iri.startswith(HOME)} | {
        iri.removeprefix(IDS).partition("/")[0].replace("-", " ") for iri in things if iri.startswith(IDS)
    }


def _projection(select: str) -> str:
    """What a rule's query gives for each finding."""
    return select.partition("WHERE")[0]


def _described(resources: Resources) -> set[str]:
    """The summaries of the operations, and the groups that they stand in."""
    paths = create_app(resources, EmbeddedStore.in_memory()).openapi()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    return {op["summary"] for op in operations} | {tag for op in operations for tag in op["tags"]}
