"""Gap rules: each SHACL file in ``shapes/gaps/`` read into an object. The file is the only place where a rule lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import HRDD, PREFIXES, RDFS, SH, SKOS
from hrdd_graph.ontology import read_turtle
from hrdd_graph.resources import Resources
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.prebinding import declared_prefixes
from hrdd_graph.shacl.targets import Target, read_targets, target_pattern
from hrdd_graph.speech import best
from hrdd_graph.terms import Iri, Literal, Term

SEVERITIES: Mapping[str, str] = {SH.Violation.value: "high", SH.Warning.value: "medium", SH.Info.value: "low"}
SEVERITY_ORDER = ("high", "medium", "low")

_PRINCIPLE = PREFIXES["ungp"]
_PRINCIPLES = 31
_OF_STATES = range(1, 11)  # their duty to protect
_LAST = (2 * _PRINCIPLES, "")


@dataclass(frozen=True)
class Rule:
    """A gap rule.

    ``select`` is its SHACL-SPARQL query without prefixes. Texts are kept by language. ``identifying`` names the
    variables that, with the focus node, make two findings different; all others explain. ``impact`` names the variable
    that stands for the one impact that a finding is about ("this" for the focus), and is empty where there is none.
    """

    name: str
    iri: str
    path: Path
    severity: str
    version: str
    since: str
    label: Mapping[str, str]
    definition: Mapping[str, str]
    advice: Mapping[str, str]
    settled_by: Mapping[str, str]
    message: Mapping[str, str]
    provisions: tuple[str, ...]
    targets: tuple[Target, ...]
    select: str
    prefixes: Mapping[str, str]
    identifying: tuple[str, ...]
    impact: str
    active: bool

    @cached_property
    def sort_key(self) -> tuple[int, tuple[int, str], str]:
        """The gravest first; then in the order of the Guiding Principles, so that what a firm does itself comes before
        what it is linked to, its processes and remedy; then by name.
        """
        return SEVERITY_ORDER.index(self.severity), min(map(_place, self.provisions), default=_LAST), self.name

    def text(self, field: str, language: str = "en") -> str:
        """One of the rule's texts in a language, or in English where it has none."""
        texts: Mapping[str, str] = getattr(self, field)
        return texts.get(best(texts, language), "")


def _place(provision: str) -> tuple[int, str]:
    """Where a provision stands among the Guiding Principles, those of states after those of firms and of remedy."""
    number, _, letter = provision.removeprefix(_PRINCIPLE).partition(".")
    if not provision.startswith(_PRINCIPLE) or not number.isdigit():
        return _LAST
    return int(number) + _PRINCIPLES * (int(number) in _OF_STATES), letter


def read_rules(resources: Resources) -> tuple[Rule, ...]:
    """Every gap rule, by name. Raises ``UnusableInput`` with the problems of all broken files."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path in sorted((resources.shapes / "gaps").glob("*.ttl")):
        try:
            rules.append(read_rule(path))
        except UnusableInput as error:
            problems += error.problems
    if problems:
        raise UnusableInput(problems)
    return tuple(rules)


def read_rule(path: Path) -> Rule:
    """Read one gap rule. Raises ``UnusableInput`` saying what the file lacks."""
    facts = Facts(read_turtle(path))
    shapes = facts.of_type(HRDD.GapRule)
    if len(shapes) != 1 or not isinstance(shapes[0], Iri):
        raise UnusableInput.one(
            path, "declares no hrdd:GapRule, or several.", fix="Declare exactly one, with an address."
        )
    shape = shapes[0]
    problems: list[Problem] = []

    def objects(subject: Term, predicate: Iri) -> list[Term]:
        return sorted(facts.objects(subject, predicate), key=str)

    def lacks(what: str, fix: str) -> None:
        problems.append(Problem(str(path), 0, "", what, fix))

    def texts(subject: Term, predicate: Iri) -> dict[str, str]:
        found = {o.language or "en": o.value.strip() for o in objects(subject, predicate) if isinstance(o, Literal)}
        if "en" not in found:
            lacks(f"has no {predicate.value.rpartition('#')[2]} in en.", "Add it with its language tag.")
        return found

    def one(subject: Term, predicate: Iri, default: str = "") -> str:
        found = objects(subject, predicate)
        if len(found) != 1 and not default:
            lacks(f"needs exactly one {predicate.value.rpartition('#')[2]}.", "Add it.")
        return found[0].value if found else default

    name = shape.value.removeprefix(PREFIXES["gap"])
    if name != path.stem:
        lacks(f"declares {shape.value}, which does not match the file's name.", f"Call it gap:{path.stem}.")
    severity = SEVERITIES.get(one(shape, SH.severity), "")
    if not severity:
        lacks(
            "has a severity that is none of SHACL's.", "Use sh:Violation (high), sh:Warning (medium) or sh:Info (low)."
        )
    targets: tuple[Target, ...] = ()
    try:
        targets = read_targets(facts, shape)
        target_pattern(targets, Hierarchy())
        if not targets:
            lacks("has no target.", "Say what it looks at, with sh:targetClass for instance.")
    except ValueError as error:
        lacks(f"has a target that cannot be used: {error}", "Use sh:targetClass, or an sh:select with its sh:prefixes.")
    constraints = objects(shape, SH.sparql)
    if len(constraints) != 1:
        lacks("needs exactly one sh:sparql constraint.", "Write its query there.")
        raise UnusableInput(problems)
    constraint = constraints[0]
    deactivated = one(shape, SH.deactivated, "false")
    rule = Rule(
        name=name,
        iri=shape.value,
        path=path,
        severity=severity,
        version=one(shape, HRDD.ruleVersion),
        since=one(shape, HRDD.since),
        label=texts(shape, RDFS.label),
        definition=texts(shape, SKOS.definition),
        advice=texts(shape, HRDD.advice),
        settled_by=texts(shape, HRDD.settledBy),
        message=texts(constraint, SH.message),
        provisions=tuple(o.value for o in objects(shape, HRDD.invokes)),
        targets=targets,
        select=one(constraint, SH["select"]),
        prefixes=declared_prefixes(facts, constraint) or PREFIXES,  # ours, as in shapes/prefixes.ttl
        identifying=tuple(o.value for o in objects(shape, HRDD.identifyingVariable)),
        impact=one(shape, HRDD.impactVariable, "none").removeprefix("none"),
        active=deactivated != "true",
    )
    if problems:
        raise UnusableInput(problems)
    return rule
