"""Nothing of a source is lost on the way, and the tables that say so are true.

``tests/coverage/<source>.tsv`` accounts for every entry of a fact sheet, ``docs/reference/reconciliation.tsv`` for each
thing that sources share or only seem to share; the Markdown beside it is generated from both.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from hrdd_graph.evidence.sheet import absolute
from hrdd_graph.namespaces import GRAPHS, PREFIXES
from hrdd_graph.reference.tables_page import Row, pages_of, read_table
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

if TYPE_CHECKING:
    from tests.conftest import Needs

ROOT = Path(__file__).resolve().parent.parent
TABLES = {path.stem: path for path in sorted((ROOT / "tests" / "coverage").glob("*.tsv"))}
RECONCILIATION = ROOT / "docs" / "reference" / "reconciliation.tsv"
FACT_SHEETS = "../shared/sources"
DECISIONS = {"same", "apart", "same occurrence", "other occurrence"}
UNNAMED = ("PseudonymousParty", "UnnamedParty", "CollectiveParty")


@pytest.fixture(scope="module")
def spoken_of(view: View) -> dict[str, set[str]]:
    """The addresses that each graph speaks of; those of all vocabulary modules under ``reference``."""
    found: dict[str, set[str]] = {"reference": set()}
    for entry in view.entries:
        name = "reference" if entry.is_vocabulary else entry.graph.removeprefix(GRAPHS)
        rows = view.select(f"SELECT DISTINCT ?s ?o WHERE {{ GRAPH <{entry.graph}> {{ ?s ?p ?o }} }}").rows
        found.setdefault(name, set()).update(term.value for row in rows for term in row if isinstance(term, Iri))
    return found


@pytest.fixture(scope="module")
def described(view: View) -> dict[str, set[str]]:
    """The addresses that each graph says something about."""
    found: dict[str, set[str]] = {"reference": set()}
    for entry in view.entries:
        name = "reference" if entry.is_vocabulary else entry.graph.removeprefix(GRAPHS)
        rows = view.select(f"SELECT DISTINCT ?s WHERE {{ GRAPH <{entry.graph}> {{ ?s ?p ?o }} }}").rows
        found.setdefault(name, set()).update(term.value for (term,) in rows if isinstance(term, Iri))
    return found


@cache
def reconciliation() -> tuple[Row, ...]:
    return tuple(read_table(RECONCILIATION))


# -- coverage --------------------------------------------------------------------------------------------------------


def test_every_source_has_a_table(view: View) -> None:
    sources = {entry.graph.removeprefix(GRAPHS) for entry in view.entries if not entry.is_vocabulary}
    assert sources == set(TABLES)


@pytest.mark.parametrize("source", TABLES)
def test_each_entry_is_in_the_graph_or_says_why_not(source: str, described: dict[str, set[str]]) -> None:
    rows = read_table(TABLES[source])
    unexplained = [row["entry"] for row in rows if row["iri"] in {"", "-"} and not row["reason"].strip()]
    assert not unexplained
    known = described[source] | described["reference"]
    missing = {row["entry"]: row["iri"] for row in rows if row["iri"] != "-" and absolute(row["iri"]) not in known}
    assert not missing, "the addresses on the right are neither in the source's graph nor in the vocabulary"


@pytest.mark.parametrize("source", TABLES)
def test_no_entry_has_two_rows(source: str) -> None:
    entries = [(row["section"], row["entry"]) for row in read_table(TABLES[source])]
    assert len(entries) == len(set(entries))


def entries_of(sheet: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Section and name of each entry: its id, or its number in the section; ids further down count too."""
    for section, content in sheet.items():
        if isinstance(content, list):
            for number, entry in enumerate(content, start=1):
                named = isinstance(entry, dict) and "id" in entry
                yield section, str(entry["id"]) if named else f"{section}#{number}"
                yield from ((section, identifier) for identifier in ids_within(entry))
        else:
            yield from ((section, identifier) for identifier in ids_within(content))


