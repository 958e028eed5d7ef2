"""Which rules to run, and about whom: what the user chose, checked against what there is."""

from __future__ import annotations

from collections.abc import Iterable

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.rules import Rule
from hrdd_graph.templates import Parameter, parse_value
from hrdd_graph.terms import Iri


def select_rules(rules: Iterable[Rule], names: Iterable[str]) -> tuple[Rule, ...]:
    """The rules with these names, or all where none is named. Raises ``UnusableInput`` for a name that is no rule's."""
    everything = tuple(rules)
    wanted = tuple(dict.fromkeys(names))
    known = {rule.name: rule for rule in everything}
    wrong = [name for name in wanted if name not in known]
    if wrong:
        from difflib import get_close_matches

        near = {name: get_close_matches(name, known, n=2) for name in wrong}
        raise UnusableInput(
            Problem(
                "--rule",
                0,
                name,
                "is not a rule.",
                f"Did you mean {' or '.join(n)}?" if n else "`hrdd rules` lists them.",
            )
            for name, n in near.items()
        )
    return tuple(known[name] for name in wanted) if wanted else everything


def focus_nodes(names: Iterable[str]) -> tuple[Iri, ...]:
    """The nodes that a user named: full addresses, short forms, or ``kind/slug``."""
    found: list[Iri] = []
    for name in names:
        try:
            term = parse_value(Parameter("focus", "iri", "a node"), name)
        except ValueError as error:
            raise UnusableInput.one("--focus", str(error), fix="Name a node such as organisation/newmont.") from error
        assert isinstance(term, Iri)
        found.append(term)
    return tuple(found)
