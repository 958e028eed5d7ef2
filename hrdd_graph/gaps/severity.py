"""How grave an impact is: its scale, scope and irremediability (UN Guiding Principle 14), and how likely it is.

The three dimensions stay apart, each with its grade and the basis of it. A dimension without an assessment is unknown,
and unknown is never read as low.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hrdd_graph.namespaces import HRDD, PREFIXES
from hrdd_graph.rules import SEVERITY_ORDER
from hrdd_graph.terms import Iri, Literal, Term, sparql_text
from hrdd_graph.view import View

DIMENSIONS = ("scale", "scope", "irremediability")
OCCURRED = "occurred"  # the likelihood of an abuse: it has happened
_GRADES: Mapping[Term, str] = {HRDD.HighGrade: "high", HRDD.ModerateGrade: "moderate", HRDD.LowGrade: "low"}
_DIMENSION: Mapping[Term, str] = {HRDD.Scale: "scale", HRDD.Scope: "scope", HRDD.Irremediability: "irremediability"}
_ORDER = ("low", "moderate", "high")


@dataclass(frozen=True, order=True)
class Grading:
    """One assessment: ``grade`` is high, moderate or low; ``basis`` a local name such as Stated or Curated; ``words``
    and ``rationale`` are the assessment and its reason in words, empty where none are on record.
    """

    grade: str
    basis: str = ""
    words: str = ""
    rationale: str = ""


@dataclass(frozen=True)
class Impact:
    """An impact's assessments by dimension, and of its likelihood (``occurred`` for an abuse)."""

    iri: str
    gradings: Mapping[str, tuple[Grading, ...]] = field(default_factory=dict)
    likelihoods: tuple[Grading, ...] = ()
    occurred: bool = False

    def grade(self, dimension: str) -> str:
        """The gravest grade on record in a dimension; empty where there is not enough evidence."""
        return _gravest(self.gradings.get(dimension, ()))

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades in the order of ``DIMENSIONS``."""
        return tuple(self.grade(dimension) for dimension in DIMENSIONS)

    @property
    def likelihood(self) -> str:
        """``occurred``, a grade, or empty where there is not enough evidence."""
        return OCCURRED if self.occurred else _gravest(self.likelihoods)


def read_impacts(view: View, only: Iterable[str] = ()) -> dict[str, Impact]:
    """Every standing impact of the view with its assessments, or only those named, by address; two queries."""
    prefix = f"PREFIX hrdd: <{PREFIXES['hrdd']}> "
    names = " ".join(sparql_text(Iri(iri)) for iri in sorted(only))
    some = f"VALUES ?impact {{ {names} }} " if names else ""
    kinds = view.select(
        prefix + "SELECT DISTINCT ?impact ?abuse WHERE { " + some + "?impact a hrdd:Impact , hrdd:StandingRecord "
        "OPTIONAL { ?impact a ?abuse . FILTER ( ?abuse = hrdd:Abuse ) } }"
    )
    found: dict[str, dict[str, set[Grading]]] = defaultdict(lambda: defaultdict(set))
    rows = view.select(
        prefix
        + "SELECT ?impact ?dimension ?grade ?basis ?words ?rationale WHERE { "
        + some
        + "{ ?impact hrdd:hasSeverity ?node . ?node hrdd:inDimension ?dimension ; hrdd:hasGrade ?grade } "
        "UNION { ?impact hrdd:hasLikelihood ?node . ?node hrdd:hasGrade ?grade } "
        "OPTIONAL { ?node hrdd:hasBasis ?basis } OPTIONAL { ?node hrdd:assessment ?words } "
        "OPTIONAL { ?node hrdd:rationale ?rationale } }"
    )
    for impact, dimension, grade, basis, words, rationale in rows.rows:
        name = _DIMENSION.get(dimension, "") if dimension is not None else "likelihood"
        if isinstance(impact, Iri) and grade in _GRADES and name:
            local = basis.value.removeprefix(PREFIXES["hrdd"]) if isinstance(basis, Iri) else ""
            told = [t.value if isinstance(t, Literal) else "" for t in (words, rationale)]
            found[impact.value][name].add(Grading(_GRADES[grade], local, *told))  # type: ignore[index]  # looked up above
    return {
        impact.value: Impact(
            impact.value,
            {d: tuple(sorted(found[impact.value][d])) for d in DIMENSIONS if found[impact.value][d]},
            tuple(sorted(found[impact.value]["likelihood"])),
            abuse is not None,
        )
        for impact, abuse in kinds.rows
        if isinstance(impact, Iri)
    }


def adjusted(severity: str, impact: Impact | None) -> tuple[str, str]:
    """A rule's severity raised or lowered by the impact that a finding is about, and the reason in words.

    One step up where a dimension is high: an impact need not be grave in more than one way to be severe (UN Guiding
    Principle 14, commentary). One step down only where all three are on record and low. The reason is empty where
    nothing changes.
    """
    if impact is None:
        return severity, ""
    place = SEVERITY_ORDER.index(severity)
    high = [dimension for dimension in DIMENSIONS if impact.grade(dimension) == "high"]
    if high and place > 0:
        return SEVERITY_ORDER[place - 1], f"raised from {severity}: the impact is high in {' and '.join(high)}"
    if set(impact.grades) == {"low"} and place < len(SEVERITY_ORDER) - 1:
        return SEVERITY_ORDER[
            place + 1
        ], f"lowered from {severity}: the impact is low in scale, scope and irremediability"
    return severity, ""


def _gravest(gradings: tuple[Grading, ...]) -> str:
    return max((g.grade for g in gradings), key=_ORDER.index, default="")
