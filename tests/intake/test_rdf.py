"""RDF in: a graph of its own, checked as a whole, in which nothing of ours is described anew."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.rdf import import_rdf
from hrdd_graph.resources import Resources

ROOT = Path(__file__).resolve().parents[2]
ABOUT = {"licence": "https://creativecommons.org/licenses/by/4.0/"}
GOOD = """
@prefix hrdd: <https://w3id.org/hrdd-graph/ontology#> .
@prefix id: <https://w3id.org/hrdd-graph/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix udhr: <https://w3id.org/hrdd-graph/udhr/article/> .
<https://w3id.org/hrdd-graph/id/source/sample-2025> a hrdd:Source ; rdfs:label "Sample report"@en ; hrdd:issued "2025" .
<https://w3id.org/hrdd-graph/id/organisation/sample-mill> a hrdd:Firm , hrdd:NamedParty ; rdfs:label "Sample Mill"@en .
<https://w3id.org/hrdd-graph/id/abuse/sample-shifts> a hrdd:Abuse ; rdfs:label "Night shifts"@en ;
    hrdd:statedIn <https://w3id.org/hrdd-graph/id/source/sample-2025> ; hrdd:hasStatus hrdd:Alleged ;
    hrdd:locator "p. 3" ;
    hrdd:start "2024" ;
    hrdd:hasInfringement [ a hrdd:ProvisionLink ; hrdd:ofProvision udhr:24 ; hrdd:hasBasis hrdd:Stated ] ;
    hrdd:hasInvolvement [ a hrdd:Involvement ; hrdd:hasMode hrdd:UnstatedMode ; hrdd:hasBasis hrdd:Stated ;
        hrdd:ofParty <https://w3id.org/hrdd-graph/id/organisation/sample-mill> ] .
"""


@pytest.fixture
def mine(tmp_path: Path) -> Resources:
    return Resources(ROOT, tmp_path / "imports")


def turtle(folder: Path, text: str) -> Path:
    path = folder / "sample.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def test_records_are_kept_in_a_graph_of_their_own_with_days_and_addresses(mine: Resources, tmp_path: Path) -> None:
    result = import_rdf(turtle(tmp_path, GOOD), mine, about=ABOUT)
    assert result.graph == "https://w3id.org/hrdd-graph/graph/sample"
    assert result.counts["new"] == 3
    assert result.saved
    lines = gzip.decompress(result.saved.read_bytes()).decode().splitlines()
    assert all(line.endswith(" <https://w3id.org/hrdd-graph/graph/sample> .") for line in lines)
    assert any("#startLatest>" in line and '"2024-12-31"' in line for line in lines)
    assert not any("_:" in line for line in lines)


def test_the_same_file_twice_changes_nothing(mine: Resources, tmp_path: Path) -> None:
    first = import_rdf(turtle(tmp_path, GOOD), mine, about=ABOUT)
    again = import_rdf(turtle(tmp_path, GOOD), mine, about=ABOUT)
    assert again.counts["unchanged"] == 3
    assert again.saved == first.saved


SHAPE = "<https://w3id.org/hrdd-graph/id/organisation/nike> rdfs:label 'Another name'@en ."
TERM = "hrdd:Abuse rdfs:label 'Another word'@en ."
BAD = {
    "a thing that another graph describes": (GOOD + SHAPE, "described by another graph"),
    "a term of the ontology": (GOOD + TERM, "nothing else can be described here"),
    "a record without a locator": (GOOD.replace('hrdd:locator "p. 3" ;', ""), "where in its source"),
    "a property that is none of ours": (GOOD.replace("hrdd:start", "hrdd:begins"), "no property of the ontology"),
    "somebody's telephone": (GOOD.replace("Night shifts", "Ring +44 20 7946 0958"), "telephone number"),
    "something that is nowhere": (GOOD.replace("ofParty <", "ofParty <x"), "."),
    "broken Turtle": (GOOD + "<", "cannot be read"),
    "nobody's claims": (GOOD.replace("a hrdd:Source", "a hrdd:Sector"), "."),
}


@pytest.mark.parametrize(("text", "what"), BAD.values(), ids=BAD)
def test_one_problem_keeps_the_whole_file_out(text: str, what: str, mine: Resources, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=what) as caught:
        import_rdf(turtle(tmp_path, text), mine, about=ABOUT)
    assert all(problem.fix for problem in caught.value.problems)
    assert not list((tmp_path / "imports").rglob("*.nq.gz"))
