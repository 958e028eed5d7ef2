"""A template's answer: its rows or statements with their names, and the receipt that goes with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from hrdd_graph.answers._findings import Findings
from hrdd_graph.answers._tables import Row, tables_of
from hrdd_graph.gaps.strength import weakest_of
from hrdd_graph.labels import Labels
from hrdd_graph.naming import names_for
from hrdd_graph.receipts import Receipt
from hrdd_graph.results import ordered
from hrdd_graph.sparql import results
from hrdd_graph.store import Rows
from hrdd_graph.templates import Template
from hrdd_graph.terms import Iri, Term, Triple
from hrdd_graph.view import View

Find = Callable[[View, str], Findings]  # what the rules find in a view, told in a language
KINDS = {"SELECT": "rows", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
EMPTY = "Nothing found in this view. That is no clearance: it says what these graphs and rules show, and no more."
_NO_ROWS = Rows((), ())
_WEIGHED = 2_000  # so many things in an answer are looked at for the weakest evidence


@dataclass(frozen=True)
class Page:
    """A part of the rows: ``size`` of them behind the first ``offset``."""

    size: int
    offset: int = 0


@dataclass(frozen=True)
class TemplateAnswer:
    """What a template answers. ``kind`` says which of ``rows``, ``triples`` and ``boolean`` holds it.

    ``more`` is true where a page is not the last one.
    """

    template: Template
    view: View
    language: str
    kind: str
    labels: Labels
    receipt: Receipt
    rows: Rows = _NO_ROWS
    triples: tuple[Triple, ...] = ()
    boolean: bool = False
    more: bool = False

    @property
    def is_empty(self) -> bool:
        return self.kind != "boolean" and not self.rows.rows and not self.triples

    @property
    def shown_variables(self) -> list[str]:
        """The columns without those that only name another: ``xLabel`` goes where ``x`` is."""
        return shown(self.rows.variables)


def shown(names: Sequence[str]) -> list[str]:
    """Variables without those that only name another."""
    return [n for n in names if not (n.endswith("Label") and n.removesuffix("Label") in names)]


def answer_template(
    view: View,
    template: Template,
    values: Mapping[str, Sequence[str]],
    *,
    language: str = "en",
    page: Page | None = None,
    find: Find | None = None,
    known: list[Row] | None = None,
) -> TemplateAnswer:
    """Answer a template over a view. Raises ``UnusableInput`` for a parameter that cannot be used.

    ``find`` says what the rules find; only a template over findings asks it, and cannot do without. ``known`` are
    all rows of the question, where they have been looked up in the view's tables already.
    """
    kind = KINDS[template.form]
    if kind != "rows":
        page = None
    limit, offset = (page.size + 1, page.offset) if page else (None, 0)
    findings: Findings | None = None
    solutions: list[str] = []
    if template.over == "findings" and find:
        template.bind(values, today=view.as_of)  # refuses before the rules are asked
        findings = find(view, language)
        solutions = findings.solutions(template)
    if known is None and (tables := tables_of(view)):
        known = tables.rows(view, template, values)
    if known is None:
        text = template.bind(values, today=view.as_of, limit=limit, offset=offset, findings=solutions)
        found: Any = view.query(text, names_graphs=template.names_graphs)
    else:  # the values have been bound once, all together
        found = known[offset:][:limit]
    rows, boolean, more = _NO_ROWS, False, False
    triples: tuple[Triple, ...] = ()
    if kind == "rows":
        table = tuple(tuple(row) for row in found)
        more = page is not None and len(table) > page.size
        rows = Rows(template.variables, table[: page.size] if page else table)
    elif kind == "graph":
        triples = tuple(ordered(cast(Iterable[Triple], found)))
    else:
        boolean = bool(found)
    terms = _terms(rows, triples)
    labels = names_for(view, terms, language)
    if findings:
        labels = Labels({**labels.names, **findings.names(terms)})
        terms |= findings.records(terms)
    receipt = Receipt(
        kind="query",
        name=template.name,
        version=template.version,
        parameters={name: tuple(given) for name, given in sorted(values.items()) if any(given)},
        language=language,
        as_of=view.as_of.isoformat(),
        known_on=view.known_on.isoformat() if view.known_on else None,
        graph_digest=view.digest,
        graphs=view.data_graphs,
        rows=len(rows.rows) or len(triples) or int(boolean),
        result=_digest(template, rows, triples, boolean),
        licences=view.licences,
        weakest=_weakest(view, terms),
        page=(page.size, page.offset) if page else None,
        rules=findings.versions if findings else {},
    )
    return TemplateAnswer(template, view, language, kind, labels, receipt, rows, triples, boolean, more)


def _terms(rows: Rows, triples: tuple[Triple, ...]) -> set[Term]:
    found: set[Term] = {term for row in rows.rows for term in row if isinstance(term, Iri)}
    places = (place for triple in triples for place in (triple.subject, triple.predicate, triple.object))
    return found | {place for place in places if isinstance(place, Iri)}


def _weakest(view: View, terms: set[Term]) -> str:
    """The status of the weakest record in the answer, and the reliability of what it stands on where that is known."""
    some = sorted(term.value for term in terms)[:_WEIGHED]
    weakest = weakest_of(view, some)
    if weakest is None:
        return ""
    return f"{weakest.status} {weakest.best.reliability}".strip()


def _digest(template: Template, rows: Rows, triples: tuple[Triple, ...], boolean: bool) -> str:
    """SHA-256 over the result alone: the rows as TSV, the statements as N-Triples, or the word."""
    if template.form == "SELECT":
        pieces = results.written("tsv", rows.variables, results.Rows(iter(rows.rows), len(rows.rows)))
    elif triples:
        pieces = iter([f"{triple} .\n".encode() for triple in triples])
    else:
        pieces = iter([str(boolean).encode()])
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return f"sha256:{digest.hexdigest()}"
