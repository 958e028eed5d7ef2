"""The list of gaps as a page: what may be narrowed down by what, which page of it, and where the links lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hrdd_api.rendering import with_query
from hrdd_graph.gaps.counts import Counts, Value
from hrdd_graph.gaps.facets import FACETS
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.namespaces import compact
from hrdd_graph.rules import SEVERITY_ORDER, Rule

PAGE = 40  # findings on one page
_SHOWN = 8  # values of a facet before the reader opens the rest
_SHORT = {"principle": "ungp:", "right": "udhr:", "topic": "topic:", "country": "country:", "regime": "regime:"}


@dataclass(frozen=True)
class Choice:
    """A value that the reader may choose or let go of, and where the link that does so leads."""

    label: str
    count: int
    chosen: bool
    to: str


@dataclass(frozen=True)
class Group:
    """A facet with its values: the first few, and the rest."""

    name: str
    first: list[Choice]
    rest: list[Choice]

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in [*self.first, *self.rest] if choice.chosen]


@dataclass(frozen=True)
class Pages:
    """Which page of the list this is, of how many, and the addresses of its neighbours."""

    number: int
    of: int
    before: str
    after: str


@dataclass(frozen=True)
class Asked:
    """What the reader asked for, as it stands in the address; every link of the page is made from it."""

    path: str
    single: Mapping[str, str]
    many: Mapping[str, Sequence[str]]

    def address(self, **changes: Any) -> str:
        """The address with some parameters changed. Any change leads to the first page, unless it names one."""
        given: dict[str, Any] = {name: list(values) for name, values in self.many.items()}
        return with_query(self.path, **{**given, **self.single, **changes})

    def toggled(self, name: str, value: str) -> str:
        """The address with a value of a facet chosen, or let go of where it was."""
        values = list(self.many.get(name, ()))
        kept = [each for each in values if each != value]
        return self.address(**{name: kept if len(kept) < len(values) else [*values, value]})


def groups(
    asked: Asked,
    counts: Counts,
    findings: Sequence[Finding],
    chosen: Mapping[str, frozenset[str]],
    rules: Sequence[Rule],
    language: str,
) -> list[Group]:
    """Every facet with its values. ``findings`` are those of all rules and severities; ``chosen`` has those too."""
    kept = counts.narrowed(findings, {name: chosen[name] for name in FACETS if name in chosen})
    severity, rule = asked.single.get("severity", ""), set(asked.many.get("rule", ()))
    up_to = SEVERITY_ORDER[: SEVERITY_ORDER.index(severity) + 1] if severity else SEVERITY_ORDER
    graded = [f for f in kept if f.severity in up_to]
    of_rule = [f for f in kept if not rule or f.rule.name in rule]
    levels = [
        Choice(
            name,
            sum(f.severity in SEVERITY_ORDER[: number + 1] for f in of_rule),
            name == severity,
            asked.address(severity="" if name == severity else name),
        )
        for number, name in enumerate(SEVERITY_ORDER)
    ]
    named = [
        Value(r.name, r.text("label", language), sum(f.rule.name == r.name for f in graded), r.name in rule)
        for r in rules
    ]
    named.sort(key=lambda v: (not v.chosen, -v.count, v.label.casefold()))
    left = [f for f in graded if not rule or f.rule.name in rule]
    return [
        Group("severity", levels, []),
        _group(asked, "rule", [value for value in named if value.count or value.chosen]),
        *(_group(asked, name, counts.of(name, left, chosen)) for name in FACETS),
    ]


def _group(asked: Asked, name: str, values: Sequence[Value]) -> Group:
    choices = [Choice(v.label, v.count, v.chosen, asked.toggled(name, _written(name, v.value))) for v in values]
    return Group(name, choices[:_SHOWN], choices[_SHOWN:])


def _written(name: str, value: str) -> str:
    """A value as it stands in an address: as short as it may be."""
    return compact(value).removeprefix(_SHORT.get(name, "id:")).removeprefix(f"{name}/")


def written(name: str, values: frozenset[str] | Sequence[str]) -> list[str]:
    """Values of a facet as they stand in an address, in a stable order."""
    return sorted(_written(name, value) for value in values)


def pages(asked: Asked, number: int, findings: int) -> Pages:
    """The neighbours of a page of the list."""
    of = max(1, -(-findings // PAGE))
    number = min(number, of)
    before = asked.address(page=number - 1 if number > 2 else "") if number > 1 else ""
    return Pages(number, of, before, asked.address(page=number + 1) if number < of else "")