def ids_within(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        if "id" in content:
            yield str(content["id"])
        for value in content.values():
            yield from ids_within(value)
    elif isinstance(content, list):
        for value in content:
            yield from ids_within(value)


@pytest.mark.parametrize("source", TABLES)
def test_every_entry_of_the_fact_sheet_has_a_row(source: str, needs: Needs) -> None:
    """A name of a harmed person in an id is written as ``*`` in the table."""
    needs(FACT_SHEETS)
    sheet = yaml.safe_load((ROOT / FACT_SHEETS / f"{source}.yaml").read_text(encoding="utf-8"))
    rows = {(row["section"], row["entry"]) for row in read_table(TABLES[source])}
    masked = {row for row in rows if "*" in row[1] and row[0] != "source"}

    def has_row(entry: tuple[str, str]) -> bool:
        return entry in rows or any(entry[0] == section and fnmatchcase(entry[1], mask) for section, mask in masked)

    assert not sorted(entry for entry in set(entries_of(sheet)) if not has_row(entry))


# -- reconciliation --------------------------------------------------------------------------------------------------


def test_the_reconciliation_is_complete_and_speaks_of_what_exists(described: dict[str, set[str]]) -> None:
    known = set().union(*described.values())
    for row in reconciliation():
        assert row["decision"] in DECISIONS, row
        assert row["reason"], row
        assert row["other"] or row["decision"] in {"same", "apart"}, row
        for iri in (row["iri"], *row["other"].split()):
            assert absolute(iri) in known, f"{iri} is not in the graph"


def test_the_same_thing_is_spoken_of_by_all_the_sources_named(spoken_of: dict[str, set[str]]) -> None:
    for row in reconciliation():
        if row["decision"] == "same":
            sources = row["sources"].split()
            assert len(sources) > 1, row
            for source in sources:
                assert absolute(row["iri"]) in spoken_of[source], f"{source} does not speak of {row['iri']}"


def test_everything_that_sources_share_has_a_reason(described: dict[str, set[str]]) -> None:
    explained = {absolute(row["iri"]) for row in reconciliation() if row["decision"] == "same"}
    sources = [things for name, things in described.items() if name != "reference"]
    shared = {iri for things in sources for iri in things if iri.startswith(PREFIXES["id"])}
    shared = {iri for iri in shared if sum(iri in things for things in sources) > 1}
    assert shared <= explained, sorted(shared - explained)


def test_a_refusal_without_a_counterpart_is_of_an_unnamed_party(view: View) -> None:
    """Who hides behind a made-up name is not to be guessed at here either."""
    kinds = " ".join(f"<{PREFIXES['hrdd']}{name}>" for name in UNNAMED)
    for row in reconciliation():
        if row["decision"] == "apart" and not row["other"]:
            assert view.ask(f"ASK {{ VALUES ?kind {{ {kinds} }} <{absolute(row['iri'])}> a ?kind }}"), row


def test_occurrences_are_linked_as_the_table_says(view: View) -> None:
    same = f"<{PREFIXES['hrdd']}sameOccurrenceAs>"
    pairs = {
        frozenset((one.value, other.value))
        for one, other in view.select(f"SELECT ?one ?other WHERE {{ ?one {same} ?other }}").rows
        if isinstance(one, Iri) and isinstance(other, Iri)
    }
    told: dict[str, set[frozenset[str]]] = {decision: set() for decision in DECISIONS}
    for row in reconciliation():
        told[row["decision"]] |= {frozenset((absolute(row["iri"]), absolute(other))) for other in row["other"].split()}
    assert pairs == told["same occurrence"]
    assert not pairs & told["other occurrence"]
    assert not pairs & told["apart"]


# -- the pages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(pages_of(ROOT)), ids=lambda path: path.name)
def test_the_page_is_what_the_generator_makes(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == pages_of(ROOT)[path], "run: python -m hrdd_graph.reference --tables"
