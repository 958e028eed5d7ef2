"""What a cell may name: by id, by label or the beginning of one, in any language of the labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrdd_graph.intake.choices import Choices, Lists
from hrdd_graph.ontology import read_turtle, read_vocabulary

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
REFERENCE = ("udhr", "iccpr", "icescr", "ilo", "ungp", "countries")


@pytest.fixture(scope="module")
def lists() -> Lists:
    quads = [quad for name in REFERENCE for quad in read_turtle(ONTOLOGY / "reference" / f"{name}.ttl")]
    return Lists(quads, read_vocabulary(ONTOLOGY / "hrdd.ttl"))


@pytest.fixture(scope="module")
def provisions(lists: Lists) -> Choices:
    return lists.of(("Provision",))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("UDHR 23(4)", "udhr:23.4"),
        ("DUDH 23(4)", "udhr:23.4"),
        ("dudh 23(4)", "udhr:23.4"),
        ("udhr:23.4", "udhr:23.4"),
        ("PIDCP 22", "iccpr:22"),
        ("PIDESC 8", "icescr:8"),
        ("ICCPR 22", "iccpr:22"),
        ("ICCPR 2(2)", "iccpr:2.2"),
        ("Princípio Orientador 22", "ungp:22"),
        ("Principe directeur 22", "ungp:22"),
        ("Principio Rector 22", "ungp:22"),
        ("DUDH 3: vida, libertad y seguridad", "udhr:3"),
    ],
)
def test_a_provision_goes_by_its_name_in_every_language(provisions: Choices, written: str, meant: str) -> None:
    assert provisions.find(written) == meant


def test_what_is_none_is_told_with_what_may_be_meant(provisions: Choices) -> None:
    with pytest.raises(ValueError, match=r'"DUDH 23\(9\)" is no Provision that is known. Did you mean'):
        provisions.find("DUDH 23(9)")


def test_what_may_be_two_things_is_not_guessed(provisions: Choices) -> None:
    with pytest.raises(ValueError, match=r'"iccpr-22" may be iccpr:2\.2 or iccpr:22'):
        provisions.find("iccpr-22")


def test_an_instrument_goes_by_its_name_in_every_language(lists: Lists) -> None:
    assert {lists.of(("Instrument",)).find(f"{body} C169") for body in ("ILO", "OIT")} == {"ilo:C169"}


@pytest.mark.parametrize("written", ["Peru", "Perú", "Pérou", "PE", "PER"])
def test_a_country_goes_by_its_name_in_every_language(lists: Lists, written: str) -> None:
    assert lists.of(("Country",)).find(written) == "country:PE"


def test_a_country_that_portuguese_alone_calls_so(lists: Lists) -> None:
    assert lists.of(("Country",)).find("Camboja") == "country:KH"
