"""One world, several graphs: what sources share has one name, and each source's claims stay its own."""

from __future__ import annotations

from collections import defaultdict

from hrdd_graph.namespaces import IDS, PREFIXES, compact
from hrdd_graph.terms import Iri, Literal
from hrdd_graph.view import View

PREFIX = f"PREFIX hrdd: <{PREFIXES['hrdd']}> PREFIX rdfs: <{PREFIXES['rdfs']}> "


def test_no_thing_has_two_english_names(view: View) -> None:
    rows = view.select(
        f'{PREFIX} SELECT DISTINCT ?thing ?label WHERE {{ ?thing rdfs:label ?label FILTER(LANG(?label) = "en") }}'
    ).rows
    names: dict[str, set[str]] = defaultdict(set)
    for thing, label in rows:
        if isinstance(thing, Iri) and thing.value.startswith(IDS) and isinstance(label, Literal):
            names[compact(thing.value)].add(label.value)
    double = {thing: sorted(found) for thing, found in names.items() if len(found) > 1}
    assert not double, f"keep the plain name as label in one sheet and altLabel in the others: {double}"


def test_no_record_is_claimed_by_two_sources(view: View) -> None:
    rows = view.select(
        f"{PREFIX} SELECT ?record (COUNT(DISTINCT ?source) AS ?n) WHERE {{ ?record hrdd:statedIn ?source }}"
        " GROUP BY ?record HAVING (COUNT(DISTINCT ?source) > 1)"
    ).rows
    assert not rows, "a second source makes a record of its own, linked by sameOccurrenceAs"


def test_one_occurrence_is_told_by_records_of_different_sources(view: View) -> None:
    rows = view.select(
        f"{PREFIX} SELECT ?one ?other WHERE {{ ?one hrdd:sameOccurrenceAs ?other ."
        " OPTIONAL { ?one hrdd:statedIn ?source } OPTIONAL { ?other hrdd:statedIn ?also }"
        " FILTER ( !BOUND(?source) || !BOUND(?also) || ?source = ?also ) }"
    ).rows
    assert not rows, f"both ends of sameOccurrenceAs are records, each of another source: {rows}"


def test_an_unnamed_party_is_in_one_source_only(view: View) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for entry in view.entries:
        rows = view.select(
            f"{PREFIX} SELECT DISTINCT ?party WHERE {{ GRAPH <{entry.graph}> {{ ?party a ?kind }}"
            " FILTER ( ?kind IN ( hrdd:PseudonymousParty , hrdd:CollectiveParty , hrdd:UnnamedParty ) ) }"
        ).rows
        for (party,) in rows:
            if isinstance(party, Iri):
                found[party.value].add(entry.graph)
    shared = {party: sorted(graphs) for party, graphs in found.items() if len(graphs) > 1}
    assert not shared, f"an unnamed party of one source is never that of another: {shared}"


def test_no_party_is_both_named_and_unnamed(view: View) -> None:
    rows = view.select(
        f"{PREFIX} SELECT DISTINCT ?party WHERE {{ ?party a hrdd:NamedParty , ?kind"
        " FILTER ( ?kind IN ( hrdd:PseudonymousParty , hrdd:CollectiveParty , hrdd:UnnamedParty ) ) }"
    ).rows
    assert not rows
