"""Findings: what a rule found, under a stable address, with everything its query said about it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.rules import SEVERITY_ORDER, Rule
from hrdd_graph.speech import best, mark, messages
from hrdd_graph.store import Rows
from hrdd_graph.terms import Iri, Term, order_key

_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found.

    ``severity`` is the rule's, raised or lowered by the impact that the finding is about, with the reason beside it.
    ``bindings`` holds, for each variable of the rule's query beside ``this``, the values that it took in the rows of
    this finding, each once, in a stable order. ``iri`` depends on the rule, the focus and the identifying variables
    alone, so that runs can be compared and a waiver can hold on to it.
    """

    rule: Rule = field(repr=False)
    focus: Term
    bindings: Mapping[str, tuple[Term, ...]]
    severity: str = ""
    severity_reason: str = ""

    def __post_init__(self) -> None:
        if not self.severity:
            object.__setattr__(self, "severity", self.rule.severity)

    @property
    def impact(self) -> str:
        """The address of the one impact that the finding is about; empty where its rule names none, or it has more."""
        variable = self.rule.impact
        terms = (self.focus,) if variable == "this" else self.bindings.get(variable, ())
        return terms[0].value if len(terms) == 1 and isinstance(terms[0], Iri) else ""

    @property
    def iri(self) -> str:
        parts = [self.rule.name, str(self.focus)]
        for name in sorted(self.rule.identifying):
            parts += [name, *(str(term) for term in self.bindings.get(name, ()))]
        return f"{PREFIXES['finding']}{self.rule.name}/{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:16]}"

    def message(self, say: Callable[[Term], str], language: str = "en") -> str:
        """The rule's message with its variables filled in; ``say`` gives the words for a term.

        A variable without a value reads "none stated": no source in the view says one.
        """
        none = messages(best(self.rule.message, language)).gettext(mark("none stated"))

        def words(match: re.Match[str]) -> str:
            terms = (self.focus,) if match[1] == "this" else self.bindings.get(match[1], ())
            return _listed([say(term) for term in terms]) or none

        return _PLACEHOLDER.sub(words, self.rule.text("message", language))

    def terms(self) -> list[Term]:
        """The focus and every value, each once."""
        return list(dict.fromkeys([self.focus, *(t for terms in self.bindings.values() for t in terms)]))

    @property
    def sort_key(self) -> tuple[object, ...]:
        values = tuple(order_key(t) for name in self.rule.identifying for t in self.bindings.get(name, ()))
        # By rule first, so that a rule's findings stay together.
        return (*self.rule.sort_key, SEVERITY_ORDER.index(self.severity), order_key(self.focus), values)


def group_rows(rule: Rule, rows: Rows) -> list[Finding]:
    """The findings in a rule's rows: rows with the same focus and identifying values are one finding."""
    places = {name: place for place, name in enumerate(rows.variables)}
    identity = [places.get(name) for name in ("this", *rule.identifying)]
    others = [(name, place) for name, place in places.items() if name != "this"]
    once: dict[Term, Term] = {}  # a row brings its own object for a term that thousands of others have too
    groups: dict[tuple[Term | None, ...], dict[str, set[Term]]] = {}
    for row in rows.rows:
        group = groups.setdefault(tuple(None if place is None else row[place] for place in identity), {})
        for name, place in others:
            if (term := row[place]) is not None:
                group.setdefault(name, set()).add(once.setdefault(term, term))
    found = [
        Finding(rule, key[0], {name: tuple(sorted(terms, key=order_key)) for name, terms in sorted(group.items())})
        for key, group in groups.items()
        if key[0] is not None
    ]
    return sorted(found, key=lambda finding: finding.sort_key)


def _listed(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))
