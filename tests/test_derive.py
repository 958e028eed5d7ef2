"""What follows from a graph: classes and properties above, direct properties from chains, standing records."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.derive import consequences
from hrdd_graph.namespaces import HRDD, PREFIXES, RDF, SKOS
from hrdd_graph.ontology import Property, Vocabulary
from hrdd_graph.terms import DefaultGraph, Iri, Literal, Quad, Triple

ID = PREFIXES["id"]
A, B, C, D = (Iri(ID + f"thing/{name}") for name in "abcd")
Statement = tuple[Iri, Iri, Iri | Literal]


def quads(statements: Iterable[Statement]) -> list[Quad]:
    return [Quad(s, p, o, DefaultGraph()) for s, p, o in statements]


def follows(vocabulary: Vocabulary, *statements: Statement, background: Iterable[Statement] = ()) -> set[Triple]:
    return set(consequences(quads(statements), vocabulary, quads(background)))


def test_a_node_belongs_to_the_classes_above_its_own(vocabulary: Vocabulary) -> None:
    found = follows(vocabulary, (A, RDF.type, HRDD.Certification))
    assert {t.object for t in found} == {HRDD.Commitment, HRDD.Record, HRDD.StandingRecord}


def test_a_supply_makes_the_buyer_source_from_the_supplier(vocabulary: Vocabulary) -> None:
    assert Triple(B, HRDD.sourcesFrom, C) in follows(vocabulary, (A, HRDD.hasBuyer, B), (A, HRDD.hasSupplier, C))


def test_a_reasoned_link_makes_an_impact_infringe_the_right(vocabulary: Vocabulary) -> None:
    found = follows(vocabulary, (A, HRDD.hasInfringement, B), (B, HRDD.ofProvision, C))
    assert Triple(A, HRDD.infringes, C) in found


def test_a_transitive_property_reaches_all_the_way(vocabulary: Vocabulary) -> None:
    found = follows(vocabulary, (A, HRDD.locatedIn, B), (B, HRDD.locatedIn, C), (C, HRDD.locatedIn, D))
    assert {Triple(A, HRDD.locatedIn, C), Triple(A, HRDD.locatedIn, D), Triple(B, HRDD.locatedIn, D)} <= found


def test_a_circle_ends(vocabulary: Vocabulary) -> None:
    found = follows(vocabulary, (A, HRDD.locatedIn, B), (B, HRDD.locatedIn, A))
    assert Triple(A, HRDD.locatedIn, A) in found


def test_a_chain_may_lead_through_what_a_chain_has_given(vocabulary: Vocabulary) -> None:
    found = follows(
        vocabulary,
        (A, HRDD.occurredIn, B), (C, HRDD.hasClusterMember, B), (C, HRDD.hasCluster, D),
    )  # fmt: skip
    assert Triple(A, HRDD.occurredIn, D) in found


def test_a_chain_may_pass_through_the_background_and_nothing_follows_from_that_alone(vocabulary: Vocabulary) -> None:
    narrow, broad, broader = (Iri(PREFIXES["topic"] + name) for name in ("narrow", "broad", "broader"))
    around: list[Statement] = [(narrow, SKOS.broader, broad), (broad, SKOS.broader, broader)]
    found = follows(vocabulary, (A, HRDD.concernsTopic, narrow), background=around)
    assert {Triple(A, HRDD.concernsTopic, broad), Triple(A, HRDD.concernsTopic, broader)} <= found
    assert {t.subject for t in found} == {A}


def test_what_is_said_of_a_cluster_is_not_inherited_by_its_firms(vocabulary: Vocabulary) -> None:
    """An abuse in a cluster did not happen at each firm of the cluster."""
    found = follows(
        vocabulary, (A, HRDD.occurredIn, D), (C, HRDD.hasClusterMember, B), (C, HRDD.hasCluster, D)
    )  # fmt: skip
    assert Triple(A, HRDD.occurredIn, B) not in found


def test_a_record_stands_until_it_is_retracted_or_corrected(vocabulary: Vocabulary) -> None:
    def stands(*statements: Statement, background: Iterable[Statement] = ()) -> bool:
        found = follows(vocabulary, (A, RDF.type, HRDD.Abuse), *statements, background=background)
        return Triple(A, RDF.type, HRDD.StandingRecord) in found

    assert stands()
    assert stands((A, HRDD.hasStatus, HRDD.Contested))
    assert not stands((A, HRDD.hasStatus, HRDD.Retracted))
    assert not stands((B, HRDD.corrects, A))
    assert not stands(background=[(B, HRDD.corrects, A)])
    assert stands((A, HRDD.corrects, B))


def test_a_property_above_holds_where_the_one_below_does() -> None:
    vocabulary = Vocabulary(
        parents={}, properties={"owns": Property("owns", True, frozenset(), frozenset())}, values={},
        super_properties={"owns": frozenset(["controls"])},
    )  # fmt: skip
    assert set(consequences(quads([(A, HRDD.owns, B)]), vocabulary)) == {Triple(A, HRDD.controls, B)}


# -- for any graph ---------------------------------------------------------------------------------------------------

_NODES = st.sampled_from([A, B, C, D])
_PROPERTIES = st.sampled_from(
    [HRDD[name] for name in ("locatedIn", "isPartOf", "hasBuyer", "hasSupplier", "occurredIn", "operatesIn",
                             "hasClusterMember", "hasCluster", "hasInfringement", "ofProvision", "corrects")]
)  # fmt: skip
_TYPES = st.sampled_from([HRDD[name] for name in ("Abuse", "Supply", "Site", "Mention", "Firm", "Certification")])
_STATEMENTS = st.lists(
    st.one_of(
        st.tuples(_NODES, _PROPERTIES, _NODES),
        st.tuples(_NODES, st.just(RDF.type), _TYPES),
        st.tuples(_NODES, st.just(HRDD.hasStatus), st.sampled_from([HRDD.Retracted, HRDD.Reported])),
    ),
    max_size=14,
)


@given(_STATEMENTS)
def test_nothing_that_was_stated_is_repeated(vocabulary: Vocabulary, statements: list[Statement]) -> None:
    found = list(consequences(quads(statements), vocabulary))
    assert len(found) == len(set(found))
    assert not set(found) & {quad.triple for quad in quads(statements)}


@given(_STATEMENTS)
def test_from_what_follows_nothing_more_follows(vocabulary: Vocabulary, statements: list[Statement]) -> None:
    stated = quads(statements)
    closed = [
        *stated,
        *(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in consequences(stated, vocabulary)),
    ]
    assert list(consequences(closed, vocabulary)) == []


@given(_STATEMENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_statements_does_not_matter(
    vocabulary: Vocabulary, statements: list[Statement], chance: object
) -> None:
    shuffled = sorted(statements, key=str, reverse=True)
    assert follows(vocabulary, *statements) == follows(vocabulary, *shuffled)


@given(_STATEMENTS, _STATEMENTS)
def test_more_statements_take_away_nothing_but_standing(
    vocabulary: Vocabulary, statements: list[Statement], more: list[Statement]
) -> None:
    standing = HRDD.StandingRecord
    fewer = {t for t in follows(vocabulary, *statements) if t.object != standing}
    grown = follows(vocabulary, *statements, *more) | {q.triple for q in quads(more)}
    assert fewer <= grown
