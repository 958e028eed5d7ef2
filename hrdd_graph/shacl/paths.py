"""Property paths: from a shapes graph (https://www.w3.org/TR/shacl/#property-paths) to SPARQL and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import RDF, SH
from hrdd_graph.terms import BlankNode, Iri, Term, sparql_text

# The SHACL property that stands for each kind of path of one part, and its sign in SPARQL.
SIGNS: Mapping[str, str] = MappingProxyType(
    {"inversePath": "^", "zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
)


@dataclass(frozen=True)
class Path:
    """A path. ``kind`` is ``predicate``, ``sequence``, or the local name of SHACL's property for it."""

    kind: str
    parts: tuple[Path, ...] = ()
    predicate: Iri | None = None

    def __str__(self) -> str:
        """The path as SPARQL writes it."""
        if self.predicate is not None:
            return sparql_text(self.predicate)
        if self.kind == "inversePath":
            return f"^{self._part(self.parts[0])}"
        if self.kind in SIGNS:
            return f"{self._part(self.parts[0])}{SIGNS[self.kind]}"
        return ("/" if self.kind == "sequence" else "|").join(self._part(part) for part in self.parts)

    @staticmethod
    def _part(path: Path) -> str:
        return str(path) if path.predicate is not None else f"({path})"

    @property
    def is_step(self) -> bool:
        """Whether it is one property, forwards or backwards: a single pattern, which any store looks up at once."""
        return self.predicate is not None or (self.kind == "inversePath" and self.parts[0].is_step)

    @property
    def choices(self) -> frozenset[Iri]:
        """The properties between which it chooses; none where it is more than a choice of properties, forwards."""
        if self.predicate is not None:
            return frozenset([self.predicate])
        parts = [part.choices for part in self.parts]
        return frozenset().union(*parts) if self.kind == "alternativePath" and all(parts) else frozenset()

    @property
    def may_stay(self) -> bool:
        """Whether it leads from every node to itself, even from one that is not in the graph."""
        if self.kind in ("zeroOrMorePath", "zeroOrOnePath"):
            return True
        if self.kind == "alternativePath":
            return any(part.may_stay for part in self.parts)
        return bool(self.parts) and all(part.may_stay for part in self.parts)


def read_path(facts: Facts, node: Term) -> Path:
    """The path that a node of a shapes graph stands for. Raises ``ValueError`` where it is none."""
    return _read(facts, node, frozenset())


def _read(facts: Facts, node: Term, above: frozenset[Term]) -> Path:
    if isinstance(node, Iri):
        return Path("predicate", predicate=node)
    if not isinstance(node, BlankNode) or node in above:
        raise ValueError(f"{node} is not a property path.")
    within = above | {node}
    if facts.objects(node, RDF.first):
        return Path("sequence", _several(facts, node, within))
    for kind in SIGNS:
        for part in facts.objects(node, SH[kind]):
            return Path(kind, (_read(facts, part, within),))
    for head in facts.objects(node, SH.alternativePath):
        return Path("alternativePath", _several(facts, head, within))
    raise ValueError("a blank node is used as a property path and is none.")


def _several(facts: Facts, head: Term, above: frozenset[Term]) -> tuple[Path, ...]:
    parts = tuple(_read(facts, member, above) for member in facts.members(head))
    if len(parts) < 2:
        raise ValueError("a sequence or alternative path needs two parts or more.")
    return parts
