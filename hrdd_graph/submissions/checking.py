"""Whether a submission may be kept, and whether a public view may show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.intake.known import Known
from hrdd_graph.intake.save import Description, Saved, root_of
from hrdd_graph.namespaces import DCAT, DCTERMS, HOME, HRDD, IDS, PREFIXES, RDF, SH, compact
from hrdd_graph.ontology import STANDARD_KEYS, is_term, read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.shacl import ShapeResult, check_shapes
from hrdd_graph.submissions.letter import ACCESS, CONSENT, RISK, Letter
from hrdd_graph.terms import Iri, Literal, Quad, Triple

_DAY = Iri(PREFIXES["xsd"] + "date")
_MOST_PROBLEMS = 100  # that one answer tells


@dataclass(frozen=True)
class Remark:
    """Something that a check says of a node: what is wrong or would be better, and what to do."""

    about: str
    what: str
    fix: str = ""

    def document(self) -> dict[str, str]:
        return {key: value for key, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Check:
    """``withheld``: why a public view may not show it as it is. ``advice``: what a good record would have.

    ``shared``: things that the graph has already and that the submission says something of.
    """

    withheld: tuple[Remark, ...]
    advice: tuple[Remark, ...]
    shared: tuple[str, ...]


def check(
    quads: Iterable[Quad],
    graph: str,
    resources: Resources,
    scratch: Path,
    gone: Callable[[str], bool],
    readable: frozenset[str],
) -> Check:
    """Check statements against the ontology, the graph, and the record and release shapes.

    ``gone`` tells addresses that a withdrawn graph had; the restricted graphs in ``readable`` are known too. Raises
    ``UnusableInput`` with everything for which the statements cannot be kept at all.
    """
    quads = list(quads)
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    name = graph.rpartition("/")[2]
    about = Description(name, "", "", "", "", "", public=False)  # whether it will be public is not decided yet
    known = Known(resources, vocabulary, Saved(scratch, name), about, readable)
    problems = [*_misplaced(quads, known, gone), *_unknown_terms(quads, resources)]
    beside = frozenset(q.subject.value for q in quads if isinstance(q.subject, Iri))
    for quad in quads:
        if isinstance(quad.object, Iri) and quad.object.value not in beside and not known.has(quad.object):
            what = f"points to {compact(quad.object.value)}, which nothing describes."
            problems.append(_problem(quad, what, "Describe it, or mend the address."))
    if not quads:
        problems.append(Problem("data", 0, "", "holds no statement.", "Send at least one record."))
    if problems:
        raise UnusableInput(_few(problems))
    around = list(known.around(quad.object.value for quad in quads if isinstance(quad.object, Iri)))
    records = check_shapes(resources.shapes / "records", quads, around, vocabulary)
    release = check_shapes(resources.shapes / "release", quads, around, vocabulary)
    broken = [Problem("data", 0, compact(r.focus), r.message, r.fix) for r in records if _is_violation(r)]
    if broken:
        raise UnusableInput(_few(broken))
    return Check(
        tuple(_remark(r) for r in release if _is_violation(r)),
        tuple(dict.fromkeys(_remark(r) for r in (*records, *release) if not _is_violation(r))),
        tuple(sorted(name for name in {root_of(Iri(n)) for n in beside} if known.has(Iri(name)))),
    )


def obstacles(letter: Letter, access: str, day: date, resources: Resources) -> tuple[list[Remark], list[Remark]]:
    """What the release shapes say of showing a submission with this letter from a day on: refusals, and warnings."""
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    results = check_shapes(resources.shapes / "release", letter_triples(letter, access, day), (), vocabulary)
    refused = [_remark(r) for r in results if _is_violation(r)]
    return refused, [_remark(r) for r in results if not _is_violation(r)]


def letter_triples(letter: Letter, access: str, day: date) -> list[Triple]:
    """The letter as the catalogue would say it."""
    dataset = Iri(HOME + "dataset/submission")
    found = [
        Triple(dataset, RDF.type, DCAT.Dataset),
        Triple(dataset, HRDD.hasAccess, HRDD[ACCESS[access]]),
        Triple(dataset, HRDD.hasConsent, HRDD[CONSENT[letter.consent]]),
        Triple(dataset, HRDD.hasReprisalRisk, HRDD[RISK[letter.risk]]),
        Triple(dataset, DCTERMS.issued, Literal(day.isoformat(), datatype=_DAY)),
    ]
    if letter.embargo:
        found.append(Triple(dataset, HRDD.embargoedUntil, Literal(letter.embargo, datatype=_DAY)))
    return found


def _misplaced(quads: list[Quad], known: Known, gone: Callable[[str], bool]) -> Iterable[Problem]:
    for subject in dict.fromkeys(quad.subject for quad in quads):
        if not isinstance(subject, Iri):
            yield Problem("data", 0, str(subject), "is no address.", "Say it of a node with an address.")
            continue
        root = root_of(subject)
        kind, _, slug = root.removeprefix(IDS).partition("/")
        if not root.startswith(IDS) or not kind or not slug:
            what = f"is not below {IDS}, and nothing else can be described here."
            yield Problem("data", 0, compact(subject.value), what, f"Use {IDS}kind/your-name.")
        elif gone(root):
            what = "was the address of something that was withdrawn; an address is never used again."
            yield Problem("data", 0, compact(subject.value), what, "Give it another.")
        elif known.is_record(root):
            what = "is a record of another source, which nobody else can change."
            fix = "Make a record of your own at a new address, also where you correct yourself."
            yield Problem("data", 0, compact(subject.value), what, fix)


def _unknown_terms(quads: list[Quad], resources: Resources) -> Iterable[Problem]:
    """Properties and classes outside the ontology: what is not on the list does not come in."""
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    prefix = PREFIXES["hrdd"]
    standard = {each["@id"] if isinstance(each, dict) else each for each in STANDARD_KEYS.values()} | {RDF.type.value}
    for quad in quads:
        if isinstance(quad.object, Triple):
            yield _problem(quad, "holds a statement about a statement.", "Describe it as a record.")
            continue
        predicate, value = quad.predicate.value, quad.object
        ours = predicate.startswith(prefix) and predicate.removeprefix(prefix) in vocabulary.properties
        if predicate not in standard and not ours:
            what = f"has {compact(predicate)}, which is no property of the ontology."
            yield _problem(quad, what, "/ontology lists those that there are.")
        if quad.predicate == RDF.type and not (isinstance(value, Iri) and is_term(value.value, vocabulary)):
            what = f"is of type {compact(value.value)}, which is no class of the ontology."
            yield _problem(quad, what, "/ontology lists those that there are.")


def _problem(quad: Quad, what: str, fix: str) -> Problem:
    return Problem("data", 0, compact(getattr(quad.subject, "value", "")), what, fix)


def _few(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(set(problems))[:_MOST_PROBLEMS]


def _is_violation(result: ShapeResult) -> bool:
    return result.severity == SH.Violation.value


def _remark(result: ShapeResult) -> Remark:
    return Remark(compact(result.focus), result.message, result.fix)
