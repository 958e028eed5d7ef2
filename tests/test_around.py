"""What is on record about a thing, by sort; and its value chain, whose unknown ends stay unknown."""

from __future__ import annotations

from hrdd_graph.around import around, proofs
from hrdd_graph.namespaces import IDS, PREFIXES
from hrdd_graph.value_chain import chain_of, described_tiers
from hrdd_graph.view import View

FIRM = f"{IDS}organisation/mineria-yanacocha"
CLUSTER = f"{IDS}cluster/sialkot-football"


def test_a_firms_harms_promises_ties_and_silences_are_told_apart(view: View) -> None:
    found = {section.name: section.entries for section in around(view, FIRM, "en")}
    assert "ISO 14001 certificate of Minería Yanacocha (2008)" in {e.label for e in found["commitments"]}
    spill = next(e for e in found["harms"] if e.iri.endswith("/yanacocha-mercury-spill"))
    assert (spill.role, spill.status) == ("Caused", "Documented")
    assert all(e.locator and e.source for entries in found.values() for e in entries)
    assert "No reply of Minería Yanacocha is given" in {e.label for e in found["silences"]}


def test_what_is_said_of_a_cluster_is_not_said_of_its_firms(view: View) -> None:
    of_cluster = {e.iri for s in around(view, CLUSTER, "en") if s.name == "harms" for e in s.entries}
    of_firm = {
        e.iri for s in around(view, f"{IDS}organisation/silverstar", "en") if s.name == "harms" for e in s.entries
    }
    assert of_cluster - of_firm


def test_each_record_stands_in_one_section(view: View) -> None:
    entries = [e.iri for section in around(view, CLUSTER, "en") for e in section.entries]
    assert len(entries) == len(set(entries))


def test_a_standards_page_lists_who_committed_to_it(view: View) -> None:
    (commitments,) = around(view, f"{PREFIXES['std']}iso-14001", "en")
    assert commitments.name == "commitments"
    assert len(commitments.entries) > 1


def test_suppliers_are_upstream_and_buyers_downstream(view: View) -> None:
    chain = chain_of(view, f"{IDS}organisation/nike", "en")
    assert {node.label for node in chain.tiers[-1]} >= {"Dilly"}
    assert 1 not in chain.tiers
    upward = chain_of(view, f"{IDS}organisation/dilly", "en")
    assert "Nike" in {node.label for node in upward.tiers[1]}
    assert not chain_of(view, FIRM, "en")


def test_a_tier_in_which_a_source_names_nobody_is_there_without_anybody(view: View) -> None:
    tiers = [tier for _, tiers in described_tiers(view, CLUSTER, "en") for tier in tiers]
    assert any(not tier.actors for tier in tiers)
    assert {actor.named for tier in tiers for actor in tier.actors} == {True, False}
    for _, one in described_tiers(view, CLUSTER, "en"):
        assert [tier.number for tier in one] == sorted((tier.number for tier in one), reverse=True)


def test_evidence_of_a_harm_is_listed_with_its_place(view: View) -> None:
    (proof,) = proofs(view, f"{IDS}abuse/yanacocha-mercury-spill", "en")
    assert proof.words
