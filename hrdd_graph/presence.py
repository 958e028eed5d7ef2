"""Whether a view says anything of a node; and where it does not, which one was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.namespaces import HOME, compact
from hrdd_graph.terms import Iri, sparql_text
from hrdd_graph.view import View


def is_present(view: View, node: Iri) -> bool:
    """Whether any statement of the view is about the node, or leads to it."""
    name = sparql_text(node)
    return view.ask(f"ASK {{ {{ {name} ?p ?o }} UNION {{ ?s ?p {name} }} }}")


def check_present(view: View, nodes: Iterable[Iri], where: str) -> None:
    """Raises ``UnusableInput`` for nodes of which the view says nothing, with those that were perhaps meant.

    ``where`` names the argument.
    """
    missing = [node for node in nodes if not is_present(view, node)]
    if missing:
        raise UnusableInput(
            Problem(where, 0, "", f"{node.value} is not in this view.", _meant(view, node)) for node in missing
        )


def _meant(view: View, node: Iri) -> str:
    """What to do: a node of the same name under another kind, or of a name much like it."""
    rows = view.select(f'SELECT DISTINCT ?s WHERE {{ ?s a ?kind FILTER(STRSTARTS(STR(?s), "{HOME}")) }}').rows
    known = sorted({_short(row[0]) for row in rows if isinstance(row[0], Iri) and not row[0].value.count("#")})
    given = _short(node)
    slug = given.rpartition("/")[2]
    near = [name for name in known if name.rpartition("/")[2] == slug][:2] or get_close_matches(given, known, n=2)
    return f"Did you mean {' or '.join(near)}?" if near else "Name a node such as organisation/newmont."


def _short(node: Iri) -> str:
    """An address as people write it: ``organisation/newmont``, ``udhr:23``."""
    return compact(node.value).removeprefix("id:")
