"""Where things are stated: the source and the place in it, for records and for whatever a source mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hrdd_graph.terms import Iri, Term, sparql_text
from hrdd_graph.view import View


@dataclass(frozen=True, order=True)
class Cited:
    """A place in a source where something is stated, and how firmly: addresses of record, source and status.

    ``mention`` is true where the thing is no record, and the source merely speaks of it there.
    """

    record: str
    source: str
    locator: str
    status: str
    mention: bool = False


def cited_records(view: View, terms: Iterable[Term]) -> dict[str, tuple[Cited, ...]]:
    """For each of the given things the places that state it, or, where it is no record, that mention it."""
    iris = " ".join(sorted(sparql_text(term) for term in set(terms) if isinstance(term, Iri)))
    if not iris:
        return {}
    rows = view.select(
        f"""PREFIX hrdd: <https://w3id.org/hrdd-graph/ontology#>
        SELECT ?thing ?source ?locator ?status ?record WHERE {{
          VALUES ?thing {{ {iris} }}
          {{ ?thing hrdd:statedIn ?source . BIND(?thing AS ?record) }}
          UNION {{ ?record hrdd:mentions ?thing ; hrdd:statedIn ?source }}
          ?record hrdd:locator ?locator ; hrdd:hasStatus ?status }}"""
    )
    found: dict[str, set[Cited]] = defaultdict(set)
    for thing, source, locator, status, record in rows.rows:
        if isinstance(thing, Iri) and isinstance(source, Iri) and isinstance(status, Iri) and locator is not None:
            found[thing.value].add(Cited(thing.value, source.value, locator.value, status.value, record != thing))
    return {iri: tuple(sorted(places)) for iri, places in found.items()}
