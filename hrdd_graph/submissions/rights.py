"""Rights suggested for the impacts of a submission, and what is written down when its submitter accepts one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hrdd_graph.errors import UnusableInput
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import DCTERMS, HRDD, IDS, RDF, RDFS, compact, expand
from hrdd_graph.suggestions.suggester import MOST_CHARACTERS, Suggester, Suggestion
from hrdd_graph.terms import Iri, Literal, Quad

_IMPACTS = (HRDD.Abuse, HRDD.Risk)
_SHOWN = 5
_LOOKED_AT = 50  # a suggestion further down is none that a person took from a list


def suggestions_for(quads: Iterable[Quad], suggester: Suggester) -> list[dict[str, Any]]:
    """For each impact its rights so far, and the suggestions for its label and description."""
    facts = Facts(quads)
    return [
        {
            "impact": impact.value,
            "label": facts.text(impact, RDFS.label),
            "rights": sorted(_rights(facts, impact)),
            "suggestions": [
                {"provision": s.provision, "id": compact(s.provision), "label": s.label, "score": s.score,
                 "words": _words(s)}
                for s in _suggested(facts, impact, suggester)[:_SHOWN]
            ],
        }
        for impact in _impacts(facts)
    ]  # fmt: skip


def accept_right(
    quads: Iterable[Quad], graph: str, suggester: Suggester, *, impact: str, provision: str, rationale: str = ""
) -> list[Quad]:
    """The statements with one link more, on the basis ``hrdd:SuggestedAccepted``.

    Raises ``UnusableInput`` where there is no such impact, or where the provision was not suggested for it.
    """
    quads = list(quads)
    facts = Facts(quads)
    node = next((n for n in _impacts(facts) if n.value == _absolute(impact)), None)
    if node is None:
        raise UnusableInput.one("impact", "is no impact of this submission.", fix="Take one from the list.")
    target = expand(provision)
    found = next((s for s in _suggested(facts, node, suggester) if s.provision == target), None)
    if found is None:
        fix = "Take one from the list, or send it as a right that you state or curate yourself."
        raise UnusableInput.one("provision", "was not suggested for this impact.", fix=fix)
    if target in _rights(facts, node):
        return quads
    taken = {o.value for o in facts.objects(node, HRDD.hasInfringement)}
    number = next(n for n in range(1, len(taken) + 2) if f"{node.value}#hasInfringement-{n}" not in taken)
    link = Iri(f"{node.value}#hasInfringement-{number}")
    why = rationale or f"suggested by the words: {', '.join(_words(found))}; accepted by the submitter"
    home = Iri(graph)
    return [
        *quads,
        Quad(node, HRDD.hasInfringement, link, home),
        Quad(link, RDF.type, HRDD.ProvisionLink, home),
        Quad(link, HRDD.ofProvision, Iri(target), home),
        Quad(link, HRDD.hasBasis, HRDD.SuggestedAccepted, home),
        Quad(link, HRDD.rationale, Literal(why), home),
    ]


def _impacts(facts: Facts) -> list[Iri]:
    found = {node for kind in _IMPACTS for node in facts.of_type(kind) if isinstance(node, Iri)}
    return sorted(found, key=lambda node: node.value)


def _rights(facts: Facts, impact: Iri) -> set[str]:
    return {
        p.value for link in facts.objects(impact, HRDD.hasInfringement) for p in facts.objects(link, HRDD.ofProvision)
    }


def _suggested(facts: Facts, impact: Iri, suggester: Suggester) -> tuple[Suggestion, ...]:
    text = f"{facts.text(impact, RDFS.label)}. {facts.text(impact, DCTERMS.description)}"[:MOST_CHARACTERS]
    return suggester.suggest(text, limit=_LOOKED_AT).found if text.strip(". ") else ()


def _words(suggestion: Suggestion) -> list[str]:
    return list(dict.fromkeys(span.text for reason in suggestion.reasons for span in reason.words))[:10]


def _absolute(name: str) -> str:
    return name if "://" in name else IDS + name.removeprefix("id:")
