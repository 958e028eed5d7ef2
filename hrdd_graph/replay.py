"""Asking again what a receipt tells of, and saying what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hrdd_graph import __version__
from hrdd_graph.answers._answer import Page, TemplateAnswer, answer_template
from hrdd_graph.errors import UnusableInput
from hrdd_graph.receipts import Receipt, graphs_of
from hrdd_graph.resources import Resources
from hrdd_graph.store import Store
from hrdd_graph.templates import read_templates
from hrdd_graph.view import View, open_view


@dataclass(frozen=True)
class Replay:
    """The answer as it is now, whether its result is the receipt's, and what has changed since in words."""

    answer: TemplateAnswer
    same: bool
    changes: tuple[str, ...]


def replay(resources: Resources, store: Store, receipt: Receipt) -> Replay:
    """Ask a receipt's question again. Raises ``UnusableInput`` where the question is no longer there."""
    template = next((t for t in read_templates(resources) if t.name == receipt.name), None)
    if receipt.kind != "query" or template is None:
        raise UnusableInput.one("receipt", f"tells of {receipt.kind} {receipt.name}, which is not here.")
    try:
        known_on = date.fromisoformat(receipt.known_on) if receipt.known_on else None
        view = open_view(store, as_of=date.fromisoformat(receipt.as_of), known_on=known_on)
    except ValueError:
        raise UnusableInput.one("receipt", "names a day that is none.") from None
    page = Page(*receipt.page) if receipt.page else None
    answer = answer_template(view, template, receipt.parameters, language=receipt.language, page=page)
    changes = []
    if template.version != receipt.version:
        changes.append(f"the query {template.name} was version {receipt.version} and is {template.version}")
    changes += _changed_graphs(view, receipt)
    if receipt.software != f"hrdd-graph {__version__}":
        changes.append(f"the software was {receipt.software} and is hrdd-graph {__version__}")
    return Replay(answer, answer.receipt.result == receipt.result, tuple(changes))


def _changed_graphs(view: View, receipt: Receipt) -> list[str]:
    now = graphs_of(view)
    told = [
        f"{graph} has changed" for graph in sorted(now.keys() & receipt.graphs) if now[graph] != receipt.graphs[graph]
    ]
    told += [f"{graph} is new" for graph in sorted(now.keys() - receipt.graphs.keys())]
    told += [f"{graph} is gone" for graph in sorted(receipt.graphs.keys() - now.keys())]
    if not told and view.digest != receipt.graph_digest:
        told.append("the ontology or a reference module has changed")
    return told
