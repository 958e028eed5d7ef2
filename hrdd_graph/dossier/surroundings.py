"""What stands around the findings: replies, what is not known, and records that contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hrdd_graph.dossier.model import Absence, Dispute, Looked, Named, Place, Reply
from hrdd_graph.dossier.subject import Subject
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HRDD, sparql_prologue
from hrdd_graph.store import Rows
from hrdd_graph.terms import Iri, Term, sparql_text
from hrdd_graph.view import View

_OF_PARTY = (
    "hrdd:madeBy|hrdd:takenBy|hrdd:conductedBy|hrdd:operatedBy|hrdd:examines|hrdd:addressedTo|hrdd:linksFrom|"
    "hrdd:linksTo|hrdd:classifies|hrdd:concerns|hrdd:hasInvolvement/hrdd:ofParty"
)
_OF_PLACE = "(hrdd:occurredIn|hrdd:examines|hrdd:concerns|hrdd:classifies|hrdd:linksTo|hrdd:coversSite)/hrdd:locatedIn*"
# What an auditor looks for about a firm or a cluster, in the order of the UN Guiding Principles.
_LOOKED_FOR = (
    "PolicyCommitment", "ImpactAssessment", "Consultation", "Integration", "Monitoring", "Tracking", "Communication",
    "Remediation", "GrievanceMechanism", "Statement",
)  # fmt: skip


@dataclass(frozen=True)
class Around:
    """Everything that stands around the findings. ``nodes`` are the addresses of what the file is about."""

    nodes: tuple[str, ...]
    replies: tuple[Reply, ...]
    absences: tuple[Absence, ...]
    looked: tuple[Looked, ...]
    disputes: tuple[Dispute, ...]


def around(view: View, subject: Subject, terms: Iterable[str], language: str) -> Around:
    """What the view holds about the subject and about the things with the given addresses."""
    own = {thing.iri for thing in subject.things}
    if subject.kind == "regime":
        own = set()
    else:
        path = _OF_PLACE if subject.kind in ("cluster", "country") else _OF_PARTY
        own |= _column(
            view.select(
                f"{sparql_prologue()}SELECT DISTINCT ?node WHERE {{ VALUES ?wanted {{ {_values(own)} }} "
                f"?node {path} ?wanted ; a hrdd:StandingRecord }}"
            )
        )
    own |= _answering(view, own)
    nodes = own | set(terms) | _answering(view, terms)
    known = tuple(sorted(nodes))
    absences = _absences(view, known, language)
    return Around(
        known,
        _replies(view, subject, known, language),
        absences,
        _looked(view, subject, sorted(own), absences, language),
        _disputes(view, known, language),
    )


def _answering(view: View, nodes: Iterable[str]) -> set[str]:
    """What responds to records, and the mechanisms that handle them."""
    return _column(
        view.select(
            f"{sparql_prologue()}SELECT DISTINCT ?node WHERE {{ VALUES ?about {{ {_values(nodes)} }} "
            "?about a hrdd:Record . ?node hrdd:respondsTo|hrdd:handles ?about ; a hrdd:StandingRecord }"
        )
    )


def subject_iris(subject: Subject) -> tuple[str, ...]:
    return tuple(thing.iri for thing in subject.things)


def _gathered(rows: Rows, key: str) -> list[tuple[str, dict[str, set[Term]]]]:
    """The terms of every column, by the address that stands in the column ``key``, in the order of the addresses."""
    found: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for row in rows.dicts():
        for name, term in row.items():
            found[row[key].value][name].add(term)
    return sorted(found.items())


def _replies(view: View, subject: Subject, nodes: Sequence[str], language: str) -> tuple[Reply, ...]:
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?reply ?by ?to ?words ?note ?source ?locator WHERE {{ "
        f"{{ VALUES ?to {{ {_values(nodes)} }} ?reply hrdd:respondsTo ?to }} UNION "
        f"{{ VALUES ?by {{ {_values(subject_iris(subject))} }} ?reply hrdd:takenBy ?by }} "
        "?reply a hrdd:Statement , hrdd:StandingRecord ; hrdd:statedIn ?source ; hrdd:locator ?locator . "
        "OPTIONAL { ?reply hrdd:takenBy ?by } OPTIONAL { ?reply hrdd:respondsTo ?to } "
        "OPTIONAL { ?reply dcterms:description ?words } OPTIONAL { ?reply hrdd:outcomeNote ?note } }"
    )
    named = _Names(view, rows, language)
    return tuple(
        Reply(
            named(Iri(iri)),
            _sorted(named, about["by"]),
            _sorted(named, about["to"]),
            " ".join(sorted(t.value for name in ("words", "note") for t in about[name])),
            Place(_sorted(named, about["source"])[0], min(t.value for t in about["locator"])),
        )
        for iri, about in _gathered(rows, "reply")
    )


def _absences(view: View, nodes: Sequence[str], language: str) -> tuple[Absence, ...]:
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?record ?lacking ?about ?kind ?source ?locator WHERE {{ "
        f"VALUES ?about {{ {_values(nodes)} }} VALUES ?kind {{ hrdd:Silence hrdd:StatedAbsence }} "
        "?record hrdd:concerns ?about ; a ?kind , hrdd:StandingRecord ; hrdd:lacks ?lacking ; hrdd:statedIn ?source ; "
        "hrdd:locator ?locator }"
    )
    named = _Names(view, rows, language)
    return tuple(
        sorted(
            (
                Absence(
                    named(row["lacking"]),
                    named(row["about"]),
                    row["kind"] == HRDD.StatedAbsence,
                    Place(named(row["source"]), row["locator"].value),
                    named(row["record"]).label,
                )
                for row in rows.dicts()
            ),
            key=lambda absence: (absence.lacking.label, absence.about.label, not absence.stated, absence.label),
        )
    )


def _looked(
    view: View, subject: Subject, nodes: Sequence[str], absences: Iterable[Absence], language: str
) -> tuple[Looked, ...]:
    """For a firm or a cluster: of each kind of record, whether there is one, is said to be none, or nobody looked."""
    if subject.kind not in ("firm", "cluster"):
        return ()
    kinds = [HRDD[name] for name in _LOOKED_FOR]
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?kind ?node ?by WHERE {{ VALUES ?node {{ {_values(nodes)} }} "
        f"VALUES ?kind {{ {' '.join(map(sparql_text, kinds))} }} ?node a ?kind , hrdd:StandingRecord "
        "OPTIONAL { ?node hrdd:takenBy|hrdd:madeBy ?by } }"
    )
    say = labels_for(view, [*kinds, *(row["node"] for row in rows.dicts())], language)
    own = frozenset(subject_iris(subject))
    found = []
    for kind in kinds:
        # What somebody else says, or has vowed, is no statement or commitment of a firm.
        others = subject.kind == "firm" and kind in (HRDD.Statement, HRDD.PolicyCommitment)
        things = {
            row["node"]
            for row in rows.dicts()
            if row["kind"] == kind and (not others or ("by" in row and row["by"].value in own))
        }
        told = {absence.stated for absence in absences if absence.lacking.iri == kind.value}
        state = "on record" if things else "stated absent" if True in told else "silent" if told else "nobody looked"
        found.append(
            Looked(
                Named(kind.value, say(kind)), state, tuple(sorted((Named(t.value, say(t)) for t in things), key=_label))
            )
        )
    return tuple(found)


def _disputes(view: View, nodes: Sequence[str], language: str) -> tuple[Dispute, ...]:
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?conflict ?side ?settled ?note ?source ?locator WHERE {{ "
        f"{{ SELECT DISTINCT ?conflict WHERE {{ VALUES ?known {{ {_values(nodes)} }} "
        "?conflict hrdd:hasConflictingRecord ?known ; a hrdd:Conflict , hrdd:StandingRecord } } "
        "?conflict hrdd:hasConflictingRecord ?side ; hrdd:statedIn ?source ; hrdd:locator ?locator . "
        "OPTIONAL { ?conflict hrdd:resolvedBy ?settled } OPTIONAL { ?conflict hrdd:note ?note } }"
    )
    named = _Names(view, rows, language)
    return tuple(
        Dispute(
            named(Iri(iri)),
            _sorted(named, about["side"]),
            _sorted(named, about["settled"]),
            " ".join(sorted(t.value for t in about["note"])),
            Place(_sorted(named, about["source"])[0], min(t.value for t in about["locator"])),
        )
        for iri, about in _gathered(rows, "conflict")
    )


class _Names:
    """Names for the terms in an answer."""

    def __init__(self, view: View, rows: Rows, language: str) -> None:
        self._say = labels_for(view, {term for row in rows.rows for term in row if term is not None}, language)

    def __call__(self, term: Term) -> Named:
        return Named(term.value, self._say(term))


def _sorted(named: _Names, terms: Iterable[Term]) -> tuple[Named, ...]:
    return tuple(sorted(map(named, terms), key=_label))


def _label(thing: Named) -> tuple[str, str]:
    return (thing.label.casefold(), thing.iri)


def _values(iris: Iterable[str]) -> str:
    return " ".join(sorted(sparql_text(Iri(iri)) for iri in iris))


def _column(rows: Rows) -> set[str]:
    return {row[0].value for row in rows.rows if isinstance(row[0], Iri)}
