"""What is on record about a thing, sorted as an auditor reads it: harms, promises, deeds, ties, silences, conflicts.

What is said of a cluster is listed with the cluster and not with its firms.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.namespaces import PREFIXES, sparql_prologue
from hrdd_graph.terms import Iri, Literal, sparql_text
from hrdd_graph.view import View

# Sections in the order of reading, with the kinds of records in each; the first kind that fits decides.
SECTIONS: dict[str, tuple[str, ...]] = {
    "harms": ("Abuse",),
    "risks": ("Risk", "NonConformity", "ImpactPattern"),
    "commitments": ("Commitment", "Requirement", "Award"),
    "diligence": ("DueDiligenceActivity",),
    "responses": ("Response", "Complaint", "GrievanceMechanism"),
    "relations": ("Relationship",),
    "conduct": ("ConductClassification",),
    "events": ("Event",),
    "silences": ("AbsenceRecord",),
    "conflicts": ("Conflict",),
    "doubts": ("Doubt", "Question", "Lead"),
}
_KINDS = [kind for kinds in SECTIONS.values() for kind in kinds]
_PATH = (
    "hrdd:madeBy|hrdd:takenBy|hrdd:conductedBy|hrdd:paidBy|hrdd:respondsTo|hrdd:raises|hrdd:raisedBy|hrdd:submittedTo|"
    "hrdd:addressedTo|hrdd:resultedIn|hrdd:examines|hrdd:coversSite|hrdd:occurredIn|hrdd:operatedBy|hrdd:handles|"
    "hrdd:concerns|hrdd:classifies|hrdd:hasConflictingRecord|hrdd:commitsTo|hrdd:issuedBy|hrdd:checksAgainst|"
    "hrdd:demandsConformityTo|hrdd:demandedBy|hrdd:demandedOf|hrdd:breaks|hrdd:linksFrom|hrdd:linksTo|hrdd:ofProduct|"
    "hrdd:affects|hrdd:infringes|hrdd:engages|hrdd:isAbout|hrdd:sameOccurrenceAs|(hrdd:hasInvolvement/hrdd:ofParty)"
)


@dataclass(frozen=True)
class Entry:
    """A record about the thing: what kind it is, what it says of the part in it, its status, and where it is stated."""

    iri: str
    label: str
    kind: str
    status: str
    source: str
    locator: str
    role: str = ""


@dataclass(frozen=True)
class Section:
    """Records of one sort; ``name`` is a key of ``SECTIONS``."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Proof:
    """A piece of evidence for a record: its source and place, of what kind and how reliable it is."""

    source: str
    label: str
    locator: str
    words: str


def around(view: View, iri: str, language: str) -> list[Section]:
    """The records about a thing by section, each once; sections without any are left out.

    What is about a part of a provision is about the provision.
    """
    kinds = " ".join(f"hrdd:{kind}" for kind in _KINDS)
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?record ?kind ?narrow ?status ?source ?locator ?mode WHERE {{ "
        f"VALUES ?thing {{ {_parts(view, iri)} }} VALUES ?kind {{ {kinds} }} "
        f"?record {_PATH} ?thing . ?record a hrdd:StandingRecord , ?kind , ?narrow . "
        "?narrow rdfs:subClassOf* ?kind . "
        "FILTER NOT EXISTS { ?record a ?narrower . ?narrower rdfs:subClassOf ?narrow } "
        "OPTIONAL { ?record hrdd:hasStatus ?status } "
        "OPTIONAL { ?record hrdd:statedIn ?source ; hrdd:locator ?locator } "
        "OPTIONAL { ?record hrdd:hasInvolvement ?part . ?part hrdd:ofParty ?thing ; hrdd:hasMode ?mode } }"
    )
    say = labels_for(view, {term for row in rows.rows for term in row if isinstance(term, Iri)}, language)
    chosen: dict[str, tuple[int, Entry]] = {}
    for record, kind, narrow, status, source, locator, mode in rows.rows:
        if not isinstance(record, Iri) or not isinstance(kind, Iri) or not isinstance(narrow, Iri):
            continue
        place = _KINDS.index(kind.value.removeprefix(PREFIXES["hrdd"]))
        entry = Entry(
            *(record.value, say(record), say(narrow), _said(status, say)),
            *(_said(source, say).partition(":")[0], locator.value if isinstance(locator, Literal) else ""),
            _said(mode, say),
        )
        if record.value not in chosen or (place, entry.locator) < (
            chosen[record.value][0],
            chosen[record.value][1].locator,
        ):
            chosen[record.value] = (place, entry)
    section_of = [name for name, kinds_ in SECTIONS.items() for _ in kinds_]
    found: dict[str, list[Entry]] = defaultdict(list)
    for place, entry in chosen.values():
        found[section_of[place]].append(entry)
    return [
        Section(name, tuple(sorted(found[name], key=lambda e: (e.kind, e.label.casefold()))))
        for name in SECTIONS
        if found[name]
    ]


def _parts(view: View, iri: str) -> str:
    """A thing, and for a provision the parts of it, as terms of a query."""
    node = sparql_text(Iri(iri))
    rows = view.select(f"{sparql_prologue()}SELECT DISTINCT ?part WHERE {{ ?part hrdd:isPartOfProvision+ {node} }}")
    return " ".join([node, *sorted(sparql_text(row[0]) for row in rows.rows if isinstance(row[0], Iri))])


def proofs(view: View, iri: str, language: str) -> list[Proof]:
    """The evidence that a record has, place by place."""
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?source ?locator ?kind ?reliability ?credibility WHERE {{ "
        f"VALUES ?record {{ {sparql_text(Iri(iri))} }} ?record hrdd:hasEvidence ?evidence . "
        "?evidence hrdd:drawnFrom ?source . OPTIONAL { ?evidence hrdd:locator ?locator } "
        "OPTIONAL { ?evidence hrdd:hasEvidenceKind ?kind } OPTIONAL { ?evidence hrdd:hasReliability ?reliability } "
        "OPTIONAL { ?evidence hrdd:hasCredibility ?credibility } }"
    )
    say = labels_for(view, {term for row in rows.rows for term in row if isinstance(term, Iri)}, language)
    found = [
        Proof(
            *(source.value, say(source), locator.value if isinstance(locator, Literal) else ""),
            "; ".join(filter(None, (_said(term, say) for term in qualities))),
        )
        for source, locator, *qualities in rows.rows
        if isinstance(source, Iri)
    ]
    return sorted(found, key=lambda proof: (proof.label, proof.locator))


def _said(term: object, say: Labels) -> str:
    return say(term) if isinstance(term, Iri) else ""
