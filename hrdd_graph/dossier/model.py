"""The document: everything that an audit file says, before it is put on paper. Labels are in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hrdd_graph.gaps.salience import Salience
from hrdd_graph.gaps.waivers import Waiver


@dataclass(frozen=True, order=True)
class Named:
    """A thing with its address and its name in the reader's language."""

    iri: str
    label: str


@dataclass(frozen=True)
class Days:
    """The first and last day on which something can have begun or ended, as ISO days; empty where it is not known."""

    earliest: str = ""
    latest: str = ""


@dataclass(frozen=True)
class Part:
    """A party's part in an impact: how (caused, contributed, ...), whether a source says so, and why a curator does."""

    party: Named
    mode: str
    basis: Named
    rationale: str


@dataclass(frozen=True)
class Record:
    """A record that findings rest on. ``key`` is its number in the register, as ``E7``.

    ``quality`` holds kind, level, reliability and credibility of the evidence, as far as they are on record; ``chain``
    leads from the source to the one that it has it from, where it is at second hand. ``firmness`` orders records from
    weak to firm.
    """

    key: str
    thing: Named
    kind: Named
    status: Named
    source: Named
    locator: str
    begun: Days = Days()
    ended: Days = Days()
    places: tuple[Named, ...] = ()
    affected: tuple[Named, ...] = ()
    parts: tuple[Part, ...] = ()
    rights: tuple[Named, ...] = ()
    description: str = ""
    notes: tuple[str, ...] = ()
    quality: tuple[tuple[str, str], ...] = ()
    chain: tuple[Named, ...] = ()
    weakness: str = ""
    firmness: tuple[object, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where something is stated: the source and the place in it."""

    source: Named
    locator: str


@dataclass(frozen=True)
class Reply:
    """What a party said: to what, in which words of the record, and where it is stated."""

    thing: Named
    by: tuple[Named, ...]
    to: tuple[Named, ...]
    words: str
    place: Place


@dataclass(frozen=True)
class Entry:
    """A finding in the file. ``own`` is whether it is about the subject itself; ``records`` are its facts.

    ``raised`` is the rule's own severity where the impact changed it. ``mentions`` are places where a source merely
    speaks of something in the finding.
    """

    number: int
    iri: str
    rule: str
    version: str
    label: str
    severity: str
    raised: str
    focus: Named
    own: bool
    sentence: str
    records: tuple[Record, ...]
    mentions: tuple[Place, ...]
    provisions: tuple[Named, ...]
    settled_by: str
    replies: tuple[Reply, ...]
    waiver: Waiver | None
    impact: Named | None
    salience: Salience | None

    @property
    def weakest(self) -> Record | None:
        """The record with the weakest evidence."""
        return min(self.records, key=lambda record: record.firmness) if self.records else None


@dataclass(frozen=True)
class Absence:
    """What is said to be missing (``stated``: a source says so), or about what a source that was read says nothing."""

    lacking: Named
    about: Named
    stated: bool
    place: Place
    label: str


@dataclass(frozen=True)
class Looked:
    """Whether anything is known of a kind of record about the subject.

    ``state`` is ``on record``, ``stated absent``, ``silent`` or ``nobody looked``; ``things`` are what is on record.
    """

    kind: Named
    state: str
    things: tuple[Named, ...]


@dataclass(frozen=True)
class Dispute:
    """Records that cannot both hold, and what is said of it."""

    thing: Named
    sides: tuple[Named, ...]
    settled_by: tuple[Named, ...]
    note: str
    place: Place


@dataclass(frozen=True)
class Duty:
    """A duty, principle or step: what it asks, the numbers of the findings that bear on it, and what speaks to it."""

    provision: Named
    asks: str
    findings: tuple[int, ...]
    records: tuple[Named, ...]


@dataclass(frozen=True)
class ScopeTest:
    """A test of whom a law binds, on the day of the file."""

    label: str
    whom: str
    combination: str
    thresholds: tuple[str, ...]


@dataclass(frozen=True)
class Norm:
    """A framework or law with its duties. ``law`` is false for soft law; ``verified`` whether its text was checked.

    ``tests`` are the tests of scope that hold on the day; ``first`` is the first day of any, where none does yet.
    """

    instrument: Named
    about: str
    law: bool
    verified: bool
    duties: tuple[Duty, ...]
    tests: tuple[ScopeTest, ...] = ()
    first: date | None = None


@dataclass(frozen=True)
class RuleNote:
    """A rule that was asked: its version, what it holds for a gap, what to do about one, what it rests on, and
    how often it found one.
    """

    name: str
    version: str
    label: str
    definition: str
    advice: str
    provisions: tuple[Named, ...]
    found: int


@dataclass(frozen=True)
class Graph:
    """A named graph of the view, its licence, since when it is public, and whether findings here draw on it."""

    iri: str
    title: str
    licence: str
    issued: date | None
    used: bool


@dataclass(frozen=True)
class Match:
    """A party that may be meant by a line of a list: how alike (0 to 1), by which features, and under which name."""

    thing: Named
    score: float
    features: tuple[tuple[str, float], ...]
    known_as: str


@dataclass(frozen=True)
class Supplier:
    """A line of a list of suppliers. ``state`` is ``sure``, ``unsure`` or ``unmatched``."""

    line: int
    name: str
    country: str
    state: str
    matches: tuple[Match, ...]
    findings: tuple[int, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """By what a file is narrowed down: a severity and those above it, and for each facet the values of which one has
    to apply. ``count`` findings about the subject are left out by it.
    """

    severity: str
    facets: tuple[tuple[str, tuple[Named, ...]], ...]
    count: int


@dataclass(frozen=True)
class Dossier:
    """An audit file.

    ``kind`` is firm, cluster, country, regime or portfolio; ``subjects`` are the things asked about. ``beyond`` counts
    findings about the clusters of a firm that are not about the firm, and are not in the file. ``register`` holds
    every record that the findings rest on. ``left_out`` is there where the file is narrowed down.
    """

    kind: str
    title: str
    subjects: tuple[Named, ...]
    unnamed: bool
    language: str
    as_of: date
    known_on: date | None
    digest: str
    software: str
    formula: str
    entries: tuple[Entry, ...]
    register: tuple[Record, ...]
    replies: tuple[Reply, ...]
    looked: tuple[Looked, ...]
    absences: tuple[Absence, ...]
    disputes: tuple[Dispute, ...]
    norms: tuple[Norm, ...]
    rules: tuple[RuleNote, ...]
    graphs: tuple[Graph, ...]
    suppliers: tuple[Supplier, ...]
    beyond: int
    receipt: str
    left_out: LeftOut | None = None

    @property
    def impacts(self) -> tuple[tuple[Named, Salience, tuple[int, ...]], ...]:
        """Each impact that findings are about, where it stands, and their numbers; the gravest first."""
        found: dict[str, tuple[Named, Salience, list[int]]] = {}
        for entry in self.entries:
            if entry.impact and entry.salience:
                found.setdefault(entry.impact.iri, (entry.impact, entry.salience, []))[2].append(entry.number)
        ordered = sorted(found.values(), key=lambda row: (row[1].rank, row[0].label, row[0].iri))
        return tuple((impact, salience, tuple(numbers)) for impact, salience, numbers in ordered)
