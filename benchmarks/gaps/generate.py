"""Write the made-up world as the store holds it after derivation, with its gaps beside it.

    python -m benchmarks.gaps.generate TRIPLES FOLDER [--seed N]

Writes ``world-TRIPLES.nt`` (N-Triples) and ``world-TRIPLES.truth.tsv`` (rule, focus and value of every gap, worked out
by ``truth.py``). The same seed and size give the same bytes; memory does not grow with the size.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TextIO

from benchmarks.gaps.truth import head_of, truth_of
from benchmarks.gaps.world import BROADER, COUNTRIES, DAY, STANDARDS, Block, Firm, Head, Impact, Period, Tie, make_block
from hrdd_graph.namespaces import PREFIXES

_HRDD, _ID, _TOPIC, _STD = (PREFIXES[prefix] for prefix in ("hrdd", "id", "topic", "std"))
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_BROADER = "<http://www.w3.org/2004/02/skos/core#broader>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_SOURCES = 20
_HEADS_KEPT = 200

_ABOVE = {
    "Firm": ("Organisation", "Party"),
    "CollectiveParty": ("UnnamedParty",),
    "Certification": ("Commitment", "Record"),
    "CodeAdoption": ("Commitment", "Record"),
    "Abuse": ("Impact", "Record"),
    "Risk": ("Impact", "Record"),
    "Remediation": ("Response", "Record"),
    "Integration": ("DueDiligenceActivity", "Record"),
    "Disengagement": ("Response", "Record"),
    "Statement": ("Response", "Record"),
    "Supply": ("Relationship", "Record"),
    "Subcontracting": ("Relationship", "Record"),
    "Ownership": ("Relationship", "Record"),
    "Operation": ("Relationship", "Record"),
    "ClusterMembership": ("Relationship", "Record"),
    "Monitoring": ("DueDiligenceActivity", "Record"),
    "ImpactAssessment": ("DueDiligenceActivity", "Record"),
    "Consultation": ("DueDiligenceActivity", "Record"),
    "Silence": ("AbsenceRecord", "Record"),
    "StatedAbsence": ("AbsenceRecord", "Record"),
    "IndustrialCluster": ("Location",),
    "Site": ("Location",),
    "Country": ("Territory", "Location"),
    "Standard": ("Instrument",),
    "Involvement": ("MappingNode",),
    "SeverityAssessment": ("MappingNode",),
}
_ENDS = {  # the properties of a relationship's two ends, and the direct property that they give
    "Supply": ("hasBuyer", "hasSupplier", "sourcesFrom"),
    "Subcontracting": ("hasContractor", "hasSubcontractor", "sourcesFrom"),
    "Ownership": ("hasOwner", "hasHolding", "owns"),
    "Operation": ("hasOperator", "hasOperatedSite", "operates"),
    "ClusterMembership": ("hasClusterMember", "hasCluster", "operatesIn"),
}


def hrdd(name: str) -> str:
    return f"<{_HRDD}{name}>"


def node(name: str) -> str:
    return f"<{_ID}{name}>"


def topic(name: str) -> str:
    return f"<{_TOPIC}{name}>"


def text(words: str) -> str:
    return f'"{words}"@en'


def day(value: date) -> str:
    return f'"{value.isoformat()}"^^<{_XSD}date>'


class Writer:
    """Writes N-Triples and counts them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.count = 0

    def write(self, subject: str, statements: Iterable[tuple[str, str]]) -> None:
        lines = [f"{subject} {predicate} {value} .\n" for predicate, value in dict.fromkeys(statements)]
        self._stream.writelines(lines)
        self.count += len(lines)

    def thing(self, name: str, classes: Iterable[str], label: str, *statements: tuple[str, str]) -> None:
        """A node with its classes and those above them."""
        every = dict.fromkeys(c for kind in classes for c in (kind, *_ABOVE.get(kind, ())))
        types = [(_TYPE, hrdd(kind)) for kind in every]
        self.write(node(name), [*types, (_LABEL, text(label)), *statements])

    def record(
        self, name: str, kind: str, label: str, when: Period, *statements: tuple[str, str], standing: bool = True
    ) -> None:
        """A record with its source, its place in it, its status and its dates."""
        number = sum(name.encode())
        status = ("Documented", "Reported", "Alleged")[number % 3] if standing else "Retracted"
        written = [
            (hrdd("hasStatus"), hrdd(status)),
            (hrdd("statedIn"), node(f"source/{number % _SOURCES}")),
            (hrdd("locator"), f'"p. {number % 300}"'),
            (hrdd("startEarliest"), day(when.start[0])),
            (hrdd("startLatest"), day(when.start[1])),
        ]
        if when.end:
            written += [(hrdd("endEarliest"), day(when.end[0])), (hrdd("endLatest"), day(when.end[1]))]
        classes = (kind, "StandingRecord") if standing else (kind,)
        self.thing(name, classes, label, *written, *statements)

    def tie(self, tie: Tie) -> None:
        """A relationship, and the direct property that follows from it."""
        first, second, direct = _ENDS[tie.kind]
        giver, taker = node(tie.giver), node(tie.taker)
        ends = [(hrdd(first), giver), (hrdd(second), taker), (hrdd("linksFrom"), giver), (hrdd("linksTo"), taker)]
        self.record(tie.name, tie.kind, f"{tie.kind} of {tie.taker} and {tie.giver}", tie.period, *ends)
        self.write(giver, [(hrdd(direct), taker)])


