"""Texts that pages say in the reader's language and that stand in no template: names, questions, kinds of problems."""

from __future__ import annotations

import re

from hrdd_api.app import create_app
from hrdd_api.desk import WORDS
from hrdd_api.problems import KINDS

from hrdd_graph.naming import words
from hrdd_graph.report._document import EMPTY
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.submissions.state import REPLACED
from hrdd_graph.suggestions.document import ADVICE
from hrdd_graph.suggestions.document import EMPTY as NO_SUGGESTION
from hrdd_graph.templates import read_templates


def messages(resources: Resources) -> frozenset[str]:
    """Every such text."""
    templates, described = read_templates(resources), _described(resources)
    bound = {name for rule in read_rules(resources) for name in re.findall(r"\?(\w+)", _projection(rule.select))}
    columns = {name for template in templates for name in template.variables}
    return frozenset(
        {words(name) for name in bound | {n for n in columns if n.removesuffix("Label") not in columns - {n}}}
        | {template.summary for template in templates}
        | {text for kind in KINDS.values() for text in (kind.title, kind.about)}
        | {text for answers in WORDS.values() for text in answers.values()}
        | described
        | {EMPTY, NO_SUGGESTION, ADVICE, REPLACED}
    )


def _projection(select: str) -> str:
    """What a rule's query gives for each finding."""
    return select.partition("WHERE")[0]


def _described(resources: Resources) -> set[str]:
    """The summaries of the operations, and the groups that they stand in."""
    paths = create_app(resources, EmbeddedStore.in_memory()).openapi()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    return {op["summary"] for op in operations} | {tag for op in operations for tag in op["tags"]}
