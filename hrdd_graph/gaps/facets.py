"""Facets: what the findings of a run can be narrowed down by, each answered by one query for all findings.

A caller's text is matched against the members that the view has; it is never part of a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run
from hrdd_graph.namespaces import IDS, PREFIXES, compact, expand, sparql_prologue
from hrdd_graph.rules import SEVERITY_ORDER
from hrdd_graph.terms import Iri, Literal, Term, sparql_text
from hrdd_graph.view import View


@dataclass(frozen=True)
class Facet:
    """Something to filter by.

    ``members`` is a pattern that binds ``?wanted`` to each value there is; ``prefix`` the address that values begin
    with, so that ``23.4`` will do for ``udhr:23.4``. The other patterns bind ``?thing`` and ``?wanted``: ``of_things``
    for anything that a finding names, ``of_focus`` for what it is about, ``of_rule`` for the provisions that its rule
    rests on. A finding is kept where one of them matches.
    """

    name: str
    summary: str
    example: str
    members: str
    prefix: str
    of_things: str = ""
    of_focus: str = ""
    of_rule: str = ""


_PART = "?thing hrdd:isPartOfProvision* ?wanted"
_PLACE = "(hrdd:occurredIn|hrdd:locatedIn|hrdd:operatesIn|hrdd:hasJurisdiction)?/hrdd:locatedIn*"

FACETS: Mapping[str, Facet] = {
    facet.name: facet
    for facet in (
        Facet(
            "principle",
            "Only by rules that rest on this UN Guiding Principle or a part of it.",
            "22",
            f'?wanted a hrdd:Provision . FILTER ( STRSTARTS(STR(?wanted), "{PREFIXES["ungp"]}") )',
            PREFIXES["ungp"],
            of_rule=_PART,
        ),
        Facet(
            "right",
            "Only about this article of the Universal Declaration or a paragraph of it: an impact infringes it, or "
            "the rule rests on it.",
            "23.4",
            f'?wanted a hrdd:Provision . FILTER ( STRSTARTS(STR(?wanted), "{PREFIXES["udhr"]}") )',
            PREFIXES["udhr"],
            of_things="?thing hrdd:infringes?/hrdd:isPartOfProvision* ?wanted",
            of_rule=_PART,
        ),
        Facet(
            "topic",
            "Only on this topic or a narrower one.",
            "labour",
            "?wanted a hrdd:Topic",
            PREFIXES["topic"],
            of_things="?thing hrdd:concernsTopic?/skos:broader* ?wanted",
            of_focus="?thing hrdd:coversTopic/skos:broader* ?wanted",
        ),
        Facet(
            "country",
            "Only where something in the finding lies in this country.",
            "PE",
            "?wanted a hrdd:Country",
            PREFIXES["country"],
            of_things=f"?thing {_PLACE} ?wanted",
        ),
        Facet(
            "cluster",
            "Only where something in the finding lies in, or belongs to, this industrial cluster.",
            "yanacocha-mining",
            "?wanted a hrdd:IndustrialCluster",
            IDS + "cluster/",
            of_things=f"?thing {_PLACE} ?wanted",
        ),
        Facet(
            "sector",
            "Only where something in the finding, or the cluster that it lies in, belongs to this sector.",
            "leather",
            "?wanted a hrdd:Sector",
            IDS + "sector/",
            of_things=f"?thing ({_PLACE})?/hrdd:hasSector ?wanted",
        ),
        Facet(
            "party",
            "Only about this party: the finding names it, or is about a commitment that it made or an impact that it "
            "is involved in.",
            "mineria-yanacocha",
            "?wanted a hrdd:Party",
            IDS + "organisation/",
            of_things="?thing owl:sameAs? ?wanted",
            of_focus="?thing hrdd:madeBy|hrdd:hasInvolvement/hrdd:ofParty ?wanted",
        ),
        Facet(
            "regime",
            "Only by rules that rest on a principle which a duty of this law implements.",
            "germany-lksg",
            "?duty a hrdd:Duty ; hrdd:isProvisionOf ?wanted",
            PREFIXES["regime"],
            of_rule="?duty a hrdd:Duty ; hrdd:isProvisionOf ?wanted ; hrdd:implementsPrinciple ?principle . "
            "?thing hrdd:isPartOfProvision* ?principle",
        ),
        Facet(
            "source",
            "Only where this source grounds the finding.",
            "nieri-2016",
            "?record hrdd:statedIn ?wanted",
            IDS + "source/",
        ),
    )
}


def choose(view: View, given: Mapping[str, Sequence[str]]) -> dict[str, tuple[Iri, ...]]:
    """What a caller asked to filter by, by the name of the facet; several values of one facet are alternatives.

    A value is an address, a short form, its end (``PE``, ``23.4``) or its label. Empty texts ask for nothing. Raises
    ``UnusableInput`` for what the view does not have, with what may have been meant.
    """
    chosen: dict[str, tuple[Iri, ...]] = {}
    problems: list[Problem] = []
    for name, texts in given.items():
        wanted = [text.strip() for text in texts if text.strip()]
        if not wanted:
            continue
        members = _members(view, FACETS[name])
        found = []
        for text in wanted:
            iri = members.get(expand(text)) or members.get(text.casefold())
            if iri is None:
                problems.append(
                    Problem(f"--{name}", 0, "", f'"{text}" is no {name} of this view.', _fix(name, text, members))
                )
            else:
                found.append(iri)
        chosen[name] = tuple(dict.fromkeys(found))
    if problems:
        raise UnusableInput(problems)
    return chosen


def narrowed(run: Run, chosen: Mapping[str, tuple[Iri, ...]]) -> Run:
    """The run with those findings alone that every chosen facet keeps."""
    findings = run.findings
    for name, wanted in chosen.items():
        kept = (
            _by_source(run, findings, wanted) if name == "source" else _kept(run.view, FACETS[name], findings, wanted)
        )
        findings = tuple(kept)
    return replace(run, findings=findings)


def at_or_above(run: Run, severity: str | None, option: str = "--severity") -> Run:
    """The run with the findings of a severity or a higher one. Raises ``UnusableInput`` where it is none."""
    if not severity:
        return run
    return replace(run, findings=tuple(f for f in run.findings if f.severity in severities_from(severity, option)))


def severities_from(severity: str, option: str) -> tuple[str, ...]:
    """A severity and those above it. Raises ``UnusableInput`` where it is none."""
    if severity not in SEVERITY_ORDER:
        near = get_close_matches(severity, SEVERITY_ORDER, n=1)
        raise UnusableInput.one(
            option,
            f"{severity} is not a severity.",
            fix=f"Did you mean {near[0]}?" if near else f"Choose {', '.join(SEVERITY_ORDER)}.",
        )
    return SEVERITY_ORDER[: SEVERITY_ORDER.index(severity) + 1]


def _by_source(run: Run, findings: Iterable[Finding], wanted: tuple[Iri, ...]) -> list[Finding]:
    names = {iri.value for iri in wanted}
    return [finding for finding in findings if any(place.source in names for place in run.sources(finding))]


def _kept(view: View, facet: Facet, findings: Sequence[Finding], wanted: tuple[Iri, ...]) -> list[Finding]:
    things = _matching(view, facet.of_things, wanted, (term for finding in findings for term in finding.terms()))
    focus = _matching(view, facet.of_focus, wanted, (finding.focus for finding in findings))
    norms = _matching(view, facet.of_rule, wanted, (Iri(iri) for f in findings for iri in f.rule.provisions))
    return [
        finding
        for finding in findings
        if finding.focus in focus
        or not things.isdisjoint(finding.terms())
        or not norms.isdisjoint(Iri(iri) for iri in finding.rule.provisions)
    ]


def _matching(view: View, pattern: str, wanted: tuple[Iri, ...], terms: Iterable[Term]) -> set[Term]:
    """Those of the terms that the pattern ties to a wanted value."""
    things = " ".join(sorted({sparql_text(term) for term in terms if isinstance(term, Iri)}))
    if not pattern or not things:
        return set()
    values = " ".join(sparql_text(iri) for iri in wanted)
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?thing WHERE {{ "
        f"VALUES ?thing {{ {things} }} VALUES ?wanted {{ {values} }} {pattern} }}"
    )
    return {row[0] for row in rows.rows if row[0] is not None}


def _members(view: View, facet: Facet) -> dict[str, Iri]:
    """Every value of a facet under each name that it goes by: address, ends of it, labels (in small letters)."""
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?wanted ?label WHERE {{ {facet.members} "
        "OPTIONAL { ?wanted rdfs:label ?label } }"
    )
    named: dict[str, Iri] = {}
    labels: dict[str, Iri] = {}
    for iri, label in rows.rows:
        if isinstance(iri, Iri):
            end = iri.value.removeprefix(facet.prefix)
            for name in (iri.value, end.casefold(), iri.value.removeprefix(IDS).casefold()):
                named[name] = iri
            if isinstance(label, Literal):
                labels.setdefault(label.value.casefold(), iri)
    return labels | named


def _fix(name: str, text: str, members: Mapping[str, Iri]) -> str:
    near = get_close_matches(text.casefold(), members, n=8)
    meant = list(dict.fromkeys(compact(members[word].value) for word in near))[:3]
    if meant:
        return f"Did you mean {' or '.join(meant)}?"
    known = sorted({compact(iri.value) for iri in members.values()})
    shown = f"There are {', '.join(known)}." if len(known) <= 8 else f"Name one such as {FACETS[name].example}."
    return shown if known else "This view has none at all; another day or store may."
