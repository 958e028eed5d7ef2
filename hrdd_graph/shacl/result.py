"""What a check of shapes found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hrdd_graph.shacl.paths import Path
from hrdd_graph.terms import Iri, Literal, Term, order_key

_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


@dataclass(frozen=True)
class Result:
    """One validation result (https://www.w3.org/TR/shacl/#results-validation-result).

    ``path`` is ``None`` for a node shape, ``value`` where the result is about no one value. ``messages`` have their
    variables filled in; ``bindings`` are the other variables of a SPARQL constraint, ``constraint`` that constraint.
    ``root`` is the shape that has the focus node as a target: the same, or one that names ``shape``.
    """

    focus: Term
    path: Path | None
    value: Term | None
    component: Iri
    shape: Term
    root: Term
    severity: Iri
    messages: tuple[Literal, ...] = ()
    constraint: Term | None = None
    bindings: Mapping[str, Term] = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        """The message in English, or the first there is."""
        english = [text.value for text in self.messages if text.language in ("en", None)]
        return next(iter(english), self.messages[0].value if self.messages else "")

    @property
    def sort_key(self) -> tuple[object, ...]:
        value, shape = order_key(self.value), order_key(self.shape)
        bound = tuple((name, order_key(term)) for name, term in sorted(self.bindings.items()))
        said = (shape, str(self.path or ""), self.component.value, value, bound)
        return (order_key(self.focus), *said, order_key(self.root))


def filled(message: Literal, terms: Mapping[str, Term]) -> Literal:
    """A message with its ``{?name}`` and ``{$name}`` filled in; one that has no value stays as it is."""
    text = _PLACEHOLDER.sub(lambda match: terms[match[1]].value if match[1] in terms else match[0], message.value)
    return Literal(text, language=message.language) if message.language else Literal(text)
