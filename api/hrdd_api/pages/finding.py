"""A finding as a page to be printed: its facts and its time as pictures, replies, and the laws that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hrdd_graph.chronology import Dated, events_about, publications
from hrdd_graph.gaps.context import Duty, Reply, duties, replies
from hrdd_graph.gaps.explain import Explanation
from hrdd_graph.gaps.grounds import Statement
from hrdd_graph.labels import Labels, part_of, words
from hrdd_graph.namespaces import HRDD, IDS, PREFIXES, RDF
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.pictures import facts, timeline
from hrdd_graph.pictures.svg import Picture
from hrdd_graph.terms import Iri

Href = Callable[[str], str]
Say = Callable[[str], str]
_REPORTS = 3
_WEAK = frozenset({HRDD.Alleged, HRDD.Contested})
_RECORDS = tuple(f"{IDS}{kind}/" for kind in ("abuse", "risk", "commitment", "response", "due-diligence", "mechanism"))
_UNTOLD = frozenset({"hasStatus", "isPartOfProvision", "broader"})


@dataclass(frozen=True)
class Shown:
    """What the page has beside the explanation. The pictures are markup; ``""`` where there is nothing to draw."""

    facts: str
    timeline: str
    replies: list[Reply]
    duties: list[Duty]


def shown(explanation: Explanation, vocabulary: Vocabulary, href: Href, say: Say) -> Shown:
    """The pictures and surroundings of an explained finding. ``say`` puts the words of the page into its language."""
    run, finding = explanation.run, explanation.finding
    things = [term for term in finding.terms() if isinstance(term, Iri)]
    sources = {place.source for place in run.sources(finding)}
    records = [term for term in things if term.value.startswith(_RECORDS)]
    events = [
        *events_about(run.view, records, run.language, themselves=True),
        *publications(run.view, sources, run.language),
    ]
    return Shown(
        _facts(explanation, vocabulary, href, say),
        drawn(events, run.view.as_of, href, say).inline() if events else "",
        replies(run.view, things, run.language),
        duties(run.view, finding.rule.provisions, run.language),
    )


def subjects(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """What an audit file can be made about, of the things in a finding's document: its focus first, three at most."""
    terms = [document["focus"], *(term for found in document["bindings"].values() for term in found)]
    found = {
        term["iri"]: (kind, term)
        for term in reversed(terms)
        for kind, folder in (("firm", "organisation/"), ("cluster", "cluster/"))
        if term.get("iri", "").startswith(IDS + folder)
    }
    return list(reversed(found.values()))[:_REPORTS]


def drawn(events: list[Dated], as_of: date, href: Href, say: Say) -> Picture:
    """Dated records in two lanes."""
    words = timeline.Words(
        say("What was known, and what was done"),
        say("Happened and known"),
        say("Promised and done"),
        say("nothing on record with a date"),
        say("as of"),
        say("end not stated"),
        say("by"),
    )
    rows = [
        timeline.Event(
            *(e.lane, e.label, e.kind, e.start, e.by, e.end, e.lasts, e.harm, e.published, href(e.iri)),
        )
        for e in events
    ]
    return timeline.timeline(rows, as_of, words)


def _facts(explanation: Explanation, vocabulary: Vocabulary, href: Href, say: Say) -> str:
    things: dict[str, str] = {}
    ties: list[facts.Tie] = []
    kinds: dict[str, str] = {}
    harms: set[str] = set()
    names = explanation.labels
    for statement in explanation.grounds.statements:
        source, target = statement.triple.subject, statement.triple.object
        if not isinstance(source, Iri) or not isinstance(target, Iri):
            continue
        if statement.triple.predicate == RDF.type:
            name = target.value.removeprefix(PREFIXES["hrdd"])
            if name != "StandingRecord" and "#" not in source.value:
                kinds.setdefault(source.value, names(target))
                if "Impact" in {name, *vocabulary.ancestors(name)}:
                    harms.add(source.value)
            continue
        if tie := _tie(statement, source, target, names):
            things |= {key: names(Iri(key)) for key in (tie.source, tie.target)}
            ties.append(tie)
    focus = explanation.finding.focus.value
    if not ties:
        return ""
    things.setdefault(focus, names(Iri(focus)))
    drawn_things = [
        facts.Thing(key, label, kinds.get(key, ""), key in harms, href(key)) for key, label in things.items()
    ]
    missing = [say(g.title) for g in explanation.grounds.conditions if g.denied and not g.statements]
    said = facts.Words(
        say("The facts"),
        say("{things} things and {ties} statements between them; {missing} looked for and not found."),
    )
    return facts.facts(drawn_things, ties, focus, missing, said).inline()


def _tie(statement: Statement, source: Iri, target: Iri, names: Labels) -> facts.Tie | None:
    """A statement between two things that are drawn: a part of a record counts as the record."""
    local = statement.triple.predicate.value.rpartition("#")[2]
    ours = all(
        term.value.startswith(PREFIXES["id"]) or not term.value.startswith(PREFIXES["hrdd"])
        for term in (source, target)
    )
    if local in _UNTOLD or not ours:
        return None
    inside, far = part_of(source), part_of(target)
    ends = (inside.record if inside else source, far.record if far else target)
    if ends[0] == ends[1]:
        return None
    said = names(statement.triple.predicate)
    said = words(said) if ":" in said else said
    if inside:
        said = f"{inside.kind(names)} · {said}"
    weak = bool(statement.places) and all(Iri(place.status) in _WEAK for place in statement.places)
    return facts.Tie(ends[0].value, said, ends[1].value, weak)
