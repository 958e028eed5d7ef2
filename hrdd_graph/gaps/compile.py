"""From a gap rule's SHACL-SPARQL constraint to one query for all its focus nodes.

Its target and its query are read and joined as those of any shape are (``hrdd_graph.shacl``). A rule whose query cannot
be joined is refused when it is compiled.

The day of evaluation reaches a rule as data: ``?evaluation a hrdd:Evaluation ; hrdd:asOf ?day .`` In a SHACL engine
that pattern matches a node of the data graph; here it is answered with the view's day, so that a read-only store needs
no such node.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.rules import Rule
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.prebinding import read_select
from hrdd_graph.shacl.targets import target_pattern
from hrdd_graph.sparql.antijoins import rewrite
from hrdd_graph.sparql.beginnings import begun_once
from hrdd_graph.sparql.groups import Group, parse_group
from hrdd_graph.sparql.scope import out_of_sight
from hrdd_graph.sparql.syntax import check_syntax
from hrdd_graph.sparql.tokens import Token, joined, tokens
from hrdd_graph.terms import Iri, sparql_text

_STATED = Hierarchy()  # views hold every class of a node


_OF_A_DATE = "^^<http://www.w3.org/2001/XMLSchema#date>"
_ANY_DAY = '"the day"' + _OF_A_DATE

_ANY_NODE = "<focus:any>"

_KEPT: dict[tuple[Path, str], CompiledRule] = {}


@dataclass(frozen=True)
class CompiledRule:
    """A rule's query: the text around its body, the body as written, and the same with EXISTS as joins.

    ``day_variable`` is the variable that stands for the day; it is replaced by the day itself. ``counts`` says that the
    query says something about all solutions together, so that none may come twice.
    """

    rule: Rule
    prologue: str
    projection: str
    body: tuple[Token, ...]
    day_variable: str
    tail: str
    counts: bool = False

    def query(self, day: date, focus: Iterable[Iri] = (), *, joined: bool = True) -> str:
        """The query for a day, over all focus nodes or only the given ones.

        ``joined`` false leaves EXISTS as the rule has it, for comparison.
        """
        chosen = " ".join(sparql_text(node) for node in focus)
        if not joined:
            where = str(self._group(f"VALUES ?this {{ {chosen} }} " if chosen else ""))
        elif chosen:
            where = self._somewhere.replace(_ANY_NODE, chosen)
        else:
            where = self._everywhere
        where = where.replace(_ANY_DAY, f'"{day.isoformat()}"{_OF_A_DATE}')
        return f"{self.prologue}SELECT DISTINCT {self.projection} WHERE {where}{self.tail}"

    @property
    def as_written(self) -> Group:
        """The body as the rule has it, with some day for the day."""
        return parse_group(self._dated)

    @cached_property
    def _everywhere(self) -> str:
        """The rewritten group for all focus nodes, with a placeholder for the day."""
        return str(self._rewritten(self._group("")))

    @cached_property
    def _somewhere(self) -> str:
        """The same for some focus nodes, with a placeholder for these too."""
        return str(self._rewritten(self._group(f"VALUES ?this {{ {_ANY_NODE} }} ")))

    def _rewritten(self, group: Group) -> Group:
        if self.counts:
            return group  # rewritten, it may find a solution more or less often
        selected = tokens(f"{self.projection} {self.tail}")
        return rewrite(begun_once(group, frozenset(token.variable for token in selected if token.variable)))

    @property
    def _dated(self) -> list[Token]:
        return [
            replace(token, kind="literal", text=_ANY_DAY) if token.variable == self.day_variable != "" else token
            for token in self.body
        ]

    def _group(self, restriction: str) -> Group:
        focus = f"{restriction}{target_pattern(self.rule.targets, _STATED)}"
        if self.counts:
            focus = f"{{ SELECT DISTINCT ?this WHERE {{ {focus} }} }}"
        return parse_group([*tokens(f"{focus} "), *self._dated])


def compile_rule(rule: Rule) -> CompiledRule:
    """Compile one rule, once as long as it stays as it is.

    Raises ``UnusableInput`` where its query cannot be joined with its target.
    """
    kept = _KEPT.get((rule.path, rule.name))
    if kept is not None and kept.rule == rule:
        return kept
    try:
        compiled = _compile(rule)
        check_syntax(compiled.query(date.today(), joined=False))
    except ValueError as error:
        raise UnusableInput.one(rule.path, f"has a query that cannot be used: {error}") from error
    _KEPT[rule.path, rule.name] = compiled
    return compiled


def _compile(rule: Rule) -> CompiledRule:
    select = read_select(rule.select)
    if select.prefixes:
        raise ValueError("it must begin with SELECT; prefixes are declared with sh:prefixes.")
    head, body = select.projection, select.body
    first, last, variable = _evaluation(body)
    if variable and any(token.variable == variable for token in head):
        raise ValueError(f"it selects ?{variable}, the day, which every finding of a run shares.")
    if variable and (blind := out_of_sight(parse_group(list(body)), variable)):
        raise ValueError(
            f"{blind} asks for ?{variable}, the day, inside a group in braces, where SPARQL does not see it; "
            "write the condition outside the braces."
        )
    if variable:
        body = body[:first] + body[last + 1 :]
    prologue = "".join(f"PREFIX {prefix}: <{address}>\n" for prefix, address in rule.prefixes.items())
    return CompiledRule(
        rule=rule,
        prologue=prologue,
        projection=joined(list(head)),
        body=body,
        day_variable=variable,
        tail=" " + joined(list(select.tail)),
        counts=select.counts,
    )


def _evaluation(body: tuple[Token, ...]) -> tuple[int, int, str]:
    """Where the pattern that asks for the day stands, and the day's variable; an empty name where it does not."""
    names = [token.text for token in body]
    if "hrdd:Evaluation" not in names:
        return 0, 0, ""
    at = names.index("hrdd:Evaluation")
    window = names[at - 2 : at + 5]
    shape = [window[1:2], window[2:5], window[6:7]]
    if shape != [["a"], ["hrdd:Evaluation", ";", "hrdd:asOf"], ["."]] or names.count("hrdd:Evaluation") > 1:
        raise ValueError("write the day once, as `?evaluation a hrdd:Evaluation ; hrdd:asOf ?day .`")
    return at - 2, at + 4, body[at + 3].variable
