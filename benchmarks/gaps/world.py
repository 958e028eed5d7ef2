"""A made-up world of value chains, block by block: firms in clusters and tiers, their records, and the gaps in them.

Each block is one value chain with its clusters and hangs on the seed and its number alone, so that a world of any size
is made in the memory of one block. Blocks touch where a global brand buys from the heads of earlier chains.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

DAY = date(2026, 11, 20)

TIERS = (1, 3, 8, 14, 14)
BROADER = {
    "effluent": "environment",
    "water-depletion": "environment",
    "wages": "labour",
    "working-hours": "labour",
    "child-labour": "labour",
}
TOPICS = (*BROADER, "land")
STANDARDS = {"iso-14001": "environment", "sa8000": "labour"}
COUNTRIES = ("IN", "PK", "BD", "VN", "CN", "BR", "MX", "TR", "ID", "KE", "ET", "MA", "TN", "EG")


@dataclass(frozen=True)
class Period:
    """A period known only to the year, as ``(first day, last day)`` at both ends; ``end`` is ``None`` where open."""

    start: tuple[date, date]
    end: tuple[date, date] | None = None

    def stood_on(self, day: date) -> bool:
        """Whether it had surely begun by the day and had not surely ended before it."""
        return self.start[1] <= day and (self.end is None or self.end[0] >= day)


@dataclass(frozen=True)
class Firm:
    name: str
    tier: int
    kind: str  # NamedParty, UnnamedParty or CollectiveParty
    cluster: str
    site: str = ""


@dataclass(frozen=True)
class Tie:
    """A supply, a sub-contracting or an ownership; ``giver`` buys from, passes work to or owns ``taker``."""

    name: str
    kind: str
    giver: str
    taker: str
    period: Period


@dataclass(frozen=True)
class Remedy:
    name: str
    status: str
    when: Period
    rejected: bool

    def closes(self, day: date) -> bool:
        return self.status == "Provided" and self.when.start[1] <= day and not self.rejected


@dataclass(frozen=True)
class Impact:
    """An abuse or a risk. ``parties`` are those involved, each with a mode."""

    name: str
    kind: str
    topic: str
    when: Period
    places: tuple[str, ...]
    parties: tuple[tuple[str, str], ...]
    severe: bool
    indigenous: bool
    standing: bool
    remedies: tuple[Remedy, ...] = ()
    actors: tuple[str, ...] = ()  # those who acted on it themselves
    speakers: tuple[str, ...] = ()  # those who only made a statement
    knowledge: str = ""  # Silence, StatedAbsence or nothing, of a remedy

    def open_on(self, day: date) -> bool:
        return self.standing and self.when.start[1] <= day and not any(r.closes(day) for r in self.remedies)

    @property
    def wrongdoers(self) -> frozenset[str]:
        return frozenset(party for party, mode in self.parties if mode in ("Caused", "Contributed"))

    @property
    def topics(self) -> frozenset[str]:
        return frozenset([self.topic, *([BROADER[self.topic]] if self.topic in BROADER else [])])


@dataclass(frozen=True)
class Certificate:
    name: str
    holder: str
    standard: str
    period: Period
    site: str = ""


@dataclass(frozen=True)
class Code:
    """A code that a party holds itself to, and what monitoring of it there is: "", Weak or Strong."""

    name: str
    holder: str
    period: Period
    monitoring: str


@dataclass(frozen=True)
class Head:
    """The head of an earlier chain, as a global brand sees it: the open abuses that a tie to it leads to."""

    name: str
    linked: tuple[tuple[str, frozenset[str], str], ...] = ()  # abuse, those who acted on it, the party behind it


@dataclass
class Block:
    """One value chain with everything on record about it."""

    number: int
    clusters: list[str] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)
    supplies: list[Tie] = field(default_factory=list)
    ownerships: list[Tie] = field(default_factory=list)
    impacts: list[Impact] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    assessed: set[str] = field(default_factory=set)  # risks, and places, that an assessment has looked at
    consulted: set[str] = field(default_factory=set)  # impacts that a consultation was about
    foreign: dict[str, Head] = field(default_factory=dict)  # heads of earlier chains that the brand buys from


class _Maker:
    def __init__(self, seed: int, number: int) -> None:
        self.random = Random(f"{seed}/{number}")  # noqa: S311 - a made-up world, no secret
        self.block = Block(number)
        self.counts: dict[str, int] = {}

    def name(self, kind: str) -> str:
        """The next name of a kind, as ``kind/block-number``."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{kind}/{self.block.number}-{self.counts[kind]}"

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def year(self, first: int, last: int) -> tuple[date, date]:
        """Some year of the range, or a day in it."""
        year = self.random.randint(first, last)
        if self.chance(0.5):
            return date(year, 1, 1), date(year, 12, 31)
        day = date(year, 1, 1) + timedelta(days=self.random.randrange(365))
        return day, day

    def period(self, first: int, last: int, *, ended: float, future: float = 0.02) -> Period:
        if self.chance(future):
            return Period(self.year(2027, 2029))
        start = self.year(first, last)
        if self.chance(ended):
            return Period(start, self.year(start[1].year + 1, 2025))
        return Period(start, self.year(2027, 2030) if self.chance(0.5) else None)


