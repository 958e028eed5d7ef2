"""What happened when: the dated records about things, and when what is said of them was published.

Each belongs to a lane: what happened and was known (impacts, complaints, publications), or what was promised and done
(commitments, due diligence, responses).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hrdd_graph.evidence.dates import bounds
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HRDD, PREFIXES, sparql_prologue
from hrdd_graph.terms import Iri, Term, sparql_text
from hrdd_graph.terms import Literal as Value
from hrdd_graph.view import View

Lane = Literal["known", "done"]

# The kinds of records that a chronology tells of, and their lanes; what lasts until its end is not a moment.
_LANES: dict[str, Lane] = {
    "Impact": "known",
    "NonConformity": "known",
    "Complaint": "known",
    "Event": "known",
    "Commitment": "done",
    "DueDiligenceActivity": "done",
    "Response": "done",
    "GrievanceMechanism": "done",
}
_VOICES = frozenset({"Protest", "Advocacy"})  # responses of those affected: they make known
_LASTING = frozenset({"Commitment", "GrievanceMechanism"})

# How a record leads to what it is about.
_ABOUT = (
    "hrdd:madeBy|hrdd:takenBy|hrdd:conductedBy|hrdd:respondsTo|hrdd:raises|hrdd:resultedIn|hrdd:examines|hrdd:coversSite|"
    "hrdd:occurredIn|hrdd:submittedTo|hrdd:addressedTo|hrdd:operatedBy|hrdd:mentions|hrdd:concerns|hrdd:isAbout|"
    "hrdd:commitsTo|hrdd:issuedBy|(hrdd:hasInvolvement/hrdd:ofParty)"
)


@dataclass(frozen=True)
class Dated:
    """A record with a place in time, or a publication.

    ``start`` is the first day on which it may have begun (``None`` where no such day is stated), ``by`` the day by
    which it had; ``end`` the last day on which it may have ended, ``None`` where no end is stated.
    """

    iri: str
    label: str
    lane: Lane
    kind: str
    start: date | None
    by: date
    end: date | None
    lasts: bool = False
    harm: bool = False
    published: bool = False


def events_about(view: View, things: Iterable[Term], language: str, *, themselves: bool = False) -> list[Dated]:
    """Dated records about things, and with ``themselves`` the things where they are such records."""
    named = " ".join(sorted({sparql_text(thing) for thing in things if isinstance(thing, Iri)}))
    if not named:
        return []
    kinds = " ".join(f"hrdd:{name}" for name in _LANES)
    path = f"({_ABOUT})?" if themselves else f"({_ABOUT})"
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?record ?kind ?narrow ?start ?by ?end WHERE {{ "
        f"VALUES ?thing {{ {named} }} VALUES ?kind {{ {kinds} }} "
        f"?record {path} ?thing . ?record a hrdd:StandingRecord , ?kind , ?narrow ; hrdd:startLatest ?by . "
        "?narrow rdfs:subClassOf* ?kind . "
        "FILTER EXISTS { ?record hrdd:start|hrdd:end|hrdd:date ?written } "
        "FILTER NOT EXISTS { ?record a ?narrower . ?narrower rdfs:subClassOf ?narrow } "
        "OPTIONAL { ?record hrdd:startEarliest ?start } OPTIONAL { ?record hrdd:endLatest ?end } }"
    )
    found: dict[str, tuple[str, Iri, date | None, date, date | None]] = {}
    for record, kind, narrow, start, by, end in rows.rows:
        if isinstance(record, Iri) and isinstance(kind, Iri) and isinstance(narrow, Iri) and (last := _day(by)):
            name = kind.value.removeprefix(PREFIXES["hrdd"])
            found.setdefault(record.value, (name, narrow, _day(start), last, _day(end)))
    say = labels_for(view, {Iri(iri) for iri in found} | {row[1] for row in found.values()}, language)
    events = [
        Dated(
            iri,
            say(Iri(iri)),
            _lane(name, narrow),
            say(narrow),
            start,
            by,
            end,
            lasts=name in _LASTING,
            harm=name == "Impact",
        )
        for iri, (name, narrow, start, by, end) in found.items()
    ]
    return sorted(events, key=lambda event: (event.start or event.by, event.by, event.label))


def _lane(name: str, narrow: Iri) -> Lane:
    return "known" if narrow.value.removeprefix(PREFIXES["hrdd"]) in _VOICES else _LANES[name]


def publications(view: View, sources: Iterable[str], language: str) -> list[Dated]:
    """When sources were published, as far as they say."""
    named = " ".join(sorted({sparql_text(Iri(source)) for source in sources}))
    if not named:
        return []
    rows = view.select(
        f"{sparql_prologue()}SELECT ?source ?issued WHERE {{ VALUES ?source {{ {named} }} "
        "?source a hrdd:Source ; hrdd:issued ?issued }"
    )
    say = labels_for(view, {row[0] for row in rows.rows if row[0] is not None} | {HRDD.Source}, language)
    events = []
    for source, issued in rows.rows:
        if isinstance(source, Iri) and isinstance(issued, Value):
            try:
                span = bounds(issued.value)
            except ValueError:
                continue
            if span.last:
                kind = say(HRDD.Source)
                events.append(
                    Dated(
                        *(source.value, say(source), "known", kind, span.first, span.last, None),
                        published=True,
                    )
                )
    return sorted(events, key=lambda event: (event.by, event.label))


def _day(term: Term | None) -> date | None:
    try:
        return date.fromisoformat(term.value) if isinstance(term, Value) else None
    except ValueError:
        return None
