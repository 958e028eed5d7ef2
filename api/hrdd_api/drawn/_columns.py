"""What the columns of an answer hold: numbers, or addresses."""

from __future__ import annotations

import math

from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.store import Rows
from hrdd_graph.terms import Iri, Literal, Term

Number = int | float
_NUMERIC = frozenset(
    PREFIXES["xsd"] + name
    for name in ("integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger")
)


def number(term: Term | None) -> Number | None:
    """The number that a literal is, whole where it can be; ``None`` for what is none."""
    if not isinstance(term, Literal) or term.datatype.value not in _NUMERIC:
        return None
    try:
        value = float(term.value)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def numbers(rows: Rows) -> list[int]:
    """The columns in which every value is a number, and one at least is."""
    return [n for n, values in enumerate(_columns(rows)) if values and all(number(v) is not None for v in values)]


def addresses(rows: Rows) -> list[int]:
    """The columns in which every value is an address, and one at least is."""
    return [n for n, values in enumerate(_columns(rows)) if values and all(isinstance(v, Iri) for v in values)]


def _columns(rows: Rows) -> list[list[Term]]:
    return [[term for row in rows.rows if (term := row[n]) is not None] for n in range(len(rows.variables))]
