"""Findings after a change, without evaluating everything again. The result equals that of a full run.

Only rules that can see what changed are asked again, and of them only the focus nodes within reach of it, over the
statements that the rule can look at from there. Where reach cannot be bounded, the whole rule is asked over the whole
view, and the report says so.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from pyoxigraph import Store as Oxigraph

from hrdd_graph.derive import consequences
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.finding import Finding, group_rows
from hrdd_graph.gaps.severity import adjusted, read_impacts
from hrdd_graph.namespaces import HRDD, RDF
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.reach.asked import Asked, in_words
from hrdd_graph.reach.change import Change
from hrdd_graph.reach.climb import find_routes, focus_within_reach, touches
from hrdd_graph.reach.gather import neighbourhood
from hrdd_graph.reach.names import Unbounded
from hrdd_graph.reach.scopes import Scope, scope_of
from hrdd_graph.reach.steps import Graph, Nodes, Walker
from hrdd_graph.rules import Rule
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.targets import target_pattern
from hrdd_graph.store import Scope as Graphs
from hrdd_graph.store import select
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Quad, Term, Triple, sparql_text
from hrdd_graph.view import View

_STATED = Hierarchy()
_FEW = 250  # statements over which a query as written takes less time than reading the same written as joins
_READ: dict[tuple[str, str], Scope] = {}  # by rule and query: the routes through a query are found once


@dataclass(frozen=True)
class Reevaluated:
    """The findings after a change, in the order of a run, and what was asked for them, of these ``rules``."""

    findings: tuple[Finding, ...]
    asked: tuple[Asked, ...]
    rules: tuple[Rule, ...]

    def share(self, view: View) -> float:
        """The pairs of a rule and a focus node that were asked, as a part of those that a full run asks."""
        named = {rule.name: rule for rule in self.rules}
        asked = total = 0
        for each in self.asked:
            pattern = target_pattern(named[each.name].targets, _STATED)
            rows = view.select(f"SELECT (COUNT(DISTINCT ?this) AS ?n) WHERE {{ {pattern} }}").rows
            size = int(rows[0][0].value) if rows and rows[0][0] is not None else 0
            asked, total = asked + (size if each.whole else each.focus), total + size
        return asked / total if total else 0.0

    @property
    def sentence(self) -> str:
        """What was asked, in words."""
        return in_words(self.asked, len(self.rules), "rules")


def change_of(
    before: Mapping[str, Iterable[Quad]],
    after: Mapping[str, Iterable[Quad]],
    vocabulary: Vocabulary,
    background: Iterable[Quad] = (),
    background_after: Iterable[Quad] | None = None,
) -> Change:
    """The change between two states of the named graphs that changed; only these are derived again.

    The backgrounds are as ``consequences`` wants them, before and after. Where a new correction is among them, the
    graph of the record that it corrects is one that changed.
    """
    around = list(background)
    old = {t for quads in before.values() for t in _with_consequences(quads, vocabulary, around)}
    around = around if background_after is None else list(background_after)
    new = {t for quads in after.values() for t in _with_consequences(quads, vocabulary, around)}
    return Change(frozenset(new - old), frozenset(old - new))


def reevaluate(view: View, rules: Iterable[Rule], before: Iterable[Finding], change: Change) -> Reevaluated:
    """The findings of a view after a change, from those before it, in the order of a run.

    ``view`` is as it is now, on the day of before.
    """
    chosen = sorted((rule for rule in rules if rule.active), key=lambda rule: rule.sort_key)
    kept: dict[str, list[Finding]] = {rule.name: [] for rule in chosen}
    for finding in before:
        if finding.rule.name in kept:
            kept[finding.rule.name].append(finding)
    graph = Graph(view)
    asked: list[Asked] = []
    fresh: dict[str, list[Finding]] = {}
    for rule in chosen:
        graph.begin()
        try:
            seen = _seen(rule, change)
            if not seen:
                continue
            focus = _within_reach(rule, seen, Walker(graph, change.removed))
            found = _asked_nearby(view, rule, graph, focus)
            kept[rule.name] = [finding for finding in kept[rule.name] if finding.focus not in focus]
            asked.append(Asked(rule.name, len(focus)))
        except (Unbounded, ValueError) as error:
            found = group_rows(rule, view.select(compile_rule(rule).query(view.as_of)))
            kept[rule.name] = []
            asked.append(Asked(rule.name, whole=str(error)))
        fresh[rule.name] = found
    graph.begin()
    stale = frozenset(node for node in _of_changed_impacts(graph, change) if not _is_new(view, node, change))
    for rule in chosen:
        if again := _about(rule, kept[rule.name], stale):
            fresh.setdefault(rule.name, []).extend(again)
            kept[rule.name] = [finding for finding in kept[rule.name] if finding not in again]
    graded = _graded(view, fresh)
    findings = (_merged(kept[rule.name], graded.get(rule.name, [])) for rule in chosen)
    return Reevaluated(tuple(chain.from_iterable(findings)), tuple(asked), tuple(chosen))


def prepare(rules: Iterable[Rule]) -> None:
    """Read the queries of rules beforehand, and find the ways through them: the first change takes no longer then."""
    for rule in rules:
        find_routes(_scopes(rule))
        compile_rule(rule).query(date.today(), (Iri(rule.iri),))


def _scopes(rule: Rule) -> Scope:
    key = rule.iri, rule.select
    if key not in _READ:
        _READ[key] = scope_of(compile_rule(rule).as_written)
    return _READ[key]


def _classes(rule: Rule) -> frozenset[Term]:
    """The classes that a rule looks at. Raises ``Unbounded`` for another kind of target."""
    if any(target.kind != "targetClass" for target in rule.targets):
        raise Unbounded("its target is no class")
    return frozenset(target.value for target in rule.targets)


def _seen(rule: Rule, change: Change) -> list[Triple]:
    """Those statements of a change that a rule can see at all."""
    classes, scope = _classes(rule), _scopes(rule)
    return [t for t in change.statements if _says_class(t, classes) or touches(scope, t)]


def _within_reach(rule: Rule, seen: Iterable[Triple], walker: Walker) -> Nodes:
    """The focus nodes for which these statements may matter. Raises ``Unbounded`` where they cannot be told."""
    classes = _classes(rule)
    named = frozenset(t.subject for t in seen if _says_class(t, classes) and not isinstance(t.subject, Triple))
    found = focus_within_reach(_scopes(rule), seen, walker) | named
    types = walker.forth(RDF.type, found)
    return frozenset(node for node in found if classes & set(types.get(node, ())))


def _says_class(triple: Triple, classes: frozenset[Term]) -> bool:
    return triple.predicate == RDF.type and triple.object in classes


def _asked_nearby(view: View, rule: Rule, graph: Graph, focus: Nodes) -> list[Finding]:
    """What a rule finds about some nodes, asked over the statements that it can see from there."""
    if not focus:
        return []
    around = frozenset(neighbourhood(_scopes(rule), focus, Walker(graph)))
    if not around:
        return []
    part = Oxigraph()
    part.extend(around)
    nodes = sorted((node for node in focus if isinstance(node, Iri)), key=str)
    query = compile_rule(rule).query(view.as_of, nodes, joined=len(around) > _FEW)
    return group_rows(rule, select(EmbeddedStore(part, "memory:"), query, Graphs()))


def _graded(view: View, fresh: Mapping[str, Iterable[Finding]]) -> dict[str, list[Finding]]:
    """Findings by rule, with the severity that their impacts give them now."""
    wanted = {finding.impact for found in fresh.values() for finding in found} - {""}
    impacts = read_impacts(view, wanted) if wanted else {}

    def anew(finding: Finding) -> Finding:
        severity, reason = adjusted(finding.rule.severity, impacts.get(finding.impact))
        return replace(finding, severity=severity, severity_reason=reason)

    return {name: [anew(finding) for finding in found] for name, found in fresh.items()}


def _merged(kept: list[Finding], fresh: list[Finding]) -> list[Finding]:
    """The findings of one rule in their order, from those in order and some more."""
    for finding in fresh:
        insort(kept, finding, key=lambda each: each.sort_key)
    return kept


def _of_changed_impacts(graph: Graph, change: Change) -> Nodes:
    """The nodes that changed, and the impacts whose assessments did."""
    subjects = frozenset(t.subject for t in change.statements if isinstance(t.subject, Iri))
    above: set[Term] = {*subjects}
    for prop in (HRDD.hasSeverity, HRDD.hasLikelihood):
        for impacts in graph.into(prop, subjects).values():
            above.update(impacts)
    return frozenset(above)


def _is_new(view: View, node: Term, change: Change) -> bool:
    """Whether everything that is said of a node came with the change, so that nothing was found about it before."""
    if any(node in (triple.subject, triple.object) for triple in change.removed):
        return False
    most, name = len(change.added) + 1, sparql_text(node)
    said = view.select(f"SELECT ?p ?o WHERE {{ {name} ?p ?o }} LIMIT {most}").rows
    told = view.select(f"SELECT ?s ?p WHERE {{ ?s ?p {name} }} LIMIT {most}").rows
    known = {(t.subject, t.predicate, t.object) for t in change.added if node in (t.subject, t.object)}
    return all((node, p, o) in known for p, o in said) and all((s, p, node) in known for s, p in told)


def _about(rule: Rule, findings: Iterable[Finding], impacts: Nodes) -> list[Finding]:
    """The findings of a rule that are about one of these impacts."""
    if not rule.impact or not impacts:
        return []
    if rule.impact == "this":
        return [finding for finding in findings if finding.focus in impacts]
    alone = frozenset((impact,) for impact in impacts)
    return [finding for finding in findings if finding.bindings.get(rule.impact) in alone]


def _with_consequences(quads: Iterable[Quad], vocabulary: Vocabulary, background: list[Quad]) -> Iterable[Triple]:
    stated = list(quads)
    yield from (quad.triple for quad in stated)
    yield from consequences(stated, vocabulary, background)
