"""What an audit file is about: a firm, a cluster, a country, a law, or the parties of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hrdd_graph.dossier.model import Named
from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.facets import choose
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HRDD, PREFIXES, sparql_prologue
from hrdd_graph.terms import Iri, sparql_text
from hrdd_graph.view import View

# The kinds of files, and the facet by which findings come into each.
FACET_OF = {"firm": "party", "cluster": "cluster", "country": "country", "regime": "regime", "portfolio": "party"}
PORTFOLIO = "portfolio"


@dataclass(frozen=True)
class Subject:
    """A kind of ``FACET_OF``, and the things that the file is about; ``unnamed`` where a source does not name it."""

    kind: str
    things: tuple[Named, ...]
    unnamed: bool = False

    @property
    def facet(self) -> str:
        """The facet that keeps the findings of the file."""
        return FACET_OF[self.kind]

    @property
    def iris(self) -> tuple[Iri, ...]:
        return tuple(Iri(thing.iri) for thing in self.things)


def subject_of(view: View, kind: str, text: str, language: str = "en") -> Subject:
    """What a caller named, by address, short form, end of the address or label.

    Raises ``UnusableInput`` where the view has no such thing, with what may have been meant.
    """
    facet = FACET_OF[kind]
    if not text.strip():
        raise UnusableInput.one(f"--{kind}", "names nothing.", fix="Name an address, or its end.")
    try:
        found = choose(view, {facet: [text]})[facet]
    except UnusableInput as error:
        said = [
            replace(problem, where=f"--{kind}", what=problem.what.replace(f"is no {facet} ", f"is no {kind} "))
            for problem in error.problems
        ]
        raise UnusableInput(said) from None
    return subject_for(view, kind, [iri.value for iri in found], language)


def subject_for(view: View, kind: str, iris: Sequence[str], language: str = "en") -> Subject:
    """The subject that these addresses make."""
    say = labels_for(view, map(Iri, iris), language)
    things = tuple(Named(iri, say(Iri(iri))) for iri in iris)
    unnamed = kind == "firm" and any(
        view.ask(f"ASK {{ {sparql_text(Iri(iri))} a {sparql_text(HRDD.UnnamedParty)} }}") for iri in iris
    )
    return Subject(kind, things, unnamed)


def slug_of(iri: str) -> str:
    """The end of an address, for the name of a file: ``.../id/organisation/newmont`` is ``newmont``."""
    return iri.removeprefix(PREFIXES["country"]).rstrip("/").rpartition("/")[2]


def countries_on_record(view: View) -> frozenset[str]:
    """The countries that something in the view is located, based or ruled in, or happened in."""
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?country WHERE {{ ?country a hrdd:Country . "
        "?thing hrdd:occurredIn|hrdd:locatedIn|hrdd:isBasedIn|hrdd:hasJurisdiction ?country }"
    )
    return frozenset(row[0].value for row in rows.rows if isinstance(row[0], Iri))
