"""The shapes of what programs read: a run, its findings, an explanation, a comparison, an answer to why.

The functions that make these documents are checked against them, and the HTTP layer describes them in OpenAPI. A key
that is not always there is ``NotRequired``; one that may be ``None`` says so.
"""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from hrdd_graph.labels import NamedTerm, TermDocument
from hrdd_graph.receipts import ReceiptDocument


class GraphOfRun(TypedDict):
    """A data graph that a run rests on."""

    graph: str
    title: str
    licence: str


class RuleOfRun(TypedDict):
    """A rule that a run asked, with its version."""

    rule: str
    version: str


class WaiverDocument(TypedDict):
    """A waiver: the finding that it sets aside, by whom, why, since when, and until when."""

    finding: str
    author: str
    reason: str
    made: str
    expires: str


class JudgedWaiver(WaiverDocument):
    """A waiver and whether it holds on the day."""

    state: str


class RunFacts(TypedDict):
    """What a run was: its day, state of knowledge, graphs with licences, digest, rules with versions."""

    asOf: str
    knownOn: str | None
    graphDigest: str
    graphs: list[GraphOfRun]
    rules: list[RuleOfRun]
    order: str
    weights: str
    rankFormula: str
    software: str
    count: int
    waived: int
    receipt: NotRequired[ReceiptDocument]
    waivers: list[JudgedWaiver]


class Assessment(TypedDict):
    """A grade with what it rests on."""

    grade: str
    basis: NotRequired[str]
    assessment: NotRequired[str]
    rationale: NotRequired[str]


class Dimension(TypedDict):
    """How an impact stands in one dimension; the grade says so where there is not enough evidence."""

    grade: str
    assessments: list[Assessment]


class Salience(TypedDict):
    """How grave an impact is beside all others: ``rank`` of ``of``, and how the rank and the score may move."""

    impact: str
    rank: int
    of: int
    rankInterval: list[int]
    score: float
    scoreInterval: list[float]
    enoughEvidence: bool
    dimensions: dict[str, Dimension]
    likelihood: Dimension
    inWords: str


class CitedRecord(TypedDict):
    """Where a record that a finding rests on is stated."""

    record: str
    source: NamedTerm
    locator: str
    status: str


class FindingDocument(TypedDict):
    """A finding: what was found, about what, on which facts (``bindings``), from which sources, by which norms.

    ``severity`` is the severity of the rule, ``ruleSeverity``, raised or lowered by how grave the impact is.
    """

    finding: str
    rule: str
    ruleVersion: str
    label: str
    severity: str
    ruleSeverity: str
    severityReason: NotRequired[str]
    waiver: NotRequired[WaiverDocument]
    salience: Salience | None
    focus: TermDocument
    message: str
    bindings: dict[str, list[TermDocument]]
    provisions: list[NamedTerm]
    sources: list[CitedRecord]
    advice: str
    settledBy: str


class RunDocument(TypedDict):
    """A run and its findings. Where there are none, ``note`` says that this is no clearance."""

    run: RunFacts
    findings: list[FindingDocument]
    note: NotRequired[str]


class PlaceDocument(TypedDict):
    """Where a statement's record is stated."""

    record: TermDocument
    source: TermDocument
    locator: str
    status: str


class StatementDocument(TypedDict):
    """A statement; ``derived`` where it follows from others."""

    subject: TermDocument
    property: TermDocument
    object: TermDocument
    derived: bool
    statedIn: list[PlaceDocument]


# ``from`` is a word of Python's.
StepDocument = TypedDict(
    "StepDocument",
    {"from": TermDocument, "property": TermDocument, "statedIn": list[PlaceDocument], "to": TermDocument},
)


class ConditionMet(TypedDict):
    """A condition of the rule with the statements that met it; one that asks for nothing may have none."""

    condition: str
    asksForNothing: bool
    statements: list[StatementDocument]


class ProofDocument(TypedDict):
    """One way in which a record is proved, from its source back to whose word it is."""

    chain: list[TermDocument]
    secondHand: bool
    kind: str
    level: str
    reliability: str
    credibility: NotRequired[str]
    weakness: NotRequired[str]


class StrengthDocument(TypedDict):
    """How firm a record is."""

    record: TermDocument
    source: TermDocument
    status: str
    proofs: list[ProofDocument]
    inWords: str


class Grounds(TypedDict):
    """Why a finding stands: its conditions, each way that the rule walked, and the evidence, the weakest first."""

    conditions: list[ConditionMet]
    path: list[list[StepDocument]]
    weakest: StrengthDocument | None
    evidence: list[StrengthDocument]


class ExplanationDocument(FindingDocument):
    """A finding with its grounds, and the run that found it."""

    explanation: Grounds
    run: RunFacts


class TargetDocument(TypedDict):
    """What a rule looks at."""

    kind: str
    value: TermDocument


class VerdictDocument(TypedDict):
    """A condition for one node: it holds, fails, or is open; ``together`` where all up to it hold at once."""

    condition: str
    outcome: str
    together: bool
    found: list[dict[str, TermDocument]]
    clearedBy: list[dict[str, TermDocument]]
    missing: NotRequired[str]
    nearest: NotRequired[list[dict[str, TermDocument]]]


class WhyDocument(TypedDict):
    """Why a rule finds something about a node, or why not: condition by condition."""

    rule: str
    focus: NamedTerm
    isTarget: bool
    finds: list[str]
    inWords: str
    kinds: list[TermDocument]
    targets: list[TargetDocument]
    holdTogether: int
    conditions: list[VerdictDocument]
    settledBy: str
    run: RunFacts


class RunCompared(TypedDict):
    """One of two runs that are compared."""

    name: str
    asOf: str
    knownOn: str | None
    graphDigest: str
    software: str
    count: int


class Differences(TypedDict):
    """What differs between two runs, beside their findings."""

    days: list[str] | None
    knownOn: bool
    graphs: dict[str, str]
    rules: list[str]
    software: list[str] | None


class ChangeDocument(TypedDict):
    """A finding that changed (new, reopened, closed), and whether data, time or a rule made it so."""

    state: str
    finding: str
    rule: str
    severity: str
    severityBefore: NotRequired[str]
    focus: str
    message: str
    causes: list[str]
    unclear: bool
    graphs: list[str]
    because: str
    records: list[str]


class DiffDocument(TypedDict):
    """Two runs compared: what differs between them, counts by state, each finding that changed."""

    before: RunCompared
    after: RunCompared
    differs: Differences
    counts: dict[str, int]
    changes: list[ChangeDocument]
    unchanged: list[str]