def make_block(seed: int, number: int, heads: list[Head]) -> Block:
    """The block of a number. ``heads`` are chains before it from which every twentieth brand buys too."""
    make = _Maker(seed, number)
    _firms(make)
    _ties(make, heads if number % 20 == 19 else [])
    _impacts(make)
    _commitments(make)
    return make.block


def _firms(make: _Maker) -> None:
    block = make.block
    block.clusters = [make.name("cluster") for _ in range(2)]
    for tier, size in enumerate(TIERS):
        for _ in range(size):
            kind = "NamedParty" if tier < 3 or make.chance(0.7) else "UnnamedParty"
            if tier == 2 and make.chance(0.02):
                kind = "CollectiveParty"
            site = make.name("site") if tier and make.chance(0.2) else ""
            cluster = make.random.choice(block.clusters) if tier else ""
            block.firms.append(Firm(make.name("organisation"), tier, kind, cluster, site))


def _ties(make: _Maker, heads: list[Head]) -> None:
    block, random = make.block, make.random
    by_tier = [[firm for firm in block.firms if firm.tier == tier] for tier in range(len(TIERS))]
    for tier, givers in enumerate(by_tier[:-1]):
        for giver in givers:
            takers = random.sample(by_tier[tier + 1], min(len(by_tier[tier + 1]), random.choice((2, 2, 3))))
            if tier == 2 and make.chance(0.05):
                takers.append(random.choice(by_tier[1]))  # a cycle
            for taker in takers:
                kind = "Subcontracting" if tier == 3 else "Supply"
                period = make.period(2000, 2020, ended=0.05)
                block.supplies.append(Tie(make.name("relationship"), kind, giver.name, taker.name, period))
    brand = by_tier[0][0].name
    for head in random.sample(heads, min(len(heads), 20)):
        tie = Tie(make.name("relationship"), "Supply", brand, head.name, make.period(2000, 2020, ended=0.05))
        block.supplies.append(tie)
        block.foreign[head.name] = head
    if make.chance(0.4):  # a group of companies: an owner, a holding in the middle, and what that one holds
        middle, *held = random.sample([*by_tier[1], *by_tier[2]], 3)
        owner = make.name("owner")
        block.firms.append(Firm(owner, 0, "NamedParty", ""))
        for owning, owned in ((owner, middle.name), (middle.name, held[0].name), (middle.name, held[1].name)):
            period = make.period(1990, 2015, ended=0.1)
            block.ownerships.append(Tie(make.name("relationship"), "Ownership", owning, owned, period))


def _impacts(make: _Maker) -> None:
    block, random = make.block, make.random
    names = [firm.name for firm in block.firms]
    for firm in block.firms:
        if not make.chance(0.3):
            continue
        mode = random.choices(("Caused", "Contributed", "DirectlyLinked"), (70, 15, 15))[0]
        parties = [(firm.name, mode)] if make.chance(0.9) else []
        if parties and make.chance(0.1):
            parties.append((random.choice(names), "DirectlyLinked"))
        place = firm.site if firm.site and make.chance(0.8) else firm.cluster
        remedies = tuple(
            Remedy(
                make.name("response"),
                random.choice(("Provided", "Provided", "Promised", "InProgress")),
                Period(make.year(2015, 2025)) if make.chance(0.95) else Period(make.year(2027, 2028)),
                make.chance(0.15),
            )
            for _ in range(random.choices((0, 1, 2), (50, 45, 5))[0])
        )
        block.impacts.append(
            Impact(
                name=make.name("abuse"),
                kind="Abuse",
                topic=random.choice(TOPICS),
                when=Period(make.year(2005, 2022)),
                places=(place,) if place else (),
                parties=tuple(dict.fromkeys(parties)),
                severe=make.chance(0.3),
                indigenous=make.chance(0.25),
                standing=make.chance(0.97),
                remedies=remedies,
                actors=(random.choice(names),) if make.chance(0.1) else (),
                speakers=(random.choice(names),) if make.chance(0.1) else (),
                knowledge=random.choices(("", "Silence", "StatedAbsence"), (60, 25, 15))[0],
            )
        )
    for _ in range(4):
        firm = random.choice(block.firms[1:])
        risk = Impact(
            name=make.name("risk"),
            kind="Risk",
            topic=random.choice(TOPICS),
            when=make.period(2005, 2022, ended=0.1),
            places=tuple(place for place in (firm.site or firm.cluster,) if place),
            parties=((firm.name, "Unstated"),),
            severe=make.chance(0.5),
            indigenous=make.chance(0.2),
            standing=make.chance(0.97),
        )
        block.impacts.append(risk)
        if make.chance(0.4):
            block.assessed.add(random.choice([risk.name, *risk.places]))
    block.consulted = {impact.name for impact in block.impacts if impact.indigenous and make.chance(0.5)}


def _commitments(make: _Maker) -> None:
    block, random = make.block, make.random
    for firm in block.firms:
        if firm.tier and make.chance(0.2):
            period = make.period(2008, 2022, ended=0.25)
            site = firm.site if make.chance(0.5) else ""
            standard = random.choice(tuple(STANDARDS))
            block.certificates.append(Certificate(make.name("certificate"), firm.name, standard, period, site))
        if make.chance(0.08):
            monitoring = random.choice(("", "Weak", "Strong", "Strong"))
            block.codes.append(Code(make.name("code"), firm.name, make.period(2005, 2020, ended=0.1), monitoring))
