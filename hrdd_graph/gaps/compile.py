"""From a SHACL-SPARQL constraint to one query for all its focus nodes.

SHACL binds ``$this`` to one focus node after the other. Joining the target with the body gives the same rows in one
query, provided that the body keeps to SHACL's rules for pre-bound variables
(https://www.w3.org/TR/shacl/#pre-binding): no MINUS, no SERVICE, no VALUES, no sub-select that hides ``$this``, no
assignment to it. A rule that breaks them is refused when it is compiled.

The day of evaluation reaches a rule as data: ``?evaluation a hrdd:Evaluation ; hrdd:asOf ?day .`` In a SHACL engine
that pattern matches a node of the data graph; here it is answered with the view's day, so that a read-only store needs
no such node.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from hrdd_graph.errors import UnusableInput
from hrdd_graph.rules import Rule, Target
from hrdd_graph.sparql.antijoins import rewrite
from hrdd_graph.sparql.groups import parse_group
from hrdd_graph.sparql.syntax import check_syntax
from hrdd_graph.sparql.tokens import Token, closing, tokens
from hrdd_graph.terms import Iri, sparql_text

_FORBIDDEN = {
    "MINUS": "write FILTER NOT EXISTS",
    "SERVICE": "query the view's own graphs",
    "VALUES": "write the values into a FILTER with IN",
    "GRAPH": "shapes see one graph",
    "FROM": "shapes see one graph",
}


@dataclass(frozen=True)
class CompiledRule:
    """A rule's query: the text around its body, the body as written, and the same with EXISTS as joins.

    ``day_variable`` is the variable that stands for the day; it is replaced by the day itself.
    """

    rule: Rule
    prologue: str
    projection: str
    body: tuple[Token, ...]
    day_variable: str
    tail: str

    def query(self, day: date, focus: Iterable[Iri] = (), *, joined: bool = True) -> str:
        """The query for a day, over all focus nodes or only the given ones.

        ``joined`` false leaves EXISTS as the rule has it, for comparison.
        """
        chosen = " ".join(sparql_text(node) for node in focus)
        restriction = f"VALUES ?this {{ {chosen} }} " if chosen else ""
        literal = f'"{day.isoformat()}"^^<http://www.w3.org/2001/XMLSchema#date>'
        body = [
            replace(token, kind="literal", text=literal) if token.variable == self.day_variable != "" else token
            for token in self.body
        ]
        whole = parse_group([*tokens(restriction + _target(self.rule)), *body])
        where = rewrite(whole) if joined else whole
        return f"{self.prologue}SELECT DISTINCT {self.projection} WHERE {where}{self.tail}"


def compile_rule(rule: Rule) -> CompiledRule:
    """Compile one rule. Raises ``UnusableInput`` where its query cannot be joined with its target."""
    try:
        compiled = _compile(rule)
        check_syntax(compiled.query(date.today(), joined=False))
        check_syntax(compiled.query(date.today()))
    except ValueError as error:
        raise UnusableInput.one(rule.path, f"has a query that cannot be used: {error}") from error
    return compiled


def _compile(rule: Rule) -> CompiledRule:
    text = rule.select
    stream = tokens(text)
    if not stream or not stream[0].is_word("SELECT"):
        raise ValueError("it must begin with SELECT; prefixes are declared with sh:prefixes.")
    opening = next((i for i, token in enumerate(stream) if token.is_mark("{")), None)
    if opening is None:
        raise ValueError("it has no WHERE group.")
    end = closing(stream, opening)
    head = [token for token in stream[1:opening] if not token.is_word("WHERE")]
    if head and head[0].is_word("DISTINCT", "REDUCED"):
        head = head[1:]
    if not head or head[0].is_mark("*"):
        raise ValueError("it must name the variables that it selects, beginning with $this.")
    if not any(token.variable == "this" for token in head):
        raise ValueError("it does not select $this.")
    body = stream[opening + 1 : end]
    _check_prebinding(body)
    first, last, variable = _evaluation(body)
    if variable and any(token.variable == variable for token in head):
        raise ValueError(f"it selects ?{variable}, the day, which every finding of a run shares.")
    if variable:
        body = body[:first] + body[last + 1 :]
    prologue = "".join(f"PREFIX {prefix}: <{address}>\n" for prefix, address in rule.prefixes.items())
    return CompiledRule(
        rule=rule,
        prologue=prologue,
        projection=text[head[0].start : head[-1].end],
        body=tuple(body),
        day_variable=variable,
        tail=" " + text[stream[end].end :].strip(),
    )


def _check_prebinding(body: list[Token]) -> None:
    for index, token in enumerate(body):
        for word, instead in _FORBIDDEN.items():
            if token.is_word(word):
                raise ValueError(f"it uses {word}, which SHACL does not allow here; {instead}.")
        if token.is_word("SELECT"):
            raise ValueError("it has a sub-select, which cannot be joined with the target; write a plain group.")
        if token.is_word("AS") and index + 1 < len(body) and body[index + 1].variable == "this":
            raise ValueError("it assigns to $this.")


def _evaluation(body: list[Token]) -> tuple[int, int, str]:
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


def _target(rule: Rule) -> str:
    """The pattern that binds ``?this`` to the rule's focus nodes. Classes above a node's own are in the view."""
    patterns = [_one_target(target) for target in rule.targets]
    if len(patterns) == 1:
        return patterns[0] + " "
    return " UNION ".join(f"{{ {pattern} }}" for pattern in patterns) + " "


def _one_target(target: Target) -> str:
    value = sparql_text(target.value)
    if target.kind == "targetClass":
        return f"?this a {value} ."
    if target.kind == "targetNode":
        return f"VALUES ?this {{ {value} }}"
    if target.kind == "targetSubjectsOf":
        return f"?this {value} ?targetObject ."
    return f"?targetSubject {value} ?this ."
