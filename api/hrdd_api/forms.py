"""What a person can choose from in a form: things of the graph, as the caller sees it."""

from __future__ import annotations

from collections.abc import Iterable

from hrdd_api.knowledge import Knowledge
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HRDD, IDS, PREFIXES
from hrdd_graph.terms import Iri

_LISTS = {
    "status": ("Alleged", "Reported", "Documented", "Adjudicated"),
    "conduct": ("LowRoad", "WindowDressing", "RightsOrientedExplicit", "RightsOrientedSilent", "Unclassified"),
    "mode": ("Caused", "Contributed", "DirectlyLinked", "UnstatedMode"),
    "party_kind": (
        *("Firm", "StateBody", "BusinessAssociation", "TradeUnion", "CertificationBody", "FinancialInstitution"),
        "CivilSocietyOrganisation",
    ),
}
Choice = dict[str, str]


def choices(knowledge: Knowledge, language: str) -> dict[str, list[Choice]]:
    """For each field with a list: the id of each choice, as the profiles for people take it, and its name."""
    view = knowledge.view()
    names = knowledge.names(view)
    kinds = [row[0] for row in view.rows(f"SELECT ?x WHERE {{ ?x a <{HRDD.EvidenceKind.value}> }}")]
    evidence = sorted(kind.value for kind in kinds if isinstance(kind, Iri))

    def named(iris: Iterable[str], prefix: str) -> list[Choice]:
        found = list(iris)
        say = labels_for(view, [Iri(iri) for iri in found], language)
        return [{"id": iri.removeprefix(prefix), "label": say(Iri(iri))} for iri in found]

    vocabulary = PREFIXES["hrdd"]
    lists = {field: named((vocabulary + word for word in words), vocabulary) for field, words in _LISTS.items()}
    return {
        **lists,
        "evidence_kind": named(evidence, vocabulary),
        "country": [
            {"id": iri.replace(PREFIXES["country"], "country:"), "label": label}
            for iri, label in names.within(PREFIXES["country"], language)
        ],
        **{
            field: [
                {"id": iri.removeprefix(IDS), "label": label} for iri, label in names.within(IDS + folder, language)
            ]
            for field, folder in (("cluster", "cluster/"), ("party", "organisation/"))
        },
    }
