"""A union that is tied to its surroundings by a different variable in each branch takes them into the branches."""

from __future__ import annotations

import pytest

from hrdd_graph.sparql.groups import parse_group
from hrdd_graph.sparql.tokens import tokens
from hrdd_graph.sparql.unions import distributed


def written(body: str) -> str:
    return str(distributed(parse_group(tokens(body))))


def test_a_pattern_without_a_variable_of_every_branch_stands_in_each() -> None:
    assert written("?x <urn:p> ?y . { ?x <urn:q> ?this } UNION { ?y <urn:r> ?this }") == (
        "{ { ?x <urn:p> ?y . ?x <urn:q> ?this . } UNION { ?x <urn:p> ?y . ?y <urn:r> ?this . } }"
    )


@pytest.mark.parametrize(
    "body",
    [
        "?x <urn:p> ?this . { ?x <urn:q> ?this } UNION { ?y <urn:r> ?this }",
        "?x <urn:p> ?y . ?x <urn:s> ?this . { ?x <urn:q> ?this } UNION { ?y <urn:r> ?this }",
        "?v <urn:p> ?w . { ?x <urn:q> ?this } UNION { ?y <urn:r> ?this }",
        "?x <urn:p> _:b . { ?x <urn:q> ?this } UNION { ?y <urn:r> ?this }",
        "?x <urn:p> ?y . OPTIONAL { ?y <urn:s> ?z } { ?x <urn:q> ?this } UNION { ?z <urn:r> ?this }",
        "?x <urn:p> ?y . { ?x <urn:q> ?this FILTER ( ?y != ?this ) } UNION { ?y <urn:r> ?this }",
        "?x <urn:p> ?y . { ?x <urn:q> ?this OPTIONAL { ?y <urn:s> ?this } } UNION { ?y <urn:r> ?this }",
    ],
)
def test_others_stay_where_they_are(body: str) -> None:
    assert written(body) == str(parse_group(tokens(body)))
