"""Why a rule finds something about a node, or why not: its conditions one after the other, each with what is on record.

The conditions are put together in the order of the rule. One that nothing meets is set aside, and those after it are
judged beside the ones that hold; a condition that speaks of what the failed one would have bound cannot be judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hrdd_graph.gaps.compile import CompiledRule, compile_rule
from hrdd_graph.gaps.conditions import Condition, denial, open_names, read_conditions, visible
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.namespaces import sparql_prologue
from hrdd_graph.presence import check_present
from hrdd_graph.rules import Rule
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.targets import target_pattern
from hrdd_graph.sparql.antijoins import rewrite
from hrdd_graph.sparql.groups import Element, Group, Opaque, render
from hrdd_graph.terms import Iri, Term, order_key, sparql_text
from hrdd_graph.view import View

_ROWS = 200  # of solutions that are read for one condition
_SHOWN = 5  # of solutions that are shown
_STATED = Hierarchy()

Bindings = Mapping[str, Term]


@dataclass(frozen=True)
class Verdict:
    """What became of one condition.

    ``outcome`` is ``holds``, ``fails`` or ``open`` (it rests on what another would have bound). ``found`` are the
    bindings that it adds where it holds, ``cleared_by`` those of the pattern that should not have matched and did.
    Where it fails, ``missing`` is the first part of it that nothing on record meets, as it stands in the query, and
    ``nearest`` what is on record up to there. ``together`` says whether all conditions up to this one hold at once.
    """

    condition: Condition
    outcome: str
    together: bool
    found: tuple[Bindings, ...] = ()
    cleared_by: tuple[Bindings, ...] = ()
    missing: str = ""
    nearest: tuple[Bindings, ...] = ()


@dataclass(frozen=True)
class Why:
    """Why a rule finds something about a node, or why not.

    ``is_target`` is false where the rule does not look at such a node at all, and then there are no verdicts; ``kinds``
    are the node's own classes, none where the view says nothing of it.
    """

    rule: Rule
    focus: Iri
    is_target: bool
    kinds: tuple[Iri, ...]
    verdicts: tuple[Verdict, ...]
    run: Run

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.run.findings

    def terms(self) -> set[Term]:
        """Every term in it, to be named."""
        rows = [r for v in self.verdicts for some in (v.found, v.cleared_by, v.nearest) for r in some]
        return {self.focus, *self.kinds, *(t.value for t in self.rule.targets), *(t for r in rows for t in r.values())}


def why(view: View, rule: Rule, focus: Iri, *, language: str = "en") -> Why:
    """Judge each condition of a rule for one node. Raises ``UnusableInput`` where the view says nothing of the node."""
    kinds = _kinds(view, focus)
    if not kinds:
        check_present(view, [focus], "--focus")
    start = Opaque(
        f"VALUES ?this {{ {sparql_text(focus)} }} {target_pattern(rule.targets, _STATED)}",
        frozenset({"this"}),
        frozenset({"this"}),
    )
    is_target = bool(_rows(view, compile_rule(rule), (start,), ("this",)))
    run = run_rules(view, [rule], focus=[focus], language=language)
    verdicts = tuple(_judge(view, compile_rule(rule), start)) if is_target else ()
    return Why(rule, focus, is_target, kinds, verdicts, run)


def _judge(view: View, compiled: CompiledRule, start: Element) -> Iterable[Verdict]:
    conditions = read_conditions(compiled, view.as_of).conditions
    held: tuple[Element, ...] = (start,)
    failed: list[Condition] = []
    for condition in conditions:
        lost = {name for other in failed for name in visible(other.elements)} - visible(held)
        positive = Group(tuple(e for e in condition.elements if denial(e) is None))
        if (lost & Group(condition.elements).mentioned) - positive.certain:
            yield Verdict(condition, "open", together=False)
            continue
        cleared = _cleared(view, compiled, held, condition)
        together = (*held, *condition.elements)
        rows = _rows(view, compiled, together, sorted(visible(condition.elements) - {"this"}))
        if rows:
            held = together
            yield Verdict(condition, "holds", not failed, _shown(rows), cleared)
        else:
            missing, nearest = _first_missing(view, compiled, held, condition)
            failed.append(condition)
            yield Verdict(condition, "fails", together=False, cleared_by=cleared, missing=missing, nearest=nearest)


def _cleared(
    view: View, compiled: CompiledRule, held: tuple[Element, ...], condition: Condition
) -> tuple[Bindings, ...]:
    """What matches the patterns that must not match, for whatever the rest of the condition finds."""
    rest = tuple(element for element in condition.elements if denial(element) is None)
    found: list[Bindings] = []
    for exists in condition.denials:
        outside = visible((*held, *rest))
        inside = exists.group.visible - outside
        # Those variables from around it that it speaks of say for what it cleared.
        about = (exists.group.mentioned & outside) - {"this"}
        found += _rows(view, compiled, (*held, *rest, *exists.group.elements), sorted(inside | about))
    return _shown(found)


def _first_missing(
    view: View, compiled: CompiledRule, held: tuple[Element, ...], condition: Condition
) -> tuple[str, tuple[Bindings, ...]]:
    """The first part of a condition that nothing meets, and what is on record before it.

    Parts are taken from the node outwards, and nothing is shown that is not tied to the node: what is on record about
    others says nothing about this one.
    """
    done = held
    rows: tuple[Bindings, ...] = ()
    tied = visible(held)
    waiting = list(condition.parts)
    while waiting:
        # A filter waits for what binds its variables.
        ready = [part for part in waiting if _is_ready(part, waiting, done)] or waiting
        part = next((part for part in ready if Group((part,)).mentioned & tied), ready[0])
        waiting.remove(part)
        if Group((part,)).mentioned & tied:
            tied |= visible((part,))
        now = _rows(view, compiled, (*done, part), sorted((visible((*done, part)) & tied) - visible(held)))
        if not now:
            return render(part).removesuffix(" ."), _shown(rows)
        done, rows = (*done, part), now
    return "", _shown(rows)


def _is_ready(part: Element, waiting: list[Element], done: tuple[Element, ...]) -> bool:
    others = tuple(each for each in waiting if each is not part)
    return not (open_names(part) & Group(others).visible) - visible(done)


def _rows(
    view: View, compiled: CompiledRule, elements: tuple[Element, ...], names: Iterable[str]
) -> tuple[Bindings, ...]:
    """The solutions of elements put together: each once, in a stable order, and no more than are needed."""
    shown = " ".join(f"?{name}" for name in names) or "?this"
    prologue = compiled.prologue or sparql_prologue()
    rows = view.select(f"{prologue}SELECT DISTINCT {shown} WHERE {rewrite(Group(elements))} LIMIT {_ROWS}").dicts()
    return tuple(sorted(rows, key=lambda row: [(name, order_key(term)) for name, term in sorted(row.items())]))


def _shown(rows: Iterable[Bindings]) -> tuple[Bindings, ...]:
    return tuple(row for row in rows if row.keys() - {"this"})[:_SHOWN]


def _kinds(view: View, focus: Iri) -> tuple[Iri, ...]:
    rows = view.select(f"SELECT DISTINCT ?kind WHERE {{ {focus} a ?kind }}").rows
    return tuple(sorted((row[0] for row in rows if isinstance(row[0], Iri)), key=lambda kind: kind.value))
