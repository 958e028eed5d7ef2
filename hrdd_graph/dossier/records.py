"""The register: what each record behind a finding says, where it is stated, and how firm its evidence is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from hrdd_graph.dossier.model import Days, Named, Part, Record
from hrdd_graph.gaps.sources import cited_records
from hrdd_graph.gaps.strength import Strength, strengths_of
from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.namespaces import HRDD, PREFIXES, sparql_prologue
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.terms import Iri, Literal, Term, order_key, sparql_text
from hrdd_graph.view import View

_TEXTS = (
    "dcterms:description",
    "hrdd:note",
    "hrdd:attributionNote",
    "hrdd:scopeNote",
    "hrdd:outcomeNote",
    "hrdd:result",
)
_NOTES = ("attributionNote", "scopeNote", "note", "outcomeNote", "result")
_DAYS = ("startEarliest", "startLatest", "endEarliest", "endLatest")
_THINGS = ("occurredIn", "affects", "infringes")
_PART = ("ofParty", "hasMode", "hasBasis", "rationale")

Values = Mapping[str, Mapping[str, list[Term]]]  # node -> local name of the property -> values


def records_of(view: View, iris: Iterable[str], vocabulary: Vocabulary, language: str) -> dict[str, Record]:
    """Each of the addresses that is a record, with what is on record of it; the keys are in the order given."""
    wanted = tuple(dict.fromkeys(iris))
    cited = {iri: places[0] for iri, places in cited_records(view, map(Iri, wanted)).items() if not places[0].mention}
    found = _values(view, cited)
    strengths = {strength.record: strength for strength in reversed(strengths_of(view, cited))}
    terms: set[Term] = {term for about in found.values() for values in about.values() for term in values}
    terms |= {Iri(iri) for place in cited.values() for iri in (place.record, place.source, place.status)}
    for each in strengths.values():
        best = each.best
        terms |= {Iri(iri) for iri in best.chain}
        terms |= {HRDD[name] for name in (best.kind, best.level, best.reliability, best.credibility) if name}
    say = labels_for(view, terms, language)

    def named(term: Term | str) -> Named:
        term = Iri(term) if isinstance(term, str) else term
        return Named(term.value, say(term))

    records: dict[str, Record] = {}
    for iri in wanted:
        if iri not in cited:
            continue
        place, about = cited[iri], found.get(iri, {})
        days = {name: about[name][0].value if name in about else "" for name in _DAYS}
        strength = strengths.get(iri)
        records[iri] = Record(
            key=f"E{len(records) + 1}",
            thing=named(iri),
            kind=named(_kind(about.get("type", ()), vocabulary)),
            status=named(place.status),
            source=named(place.source),
            locator=place.locator,
            begun=Days(days["startEarliest"], days["startLatest"]),
            ended=Days(days["endEarliest"], days["endLatest"]),
            places=tuple(named(term) for term in about.get("occurredIn", ())),
            affected=tuple(named(term) for term in about.get("affects", ())),
            parts=tuple(_parts(iri, found, named)),
            rights=tuple(named(term) for term in about.get("infringes", ())),
            description=_text(about.get("description", ()), language),
            notes=tuple(text for name in _NOTES if (text := _text(about.get(name, ()), language))),
            quality=_quality(strength, say) if strength else (),
            chain=tuple(named(link) for link in strength.best.chain) if strength and strength.best.second_hand else (),
            weakness=strength.best.weakness if strength else "",
            firmness=strength.order if strength else (),
        )
    # Evidence that nothing is known of counts as the weakest.
    return records


def _values(view: View, iris: Iterable[str]) -> Values:
    names = " ".join(sorted(sparql_text(Iri(iri)) for iri in iris))
    if not names:
        return {}
    told = " ".join([*_TEXTS, "rdf:type", *(f"hrdd:{name}" for name in (*_DAYS, *_THINGS))])
    part = " ".join(f"hrdd:{name}" for name in _PART)
    select = f"{sparql_prologue()}SELECT DISTINCT ?node ?property ?value WHERE {{ VALUES "
    # Two questions: as one with a UNION the store looks at every record that there is.
    answers = [
        view.select(f"{select}?node {{ {names} }} VALUES ?property {{ {told} }} ?node ?property ?value }}"),
        view.select(
            f"{select}?record {{ {names} }} ?record hrdd:hasInvolvement ?node . "
            f"VALUES ?property {{ {part} }} ?node ?property ?value }}"
        ),
    ]
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for node, prop, value in (row for rows in answers for row in rows.rows):
        if isinstance(node, Iri) and isinstance(prop, Iri) and value is not None:
            local = prop.value.rpartition("#")[2] if "#" in prop.value else prop.value.rpartition("/")[2]
            found[node.value][local].append(value)
    return {node: {name: sorted(v, key=order_key) for name, v in about.items()} for node, about in found.items()}


def _kind(types: Iterable[Term], vocabulary: Vocabulary) -> Term:
    """The closest class of a record: the one that stands above none of its others."""
    names = {t.value.removeprefix(PREFIXES["hrdd"]) for t in types} - {"StandingRecord"}
    above = {a for name in names for a in vocabulary.ancestors(name) if a != name}
    return HRDD[min(names - above, default="Record")]


def _parts(iri: str, found: Values, named: object) -> Iterable[Part]:
    assert callable(named)
    for node in sorted(found):
        if node.startswith(f"{iri}#hasInvolvement"):
            about = found[node]
            for party in about.get("ofParty", ()):
                mode, basis = about.get("hasMode", [HRDD.UnstatedMode])[0], about.get("hasBasis", [HRDD.Stated])[0]
                yield Part(named(party), named(mode).label, named(basis), _text(about.get("rationale", ()), "en"))


def _text(values: Iterable[Term], language: str) -> str:
    """A text in the reader's language, else in English, else in any."""
    texts = [value for value in values if isinstance(value, Literal)]
    order = {language: 0, "en": 1, None: 1}
    return min(texts, key=lambda t: (order.get(t.language, 2), t.value)).value if texts else ""


def _quality(strength: Strength, say: Labels) -> tuple[tuple[str, str], ...]:
    best = strength.best
    told = {
        "kind": best.kind, "level": best.level, "reliability": best.reliability, "credibility": best.credibility,
    }  # fmt: skip
    return tuple((name, say(HRDD[value])) for name, value in told.items() if value)
