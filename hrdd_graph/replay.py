"""Asking again what a receipt tells of, and saying what has changed since."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, BinaryIO

from hrdd_graph import __version__
from hrdd_graph.answers import writer_for
from hrdd_graph.answers._answer import Page, answer_template
from hrdd_graph.answers._findings import find
from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.receipt import ask, receipt_of
from hrdd_graph.gaps.run import Run
from hrdd_graph.gaps.selection import focus_nodes, select_rules
from hrdd_graph.gaps.why import why
from hrdd_graph.receipts import Receipt, document_receipt
from hrdd_graph.report import writer
from hrdd_graph.report._why import why_document
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.search import index_of, search_receipt
from hrdd_graph.store import Store
from hrdd_graph.templates import read_templates
from hrdd_graph.view import View, open_view

Write = Callable[[str, BinaryIO], None]


@dataclass(frozen=True)
class Replay:
    """The receipt of the answer as it is now, whether its result is the same, and what has changed since in words.

    ``write`` writes the answer in a format of ``hrdd query`` or, for findings, of ``hrdd gaps``.
    """

    receipt: Receipt
    same: bool
    changes: tuple[str, ...]
    write: Write


def replay(resources: Resources, store: Store, receipt: Receipt) -> Replay:
    """Ask a receipt's question again. Raises ``UnusableInput`` where the question is no longer there."""
    ways = {"query": _query, "gaps": _gaps, "why": _why, "rules": _rules, "search": _search}
    if receipt.kind not in ways:
        raise _gone(receipt)
    try:
        known_on = date.fromisoformat(receipt.known_on) if receipt.known_on else None
        view = open_view(store, as_of=date.fromisoformat(receipt.as_of), known_on=known_on)
    except ValueError:
        raise UnusableInput.one("receipt", "names a day that is none.") from None
    now, changes, write = ways[receipt.kind](resources, view, receipt)
    changes += _changed_graphs(view, receipt)
    if receipt.software != f"hrdd-graph {__version__}":
        changes.append(f"the software was {receipt.software} and is hrdd-graph {__version__}")
    return Replay(now, now.result == receipt.result, tuple(changes), write)


def _query(resources: Resources, view: View, receipt: Receipt) -> tuple[Receipt, list[str], Write]:
    template = next((t for t in read_templates(resources) if t.name == receipt.name), None)
    if template is None:
        raise _gone(receipt)
    page = Page(*receipt.page) if receipt.page else None
    answer = answer_template(
        view, template, receipt.parameters, language=receipt.language, page=page, find=partial(find, resources)
    )
    changed = template.version != receipt.version
    told = f"the query {template.name} was version {receipt.version} and is {template.version}"

    def write(form: str, stream: BinaryIO) -> None:
        writer_for(answer.kind, form).write(answer, stream)

    return answer.receipt, [*([told] if changed else []), *_changed_rules(answer.receipt, receipt)], write


def _gaps(resources: Resources, view: View, receipt: Receipt) -> tuple[Receipt, list[str], Write]:
    run = ask(view, read_rules(resources), receipt.parameters, language=receipt.language)
    now = receipt_of(run, receipt.parameters)
    run = replace(run, receipt=now)
    return now, _changed_rules(now, receipt), partial(_write_run, run)


def _why(resources: Resources, view: View, receipt: Receipt) -> tuple[Receipt, list[str], Write]:
    (rule,) = select_rules(read_rules(resources), receipt.parameters["rule"])
    (node,) = focus_nodes(receipt.parameters["focus"])
    document = why_document(why(view, rule, node, language=receipt.language))
    now = document_receipt(view, "why", receipt.parameters, [rule], receipt.language, document)
    return now, _changed_rules(now, receipt), partial(_write_document, document)


def _rules(resources: Resources, view: View, receipt: Receipt) -> tuple[Receipt, list[str], Write]:
    chosen = select_rules(read_rules(resources), receipt.parameters.get("rule", ()))
    document = {rule.name: rule.version for rule in chosen}
    now = document_receipt(view, "rules", receipt.parameters, chosen, receipt.language, document)
    return now, _changed_rules(now, receipt), partial(_write_document, document)


def _search(resources: Resources, view: View, receipt: Receipt) -> tuple[Receipt, list[str], Write]:
    (text,), kinds = receipt.parameters["q"], receipt.parameters["kind"]
    found = index_of(view, read_rules(resources), read_templates(resources)).find(text, kinds)
    document = [{"iri": thing.iri, "label": thing.label(receipt.language)} for thing in found.things]
    return search_receipt(view, text, kinds, found, receipt.language), [], partial(_write_document, document)


def _write_document(document: Any, form: str, stream: BinaryIO) -> None:
    if form != "json":
        raise UnusableInput.one("--format", f"{form} does not fit this kind of answer.", fix="Choose json.")
    stream.write(json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n")


def _changed_rules(now: Receipt, receipt: Receipt) -> list[str]:
    names = sorted(now.rules.keys() | receipt.rules.keys())
    return [
        f"the rule {name} was {receipt.rules.get(name, 'not there')} and is {now.rules.get(name, 'gone')}"
        for name in names
        if receipt.rules.get(name) != now.rules.get(name)
    ]


def _write_run(run: Run, form: str, stream: BinaryIO) -> None:
    writer(form).write(run, stream)


def _gone(receipt: Receipt) -> UnusableInput:
    return UnusableInput.one("receipt", f"tells of {receipt.kind} {receipt.name}, which is not here.")


def _changed_graphs(view: View, receipt: Receipt) -> list[str]:
    now = view.data_graphs
    told = [
        f"{graph} has changed" for graph in sorted(now.keys() & receipt.graphs) if now[graph] != receipt.graphs[graph]
    ]
    told += [f"{graph} is new" for graph in sorted(now.keys() - receipt.graphs.keys())]
    told += [f"{graph} is gone" for graph in sorted(receipt.graphs.keys() - now.keys())]
    if not told and view.digest != receipt.graph_digest:
        told.append("the ontology or a reference module has changed")
    return told