def write_reference(writer: Writer) -> None:
    """What every block refers to: countries, topics, standards, sources, and the day for SHACL engines."""
    for code in COUNTRIES:
        writer.thing(f"country/{code}", ["Country"], f"Country {code}")
    for narrower, broader in BROADER.items():
        writer.write(topic(narrower), [(_TYPE, hrdd("Topic")), (_BROADER, topic(broader))])
    for name, covered in STANDARDS.items():
        types = [(_TYPE, hrdd(kind)) for kind in ("Standard", "Instrument")]
        writer.write(f"<{_STD}{name}>", [*types, (_LABEL, text(name)), (hrdd("coversTopic"), topic(covered))])
    for number in range(_SOURCES):
        writer.thing(f"source/{number}", ["Source"], f"Report {number}")
    writer.write("_:evaluation", [(_TYPE, hrdd("Evaluation")), (hrdd("asOf"), day(DAY))])


def write_block(writer: Writer, block: Block) -> None:
    """One value chain with everything on record about it."""
    country = node(f"country/{COUNTRIES[block.number % len(COUNTRIES)]}")
    always = Period((date(2000, 1, 1), date(2000, 12, 31)))
    for cluster in block.clusters:
        writer.thing(cluster, ["IndustrialCluster"], f"The {cluster}", (hrdd("locatedIn"), country))
    indigenous, workers = (f"group/{block.number}-{kind}" for kind in ("indigenous", "workers"))
    writer.thing(indigenous, ["RightsHolderGroup"], "A people", (hrdd("hasVulnerability"), hrdd("IndigenousIdentity")))
    writer.thing(workers, ["RightsHolderGroup"], "Workers", (hrdd("hasVulnerability"), hrdd("HomeBased")))
    writer.thing(f"instrument/{block.number}", ["Instrument"], "A code", (hrdd("coversTopic"), topic("labour")))
    for firm in block.firms:
        _write_firm(writer, firm, country, always)
    for tie in (*block.supplies, *block.ownerships):
        writer.tie(tie)
    for impact in block.impacts:
        _write_impact(writer, impact, country, indigenous if impact.indigenous else workers)
    _write_commitments(writer, block)
    _write_due_diligence(writer, block, always, indigenous)


def _write_firm(writer: Writer, firm: Firm, country: str, always: Period) -> None:
    writer.thing(firm.name, ["Firm", firm.kind], f"Works {firm.name}", (hrdd("isBasedIn"), country))
    if firm.cluster:
        writer.tie(Tie(f"{firm.name}-membership", "ClusterMembership", firm.name, firm.cluster, always))
    if firm.site:
        within = (hrdd("locatedIn"), node(firm.cluster)), (hrdd("locatedIn"), country)
        writer.thing(firm.site, ["Site"], f"Plant {firm.site}", *within)
        writer.tie(Tie(f"{firm.name}-operation", "Operation", firm.name, firm.site, always))


