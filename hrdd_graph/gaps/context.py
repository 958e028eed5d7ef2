"""What stands around a finding: what the parties replied, and which laws ask for what its rule rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HRDD, IDS, sparql_prologue
from hrdd_graph.terms import Iri, Literal, Term, sparql_text
from hrdd_graph.view import View


@dataclass(frozen=True)
class Reply:
    """What a party said of an impact, or that a source was read for it and has nothing: ``given`` tells which."""

    iri: str
    label: str
    party: str
    given: bool
    source: str
    locator: str


@dataclass(frozen=True)
class Duty:
    """A duty of a law that implements a principle."""

    iri: str
    label: str
    regime: str
    regime_label: str


def replies(view: View, things: Iterable[Term], language: str) -> list[Reply]:
    """Statements of the parties among ``things``, or of those involved in its impacts; and where a source has none.

    A statement counts where it responds to one of the impacts, or where there are none among the things.
    """
    named = " ".join(sorted({sparql_text(t) for t in things if isinstance(t, Iri) and t.value.startswith(IDS)}))
    if not named:
        return []
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?reply ?party ?given ?source ?locator WHERE {{ "
        f"{{ SELECT DISTINCT ?party WHERE {{ VALUES ?thing {{ {named} }} "
        "?thing (hrdd:hasInvolvement/hrdd:ofParty)? ?party . ?party a hrdd:Party } } "
        "{ ?reply a hrdd:Statement , hrdd:StandingRecord ; hrdd:takenBy ?party ; hrdd:respondsTo ?impact . "
        f"VALUES ?impact {{ {named} }} BIND ( true AS ?given ) }} "
        "UNION { ?reply a hrdd:AbsenceRecord , hrdd:StandingRecord ; hrdd:lacks hrdd:Statement ; hrdd:concerns ?party "
        "BIND ( false AS ?given ) } "
        "?reply hrdd:statedIn ?source ; hrdd:locator ?locator }"
    )
    say = labels_for(view, {term for row in rows.rows for term in row if isinstance(term, Iri)}, language)
    found = [
        Reply(
            *(reply.value, say(reply), say(party), given.value == "true"),
            *(say(source).partition(":")[0], locator.value),
        )
        for reply, party, given, source, locator in rows.rows
        if isinstance(reply, Iri) and isinstance(party, Iri) and isinstance(given, Literal)
        if isinstance(source, Iri) and isinstance(locator, Literal)
    ]
    return sorted(found, key=lambda reply: (not reply.given, reply.party, reply.label))


def duties(view: View, provisions: Iterable[str], language: str) -> list[Duty]:
    """The duties of laws that implement the principles among the provisions, or what they are part of."""
    named = " ".join(sorted(sparql_text(Iri(iri)) for iri in provisions))
    if not named:
        return []
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?duty ?regime WHERE {{ VALUES ?provision {{ {named} }} "
        "?provision hrdd:isPartOfProvision* ?principle . "
        "?duty a hrdd:Duty ; hrdd:implementsPrinciple ?principle ; hrdd:isProvisionOf ?regime }"
    )
    terms = {term for row in rows.rows for term in row if isinstance(term, Iri)}
    say = labels_for(view, terms | {HRDD.Duty}, language)
    found = [
        Duty(duty.value, say(duty), regime.value, say(regime))
        for duty, regime in rows.rows
        if isinstance(duty, Iri) and isinstance(regime, Iri)
    ]
    return sorted(found, key=lambda duty: (duty.regime_label, duty.label))
