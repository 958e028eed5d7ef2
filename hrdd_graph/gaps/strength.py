"""How firm the evidence behind a finding is: status, reliability and kind of each record, and whose word it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from operator import attrgetter

from hrdd_graph.memory import MOST
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.terms import Iri, Term, sparql_text
from hrdd_graph.view import View

# From weak to firm. What is not on record counts as unknown, which lies below the middle and is not the weakest.
STATUS = ("Retracted", "Contested", "Alleged", "Reported", "Documented", "Adjudicated")
RELIABILITY = ("ReliabilityLow", "ReliabilityUnknown", "", "ReliabilityMedium", "ReliabilityHigh")
KIND = (
    "UnidentifiedSource", "", "OrganisationReport", "MediaReport", "Testimony", "InterviewEvidence", "ExpertAnalysis",
    "ScholarlyWork", "FieldObservation", "OfficialFinding", "CourtDecision",
)  # fmt: skip
LEVEL = ("TitleLevel", "", "CaseLevel", "ClaimLevel")


@dataclass(frozen=True)
class Proof:
    """One piece of evidence of a record, with local names of its qualities, empty where none is on record.

    ``chain`` goes from the source of the record to the source that the evidence is drawn from; longer than one, it is
    second-hand.
    """

    chain: tuple[str, ...]
    kind: str = ""
    level: str = ""
    reliability: str = ""
    credibility: str = ""
    weakness: str = ""

    @property
    def second_hand(self) -> bool:
        return len(self.chain) > 1

    @property
    def order(self) -> tuple[int, int, int, bool, str]:
        """Weak evidence sorts before firm."""
        return (
            RELIABILITY.index(self.reliability), KIND.index(self.kind), LEVEL.index(self.level), not self.second_hand,
            " ".join(self.chain),
        )  # fmt: skip


@dataclass(frozen=True)
class Strength:
    """A record's status and its evidence, the firmest first."""

    record: str
    source: str
    status: str
    proofs: tuple[Proof, ...]

    @property
    def best(self) -> Proof:
        """The firmest evidence: what the record stands on."""
        return self.proofs[0]

    @cached_property
    def order(self) -> tuple[object, ...]:
        """Weak records sort before firm ones: by status, then by the firmest evidence that each has."""
        return (STATUS.index(self.status), *self.best.order, self.record)


def strengths_of(view: View, records: Iterable[str]) -> tuple[Strength, ...]:
    """How firm each record is, the weakest first."""
    return tuple(sorted(_found(view, records), key=_order))


def weakest_of(view: View, records: Iterable[str]) -> Strength | None:
    """The weakest of the records, as far as these are records; nothing where none is."""
    return min(_found(view, records), key=_order, default=None)


def _found(view: View, records: Iterable[str]) -> list[Strength]:
    """How firm each record is, in no order."""
    asked = set(records)
    if not asked:
        return []
    known = view.memory.get("strengths", partial(_all_strengths, view)) if view.memory else None
    if known is None:
        names = " ".join(sparql_text(Iri(record)) for record in sorted(asked))
        return _read(view, f"VALUES ?record {{ {names} }}")
    return [strength for record in asked & known.keys() for strength in known[record]]


_order = attrgetter("order")


def _all_strengths(view: View) -> dict[str, list[Strength]] | None:
    """How firm every record in the view is; ``None`` where there are too many to keep."""
    found: dict[str, list[Strength]] = defaultdict(list)
    count = view.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?record <{PREFIXES['hrdd']}hasStatus> ?status }}").rows[0][0]
    if count is None or int(count.value) > MOST:
        return None
    for strength in _read(view):
        found[strength.record].append(strength)
    return dict(found)


def _read(view: View, which: str = "") -> list[Strength]:
    """How firm records are: all in the view, or those of a VALUES block."""
    prefix = f"PREFIX hrdd: <{PREFIXES['hrdd']}> "
    rows = view.select(
        f"{prefix}SELECT ?record ?source ?status ?evidence ?from ?kind ?level ?reliability ?credibility ?weakness "
        f"WHERE {{ {which} ?record hrdd:statedIn ?source ; hrdd:hasStatus ?status . "
        "OPTIONAL { ?record hrdd:hasEvidence ?evidence . OPTIONAL { ?evidence hrdd:drawnFrom ?from } "
        "OPTIONAL { ?evidence hrdd:hasEvidenceKind ?kind } OPTIONAL { ?evidence hrdd:hasEvidenceLevel ?level } "
        "OPTIONAL { ?evidence hrdd:hasReliability ?own } "
        "OPTIONAL { ?evidence hrdd:drawnFrom/hrdd:hasReliability ?its } "
        "BIND ( COALESCE(?own, ?its) AS ?reliability ) "
        "OPTIONAL { ?evidence hrdd:hasCredibility ?credibility } OPTIONAL { ?evidence hrdd:weaknessNote ?weakness } } }"
    )
    proofs: dict[tuple[str, str, str], set[Proof]] = {}
    for row in rows.dicts():
        source = row["source"].value
        key = (row["record"].value, source, _local(row["status"]))
        origin = row["from"].value if "from" in row else source
        chain = (source,) if origin == source else (source, origin)
        proof = Proof(
            chain, _known(row.get("kind"), KIND), _known(row.get("level"), LEVEL),
            _known(row.get("reliability"), RELIABILITY), _local(row.get("credibility")),
            row["weakness"].value if "weakness" in row else "",
        )  # fmt: skip
        proofs.setdefault(key, set()).add(proof)
    return [
        Strength(*key, tuple(sorted(some, key=lambda proof: proof.order, reverse=True)))
        for key, some in proofs.items()
        if key[2] in STATUS
    ]


def _local(term: Term | None) -> str:
    return term.value.removeprefix(PREFIXES["hrdd"]) if isinstance(term, Iri) else ""


def _known(term: Term | None, order: tuple[str, ...]) -> str:
    """A quality that has its place in an order; one of another's vocabulary counts as not known."""
    name = _local(term)
    return name if name in order else ""
