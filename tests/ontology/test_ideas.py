"""What the model must be able to say, and what it must not let pass (DESIGN.md, section 4).

``tests/ontology/ideas/<idea>/says.ttl`` states an idea (``# claim:``); each ``breaks-*.ttl`` adds something wrong to it
(``# wrong:``), which HermiT finds to contradict the ontology and which is told in words (``# clash:``).

The ideas are stated all at once in one consistent graph. What is consistent stays so when statements are taken away,
so each idea is consistent by itself as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.ontology import Vocabulary, is_term, read_turtle
from hrdd_graph.reasoning import reason_over
from hrdd_graph.resources import Resources
from hrdd_graph.terms import Iri, Triple

IDEAS = Path(__file__).parent / "ideas"
SAYS = sorted(IDEAS.glob("*/says.ttl"))
BREAKS = sorted(IDEAS.glob("*/breaks-*.ttl"))


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def remark(path: Path, key: str) -> str:
    found = re.search(rf"^# {key}: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{name(path)} does not say its {key}"
    return found[1]


def triples(*paths: Path) -> list[Triple]:
    return [quad.triple for path in paths for quad in read_turtle(path)]


@pytest.fixture(scope="module")
def core(resources: Resources) -> list[Triple]:
    return triples(resources.ontology / "hrdd.ttl")


def test_every_idea_is_stated_and_broken() -> None:
    assert {path.parent for path in SAYS} == {path.parent for path in BREAKS}
    assert all(remark(path, "claim") for path in SAYS)


@pytest.mark.parametrize("path", SAYS, ids=name)
def test_the_ontology_has_the_words_for_an_idea(path: Path, vocabulary: Vocabulary) -> None:
    used = {term.value for t in triples(path) for term in (t.predicate, t.object) if isinstance(term, Iri)}
    ours = {iri for iri in used if iri.startswith(PREFIXES["hrdd"])}
    assert ours
    assert [iri for iri in ours if not is_term(iri, vocabulary)] == []


def test_all_ideas_can_be_said_together(core: list[Triple], needs: Callable[..., None]) -> None:
    needs("java")
    outcome = reason_over([*core, *triples(*SAYS)])
    assert outcome.consistent, outcome.clashes


@pytest.mark.parametrize("path", BREAKS, ids=name)
def test_what_breaks_an_idea_is_caught_and_told_in_words(
    path: Path, core: list[Triple], needs: Callable[..., None]
) -> None:
    needs("java")
    outcome = reason_over([*core, *triples(path.parent / "says.ttl", path)])
    assert not outcome.consistent, remark(path, "wrong")
    assert any(remark(path, "clash") in clash for clash in outcome.clashes), outcome.clashes
