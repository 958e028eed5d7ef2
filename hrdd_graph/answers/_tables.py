"""Tables of templates: the answers for every value of a parameter at once, so that a question becomes a look-up.

Planning a query costs a store more than answering it for one firm. So where a server's view has a memory, a template
that is asked about one value after another is asked once about all of them, and its rows are kept by value. That is the
same answer where the parameter is certainly bound by the pattern itself (``hrdd_graph.sparql.certain``).
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from threading import Lock

from hrdd_graph.templates import Template, parse_value
from hrdd_graph.terms import Iri, Term
from hrdd_graph.view import View

Row = tuple[Term | None, ...]
Values = Mapping[str, Sequence[str]]
Key = tuple[object, ...]

LARGEST = 20_000  # rows of a table; a longer one is not made
_HELD = 200_000  # rows of all tables of a view
_ASKED = 2  # so many times is a question asked of the store before its table is made
_COUNTED = 1_000  # questions that are remembered to have been asked


class Tables:
    """The tables of one state of the graph, up to a number of rows; those not asked for the longest go first."""

    def __init__(self) -> None:
        self._tables: OrderedDict[Key, Mapping[str, list[Row]] | None] = OrderedDict()
        self._asked: Counter[Key] = Counter()
        self._held = 0
        self._lock = Lock()

    def rows(self, view: View, template: Template, values: Values, *, make: bool = True) -> list[Row] | None:
        """All rows for a question, in their order; ``None`` where it has to be asked of the store.

        Without ``make`` only a table that is there already answers.
        """
        pivot = _pivot(template, values)
        if pivot is None:
            return None
        parameter = next(p for p in template.parameters if p.name == pivot)
        try:
            value = parse_value(parameter, next(text for text in values[pivot] if text))
        except ValueError:
            return None
        others = tuple(sorted((name, tuple(texts)) for name, texts in values.items() if name != pivot and any(texts)))
        key = (template.version, pivot, others, view.as_of)
        with self._lock:
            known = key in self._tables
            if known:
                self._tables.move_to_end(key)
                table = self._tables[key]
            elif not make or not self._is_wanted(key):
                return None
        if not known:
            table = _table(view, template, values, pivot)
            with self._lock:
                self._keep(key, table)
        return None if table is None else table.get(value.value, [])

    def _is_wanted(self, key: Key) -> bool:
        """Whether to make the table now. Only one caller makes it; the others ask the store meanwhile."""
        if len(self._asked) > _COUNTED:
            self._asked.clear()
        self._asked[key] += 1
        return self._asked[key] == _ASKED + 1

    def _keep(self, key: Key, table: Mapping[str, list[Row]] | None) -> None:
        self._tables[key] = table
        self._held += _size(table)
        self._asked.pop(key, None)
        while self._held > _HELD or len(self._tables) > _COUNTED:
            self._held -= _size(self._tables.popitem(last=False)[1])


def tables_of(view: View) -> Tables | None:
    """The tables of a view that has a memory."""
    return view.memory.get("tables", Tables) if view.memory else None


def _pivot(template: Template, values: Values) -> str | None:
    """The parameter to look up by: one that is given one value, and may be told apart by it."""
    given = [name for name, texts in values.items() if sum(map(bool, texts)) == 1]
    return next((name for name in given if name in template.pivots), None)


def _table(view: View, template: Template, values: Values, pivot: str) -> Mapping[str, list[Row]] | None:
    """The rows by the value of a parameter; ``None`` where there are too many, or where one has no address."""
    # Without an order a store can stop at the limit; only what is known to be short is asked for in order.
    few = template.bind(values, today=view.as_of, free=pivot, ordered=False, limit=LARGEST + 1)
    if len(view.rows(few, names_graphs=template.names_graphs)) > LARGEST:
        return None
    found: dict[str, list[Row]] = defaultdict(list)
    text = template.bind(values, today=view.as_of, free=pivot)
    place = (*template.variables, pivot).index(pivot)
    for row in view.rows(text, names_graphs=template.names_graphs):
        value = row[place]
        if isinstance(value, Iri):
            found[value.value].append(row[: len(template.variables)])
    return dict(found)


def _size(table: Mapping[str, list[Row]] | None) -> int:
    return sum(map(len, table.values())) if table else 0
