"""Nested nodes that were sent without an address get one, the same at each reading."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.errors import UnusableInput
from hrdd_graph.submissions.nested import with_addresses
from hrdd_graph.terms import BlankNode, Iri, Literal, RdfFormat, Triple, parse

START = "@prefix : <https://w3id.org/hrdd-graph/ontology#> . <https://example.org/a> "
NODES = st.recursive(
    st.integers(0, 3).map(str),
    lambda inner: st.lists(st.tuples(st.sampled_from("pq"), inner), min_size=1, max_size=3).map(
        lambda pairs: "[ " + " ; ".join(f":{name} {value}" for name, value in pairs) + " ]"
    ),
    max_leaves=12,
)


def read(turtle: str) -> list[Triple]:
    return with_addresses(quad.triple for quad in parse(f"{START}{turtle} .".encode(), format=RdfFormat.TURTLE))


@given(st.lists(NODES, min_size=1, max_size=4))
def test_a_second_reading_gives_the_same_statements_in_whatever_order_they_stand(nodes: list[str]) -> None:
    first = read(" ; ".join(f":holds {node}" for node in nodes))
    again = read(" ; ".join(f":holds {node}" for node in reversed(nodes)))
    assert sorted(map(str, first)) == sorted(map(str, again))
    assert not any(isinstance(term, BlankNode) for triple in first for term in (triple.subject, triple.object))


def test_the_address_tells_the_record_the_property_and_a_number() -> None:
    found = {
        str(triple.object) for triple in read(":hasInvolvement [ :hasPart [ :p 1 ] ]") if isinstance(triple.object, Iri)
    }
    assert found == {"<https://example.org/a#hasInvolvement-1>", "<https://example.org/a#hasPart-1>"}


@pytest.mark.parametrize(
    "turtle", [":p _:a ; :q _:a", ":p 1 . _:a :p _:b . _:b :p _:a", ":p 1 . [] :p 2", ":p _:a . _:a :p _:a"]
)
def test_a_node_that_no_other_or_several_point_to_is_an_error(turtle: str) -> None:
    with pytest.raises(UnusableInput, match="exactly one other node"):
        read(turtle)


def test_a_long_chain_is_named_in_one_go() -> None:
    holds = Iri("https://w3id.org/hrdd-graph/ontology#holds")
    nodes = [BlankNode(f"n{number}") for number in range(20_000)]
    chain = [Triple(one, holds, other) for one, other in pairwise(nodes)]
    ends = [Triple(nodes[-1], holds, Literal("end")), Triple(Iri("https://example.org/a"), holds, nodes[0])]
    found = with_addresses([*ends, *chain])
    assert found[0].subject == Iri("https://example.org/a#holds-20000")