def _write_impact(writer: Writer, impact: Impact, country: str, group: str) -> None:
    name = impact.name
    said: list[tuple[str, str]] = [(hrdd("affects"), node(group)), (hrdd("infringes"), f"<{PREFIXES['udhr']}23.1>")]
    said += [(hrdd("concernsTopic"), topic(one)) for one in sorted(impact.topics)]
    said += [(hrdd("occurredIn"), node(place)) for place in impact.places]
    said += [(hrdd("occurredIn"), country)] if impact.places else []
    said.append((hrdd("hasSeverity"), node(f"{name}-severity")))
    said += [(hrdd("hasInvolvement"), node(f"{name}-party-{i}")) for i in range(len(impact.parties))]
    said.append((hrdd("hasEvidence"), node(f"{name}-evidence")))
    writer.record(name, impact.kind, f"What is told in {name}", impact.when, *said, standing=impact.standing)
    grade = "HighGrade" if impact.severe else "LowGrade"
    graded = (hrdd("hasGrade"), hrdd(grade)), (hrdd("inDimension"), hrdd("Scale"))
    writer.thing(f"{name}-severity", ["SeverityAssessment"], "Severity", *graded)
    writer.thing(f"{name}-evidence", ["Evidence"], "Evidence", (hrdd("drawnFrom"), node(f"source/{len(name)}")))
    for i, (party, mode) in enumerate(impact.parties):
        involved = (hrdd("ofParty"), node(party)), (hrdd("hasMode"), hrdd(mode)), (hrdd("hasBasis"), hrdd("Stated"))
        writer.thing(f"{name}-party-{i}", ["Involvement"], "Involvement", *involved)
    about = (hrdd("respondsTo"), node(name))
    for remedy in impact.remedies:
        accepted = hrdd("Rejected" if remedy.rejected else "Accepted")
        status = (hrdd("hasRemediationStatus"), hrdd(remedy.status)), (hrdd("hasAcceptance"), accepted)
        writer.record(f"{name}-{remedy.name}", "Remediation", f"Remedy for {name}", remedy.when, about, *status)
    for actor in impact.actors:
        taken = (hrdd("takenBy"), node(actor))
        writer.record(f"{name}-exit", "Disengagement", "Exit", Period((date(2023, 1, 1),) * 2), about, taken)
    for speaker in impact.speakers:
        taken = (hrdd("takenBy"), node(speaker))
        writer.record(f"{name}-statement", "Statement", "Reply", Period((date(2023, 1, 1),) * 2), about, taken)
    if impact.knowledge:
        lacking = (hrdd("lacks"), hrdd("Remediation")), (hrdd("concerns"), node(name))
        writer.record(f"{name}-absence", impact.knowledge, "No remedy told", impact.when, *lacking)


def _write_commitments(writer: Writer, block: Block) -> None:
    for certificate in block.certificates:
        covered = topic(STANDARDS[certificate.standard])
        said = [(hrdd("madeBy"), node(certificate.holder)), (hrdd("commitsTo"), f"<{_STD}{certificate.standard}>")]
        said.append((hrdd("coversTopic"), covered))
        said += [(hrdd("coversSite"), node(certificate.site))] if certificate.site else []
        writer.record(certificate.name, "Certification", f"Certificate {certificate.name}", certificate.period, *said)
    for code in block.codes:
        made = (hrdd("madeBy"), node(code.holder)), (hrdd("commitsTo"), node(f"instrument/{block.number}"))
        writer.record(code.name, "CodeAdoption", f"Code of {code.holder}", code.period, *made)
        if code.monitoring:
            seen = (hrdd("examines"), node(code.name)), (hrdd("hasStrength"), hrdd(code.monitoring))
            writer.record(f"{code.name}-monitoring", "Monitoring", "Monitoring", Period((date(2021, 1, 1),) * 2), *seen)


def _write_due_diligence(writer: Writer, block: Block, always: Period, indigenous: str) -> None:
    for seen in sorted(block.assessed):
        looked = (hrdd("examines"), node(seen))
        writer.record(f"assessment/{block.number}/{seen}", "ImpactAssessment", "Assessment", always, looked)
    for matter in sorted(block.consulted):
        told = (hrdd("examines"), node(matter)), (hrdd("consults"), node(indigenous))
        free = (hrdd("freePriorInformed"), f'"true"^^<{_XSD}boolean>')
        writer.record(f"consultation/{matter}", "Consultation", "Consultation", always, *told, free)


def generate(triples: int, folder: Path, seed: int = 7) -> tuple[Path, Path]:
    """Write a world of at least so many triples; gives the paths of the graph and of its gaps."""
    folder.mkdir(parents=True, exist_ok=True)
    graph, gaps = folder / f"world-{triples}.nt", folder / f"world-{triples}.truth.tsv"
    heads: list[Head] = []
    with graph.open("w", encoding="utf-8") as stream, gaps.open("w", encoding="utf-8") as known:
        writer = Writer(stream)
        write_reference(writer)
        number = 0
        while writer.count < triples:
            block = make_block(seed, number, heads)
            write_block(writer, block)
            known.writelines("\t".join(gap) + "\n" for gap in truth_of(block))
            heads = [*heads, head_of(block)][-_HEADS_KEPT:]
            number += 1
    return graph, gaps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("triples", type=int, help="how many, at least")
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--seed", type=int, default=7, help="another seed gives another world (default: 7)")
    arguments = parser.parse_args()
    for path in generate(arguments.triples, arguments.folder, arguments.seed):
        print(path)


if __name__ == "__main__":
    main()
