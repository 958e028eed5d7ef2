"""What SHACL's extensions ask for, and no query of ours can say: sh:expression and sh:js.

Constraint components that a shapes graph declares itself are known by their parameters (``Shapes``), not by a module.
"""

from __future__ import annotations

from collections.abc import Iterator

from hrdd_graph.shacl.components import Component
from hrdd_graph.shacl.place import NotCompilable, Place, Violation
from hrdd_graph.terms import Term


def _foreign(place: Place, _: Term) -> Iterator[Violation]:
    raise NotCompilable(f"{place.shape.node} asks for more than SHACL Core and SHACL-SPARQL constraints.")


COMPONENTS = (Component("Expression", "expression", _foreign), Component("JS", "js", _foreign))
