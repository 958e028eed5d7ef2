"""A copy holds what the service holds, or there is none: whatever the service cuts, loses or changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdd_graph.canonical import digest
from hrdd_graph.catalog import CATALOG_GRAPH, RESTRICTED_CATALOG_GRAPH
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.namespaces import DCTERMS, HOME, HRDD
from hrdd_graph.opening import open_store
from hrdd_graph.report._document import run_document
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.store import Scope, Store, StoreError, select
from hrdd_graph.store.base import AnswerCut
from hrdd_graph.store.copied import CopiedStore
from hrdd_graph.store.dialects import why_unreliable
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.store.remote import RemoteStore
from hrdd_graph.terms import BlankNode, Iri, Literal, Quad
from hrdd_graph.view import EVERY_GRAPH, View, open_view
from tests.conftest import Hrdd
from tests.sparql_service import Binding, Service, serving

ONE, SECRET = HOME + "graph/one", HOME + "graph/secret"
EX = "https://example.org/"
DECIMAL = Iri("http://www.w3.org/2001/XMLSchema#decimal")
EVERYTHING = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"

Said = tuple[Iri | BlankNode, Iri, Iri | BlankNode | Literal]


def statements(number: int) -> list[Said]:
    """So many statements about as many things, by three properties, one of which makes most of them."""
    return [
        (Iri(f"{EX}thing/{n}"), Iri(f"{EX}p{n % 10 % 3}"), Literal(f"said {n} é", language="en")) for n in range(number)
    ]


def held(
    said: Iterable[Said], *, follows: Iterable[Said] = (), digests: bool = True, note: str = "as it was"
) -> EmbeddedStore:
    """A store with a public graph, what follows from it, a restricted graph, and the catalogues of both."""
    quads: list[Quad] = []
    for graph, contents in ((ONE, said), (ONE + "/derived", follows), (SECRET, statements(3))):
        quads += (Quad(s, p, o, Iri(graph)) for s, p, o in contents)
    store = EmbeddedStore.in_memory()
    store.load(quads, [ONE, ONE + "/derived", CATALOG_GRAPH])
    for graph, name in ((ONE, CATALOG_GRAPH), (SECRET, RESTRICTED_CATALOG_GRAPH)):
        node, catalog = Iri(f"{graph}/dataset"), Iri(name)
        access = HRDD.PublicAccess if graph == ONE else HRDD.RestrictedAccess
        described = [
            Quad(node, HRDD.describesGraph, Iri(graph), catalog),
            Quad(node, DCTERMS.title, Literal(graph), catalog),
            Quad(node, DCTERMS.license, Iri(EX + "licence"), catalog),
            Quad(node, DCTERMS.description, Literal(note), catalog),
            Quad(node, HRDD.hasAccess, access, catalog),
        ]
        if digests:
            described += [
                Quad(of, HRDD.graphDigest, Literal(digest(store.quads(whose))), catalog)
                for of, whose in ((node, graph), (Iri(graph + "/derived"), graph + "/derived"))
            ]
        store.load(described, store.union)
    return store


@contextmanager
def copied_from(service: Service) -> Iterator[RemoteStore]:
    with serving(service):
        remote = RemoteStore(service.address, timeout=10)
        try:
            yield remote
        finally:
            remote.close()


def refusal(service: Service) -> str:
    with copied_from(service) as remote, pytest.raises(StoreError) as refused:
        CopiedStore(remote)
    assert service.address in str(refused.value)
    return str(refused.value)


def same(one: Store, other: Store) -> None:
    for graph in (ONE, ONE + "/derived", SECRET, CATALOG_GRAPH, RESTRICTED_CATALOG_GRAPH):
        scope = Scope((graph,))
        assert set(select(one, EVERYTHING, scope).rows) == set(select(other, EVERYTHING, scope).rows), graph


# -- what is copied --------------------------------------------------------------------------------------------------


def test_a_copy_is_what_the_service_holds_with_the_same_views() -> None:
    store = held(statements(50), follows=statements(4))
    with copied_from(Service(store)) as remote:
        copy = CopiedStore(remote)
        same(copy, store)
        for restricted in ([], [EVERY_GRAPH]):
            near, far = (open_view(each, restricted=restricted) for each in (store, copy))
            assert (far.entries, far.graphs) == (near.entries, near.graphs)
            assert set(far.select(EVERYTHING).rows) == set(near.select(EVERYTHING).rows)


@settings(max_examples=40)
@given(st.integers(8, 60), st.integers(0, 150), st.booleans())
def test_answers_that_are_cut_are_read_in_parts(most: int, number: int, tells: bool) -> None:
    store = held(statements(number))
    with copied_from(Service(store, most=most, tells=tells)) as remote:
        same(CopiedStore(remote), store)


@settings(max_examples=20)
@given(st.integers(0, 7), st.integers(0, 60))
def test_a_service_that_gives_next_to_nothing_is_refused_or_read_rightly(most: int, number: int) -> None:
    store = held(statements(number))
    with copied_from(Service(store, most=most)) as remote:
        try:
            copy = CopiedStore(remote)
        except StoreError:
            return
        same(copy, store)


def test_blank_nodes_are_named_as_in_a_build_where_a_digest_holds_them_together() -> None:
    blank = [(BlankNode(f"b{n}"), Iri(EX + "next"), BlankNode(f"b{n + 1}")) for n in range(12)]
    store = held([*blank, *statements(40)])
    for most in (None, 30):
        with copied_from(Service(store, most=most)) as remote:
            copy = CopiedStore(remote)
            assert digest(copy.quads(ONE)) == digest(store.quads(ONE))


# -- what is refused -------------------------------------------------------------------------------------------------


def test_a_lost_statement_is_told_with_its_graph() -> None:
    def lost(binding: Binding) -> Binding | None:
        return None if binding.get("o", {}).get("value") == "said 7 é" else binding

    for most in (None, 10):
        told = refusal(Service(held(statements(30)), most=most, altered=lost))
        assert f"{ONE} holds 30 statements, and gave 29" in told
        assert "try again" in told


@pytest.mark.parametrize("follows", [False, True])
def test_a_statement_that_is_told_otherwise_is_found_by_the_digest(follows: bool) -> None:
    said: list[Said] = [(Iri(EX + "thing"), Iri(EX + "weighs"), Literal("1.5", datatype=DECIMAL))]
    store = held(statements(3), follows=said) if follows else held(said)

    def other(binding: Binding) -> Binding:
        return {key: cell | {"value": cell["value"].replace("1.5", "1.50")} for key, cell in binding.items()}

    told = refusal(Service(store, altered=other))
    assert f"{ONE + '/derived' * follows} at" in told
    assert "another digest" in told


def test_a_change_between_two_graphs_is_told() -> None:
    before, after = held(statements(10)), held(statements(10), note="changed")
    service = Service(before)

    def change(_: int, graphs: tuple[str, ...]) -> None:
        if graphs == (SECRET,):
            service.store = after

    service.on_request = change
    assert "changed while its graphs were copied; try again" in refusal(service)


def test_a_change_between_two_parts_of_a_graph_is_told() -> None:
    """One statement takes the place of another, so that there are as many as before and the catalogue is the same."""
    moved = held([(Iri(EX + "moved"), p, o) if s.value.endswith("/3") else (s, p, o) for s, p, o in statements(40)])
    before = held(statements(40))
    after = EmbeddedStore.in_memory()
    after.load([q for g in (ONE, ONE + "/derived", SECRET) for q in moved.quads(g)], ())
    after.load([q for g in (CATALOG_GRAPH, RESTRICTED_CATALOG_GRAPH) for q in before.quads(g)], ())
    service = Service(before, most=10)
    asked = 0

    def change(_: int, graphs: tuple[str, ...]) -> None:
        nonlocal asked
        asked += graphs == (ONE,)
        service.store = after if asked >= 4 else before

    service.on_request = change
    told = refusal(service)
    assert asked > 4
    assert f"{ONE} at" in told or f"says that {ONE} holds" in told


@pytest.mark.parametrize("request_number", [1, 2, 5, 9])
def test_a_service_that_goes_away_half_way_leaves_no_copy(request_number: int) -> None:
    def gone(number: int, _: tuple[str, ...]) -> None:
        if number >= request_number:
            raise ConnectionError

    assert "is out of reach" in refusal(Service(held(statements(30)), most=10, on_request=gone))


def test_blank_nodes_that_nothing_holds_together_are_refused() -> None:
    blank: list[Said] = [(BlankNode(f"b{n}"), Iri(EX + "next"), BlankNode(f"b{n + 1}")) for n in range(12)]
    for service in (
        Service(held([*blank, *statements(40)], digests=False), most=30),
        Service(held(statements(3), follows=blank)),
    ):
        assert "blank nodes" in refusal(service)


def test_a_service_that_refuses_our_queries_is_no_fault_of_a_caller() -> None:
    def refused(_: Binding) -> Binding | None:
        raise ValueError("no such function")

    assert "No graph can be read from this service" in refusal(Service(held(statements(3)), altered=refused))


def test_a_service_without_a_catalogue_is_refused() -> None:
    assert f"holds no graph {CATALOG_GRAPH}" in refusal(Service(EmbeddedStore.in_memory()))


def test_a_broken_table_is_a_failure() -> None:
    def broken(binding: Binding) -> Binding:
        return {key: {"type": "uri", "value": "no address"} if key == "s" else cell for key, cell in binding.items()}

    assert "answered with a broken table" in refusal(Service(held(statements(3)), altered=broken))


def test_an_answer_that_says_it_is_cut_is_no_answer() -> None:
    with copied_from(Service(held(statements(30)), most=10, tells=True)) as remote:
        assert len(select(remote, EVERYTHING + " LIMIT 10", Scope((ONE,))).rows) == 10
        with pytest.raises(AnswerCut, match=f"at 10 rows. Raise its limit, or name it copy:{remote.name}"):
            select(remote, EVERYTHING, Scope((ONE,)))


def test_what_a_service_had_when_its_time_was_up_is_no_answer() -> None:
    with (
        copied_from(Service(held(statements(30)), in_time=False)) as remote,
        pytest.raises(StoreError, match="a part of the answer only: interrupted by result timeout"),
    ):
        select(remote, EVERYTHING, Scope((ONE,)))


# -- one copy for each state -----------------------------------------------------------------------------------------


def newer(copy: EmbeddedStore) -> EmbeddedStore:
    """What a look gives when the newer copy has been taken."""
    for _ in range(500):
        if (found := copy.current()) is not copy:
            return found
        time.sleep(0.02)
    raise AssertionError("no newer copy was taken")


def test_a_copy_is_kept_as_long_as_the_catalogues_say_the_same() -> None:
    service = Service(held(statements(20)))
    with copied_from(service) as remote:
        copy = CopiedStore(remote)
        service.asked.clear()
        assert copy.current() is copy
        assert {graphs for _, graphs in service.asked} == {(CATALOG_GRAPH,), (RESTRICTED_CATALOG_GRAPH,)}
        service.store = held(statements(21))
        taken = newer(copy)
        same(taken, service.store)
        assert taken.current() is taken
        same(copy, held(statements(20)))


def test_the_copy_answers_while_a_newer_one_is_taken_once() -> None:
    service = Service(held(statements(20)))
    with copied_from(service) as remote:
        copy = CopiedStore(remote)
        service.store = held(statements(21))
        goes_on = threading.Event()

        def wait(_: int, graphs: tuple[str, ...]) -> None:
            if graphs == (ONE,):
                assert goes_on.wait(10)

        service.asked.clear()
        service.on_request = wait
        assert all(copy.current() is copy for _ in range(5))
        goes_on.set()
        same(newer(copy), service.store)
        assert sum(graphs == (ONE,) and text == EVERYTHING for text, graphs in service.asked) == 1


def test_a_newer_state_that_cannot_be_copied_is_told_until_it_can() -> None:
    service = Service(held(statements(20)))
    with copied_from(service) as remote:
        copy = CopiedStore(remote)
        service.store = held(statements(21))
        service.altered = lambda row: None if row.get("o", {}).get("value") == "said 7 é" else row
        with pytest.raises(StoreError, match="holds 21 statements, and gave 20"):
            newer(copy)
        asked = len(service.asked)
        with pytest.raises(StoreError, match="holds 21 statements, and gave 20"):
            copy.current()
        assert all(graphs != (ONE,) for _, graphs in service.asked[asked:]), "it is not tried again at once"
        service.altered = lambda row: row
        service.store = held(statements(22))
        with pytest.raises(StoreError, match="holds 21 statements, and gave 20"):
            copy.current()
        for _ in range(500):
            try:
                taken = newer(copy)
                break
            except StoreError:
                time.sleep(0.02)
        same(taken, service.store)


# -- who is asked how ------------------------------------------------------------------------------------------------


def numbered(binding: Binding) -> Binding:
    """True as the number 1, as Virtuoso has it behind a proxy that hides its name."""
    integer = {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": "1"}
    return {key: integer if key == "yes" else cell for key, cell in binding.items()}


@pytest.mark.parametrize(
    ("service", "before", "copied"),
    [
        (Service(held([])), "", False),
        (Service(held([])), "copy:", True),
        (Service(held([]), software="Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu"), "", True),
        (Service(held([]), software="Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu"), "direct:", False),
        (Service(held([]), software="nginx", altered=numbered), "", True),
        (Service(held([]), software="nginx", altered=numbered), "direct:", False),
    ],
)
def test_a_service_is_asked_directly_where_it_may_be_relied_on(
    service: Service, before: str, copied: bool, resources: Resources
) -> None:
    said: list[str] = []
    with serving(service):
        store = open_store(before + service.address, resources, said.append)
        assert store.name == service.address
        assert isinstance(store, CopiedStore if copied else RemoteStore)
        assert [service.address in word for word in said[:1]] == [True] * copied
        store.close()


@pytest.mark.parametrize(
    ("software", "known"),
    [
        ("Virtuoso/07.20.3229 (Linux)", True),
        ("Virtuoso/08.03.3330 (Linux)", False),
        ("", False),
        ("Oxigraph/0.5", False),
    ],
)
def test_virtuoso_7_is_known_by_its_name(software: str, known: bool) -> None:
    assert bool(why_unreliable(software, Literal(True))) is known
    assert why_unreliable(software, Literal(1))
    assert why_unreliable(software, None)


def test_the_gaps_over_a_copy_are_the_same(resources: Resources, view: View, store: EmbeddedStore) -> None:
    rules = read_rules(resources)
    with copied_from(Service(store, most=5_000)) as remote:
        far = open_view(CopiedStore(remote), as_of=view.as_of)
        assert (far.entries, far.digest) == (view.entries, view.digest)
        assert run_document(run_rules(far, rules)) == run_document(run_rules(view, rules))


def test_the_command_line_says_that_it_works_over_a_copy(hrdd: Hrdd, store: EmbeddedStore) -> None:
    near = hrdd("gaps", "--as-of", "2026-11-20", "--rule", "certified-open-abuse", "--format", "csv")
    with serving(Service(store, software="Virtuoso/07.20.3229 (Linux)")) as service:
        far = hrdd(
            "gaps", "--as-of", "2026-11-20", "--rule", "certified-open-abuse", "--format", "csv", store=service.address
        )
    assert far.stdout == near.stdout
    assert f"working over a copy of {service.address}: Virtuoso/07.20.3229" in far.stderr
    assert " statements, " in far.stderr
