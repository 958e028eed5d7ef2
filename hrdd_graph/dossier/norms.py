"""Frameworks and laws: which duty, principle or step the findings bear on, and which one no record speaks to.

UN Guiding Principles (second pillar), the six steps of the OECD, and every law with duties in ``ontology/regimes/``: a
new file there is a new section in every audit file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hrdd_graph.dossier.model import Duty, Named, Norm, ScopeTest
from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.namespaces import HOME, PREFIXES, sparql_prologue
from hrdd_graph.terms import Iri, Literal, Term, sparql_text
from hrdd_graph.view import View

_SOFT = (Iri(HOME + "ungp"), Iri(HOME + "oecd"))
_DUTIES = """
SELECT DISTINCT ?instrument ?provision ?order ?asks WHERE {
  { ?provision a hrdd:Principle ; hrdd:hasPillar hrdd:RespectPillar .
    FILTER NOT EXISTS { ?provision hrdd:isPartOfProvision ?whole } }
  UNION { ?provision a hrdd:Step }
  UNION { ?provision a hrdd:Duty ; hrdd:hasAddressee hrdd:BusinessAddressee }
  ?provision hrdd:isProvisionOf ?instrument ; hrdd:order ?order .
  OPTIONAL { ?provision skos:definition ?asks }
}"""
# The principles that stand behind a row: itself, what a duty implements, what corresponds to a step.
_BEHIND = "(hrdd:implementsPrinciple|hrdd:correspondsTo|^hrdd:correspondsTo)? ?principle"


def norms_of(
    view: View, findings: Mapping[str, tuple[int, ...]], records: Iterable[str], language: str, only: frozenset[str]
) -> tuple[Norm, ...]:
    """Each framework and law with its duties.

    ``findings`` has the numbers of the findings by provision that their rules rest on; ``records`` are the records that
    may speak to a duty. ``only`` names laws to keep to, and is empty for all of them.
    """
    rows = list(view.select(sparql_prologue() + _DUTIES).dicts())
    provisions = {row["provision"] for row in rows}
    instruments = {row["instrument"] for row in rows}
    if only:
        instruments = {i for i in instruments if i in _SOFT or i.value in only}
    bearing = _tied(view, provisions, findings, "?known")
    speaking = _tied(view, provisions, records, "?known hrdd:engages ?part . ?part", "?part")
    about = _about(view, instruments)
    tests = _tests(view)
    known = {record for records in speaking.values() for record in records}
    say = labels_for(view, [*provisions, *instruments, *map(Iri, known)], language)

    def duty(provision: Term, asks: Iterable[Term]) -> Duty:
        numbers = {n for invoked in bearing.get(provision, ()) for n in findings[invoked]}
        spoken = sorted(Named(iri, say(Iri(iri))) for iri in speaking.get(provision, ()))
        return Duty(
            Named(provision.value, say(provision)), _text(asks, language), tuple(sorted(numbers)), tuple(spoken)
        )

    found = []
    for instrument in sorted(instruments, key=lambda i: (i not in _SOFT, _SOFT.index(i) if i in _SOFT else 0, i.value)):
        grouped: dict[tuple[int, str], tuple[Term, list[Term]]] = {}
        for row in rows:
            if row["instrument"] == instrument:
                key = (int(row["order"].value), row["provision"].value)
                grouped.setdefault(key, (row["provision"], []))[1].extend([row["asks"]] if "asks" in row else [])
        in_force, first = _on(view.as_of, tests.get(instrument, []))
        facts = about.get(instrument, {})
        found.append(
            Norm(
                Named(instrument.value, say(instrument)),
                _text(facts.get("definition", ()), language),
                instrument not in _SOFT,
                Literal(False) not in facts.get("verified", ()),
                tuple(duty(*grouped[key]) for key in sorted(grouped)),
                in_force,
                first,
            )
        )
    return tuple(found)


def _tied(
    view: View, provisions: Iterable[Term], known: Iterable[str], tie: str, end: str = "?known"
) -> Mapping[Term, set[str]]:
    """For each provision the known things that are tied to it, or to a part of what stands behind it."""
    names = " ".join(sorted(sparql_text(Iri(iri)) for iri in known))
    if not names:
        return {}
    rows = " ".join(sorted(sparql_text(p) for p in provisions))
    path = f"{tie} hrdd:isPartOfProvision* ?principle"
    answer = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?row ?known WHERE {{ VALUES ?known {{ {names} }} {path} . "
        f"VALUES ?row {{ {rows} }} ?row {_BEHIND} . FILTER ( ?row = ?principle || "
        f'( STRSTARTS(STR(?principle), "{PREFIXES["ungp"]}") && !STRSTARTS(STR(?row), "{PREFIXES["ungp"]}") ) ) }}'
    )
    found: dict[Term, set[str]] = defaultdict(set)
    for row, thing in answer.rows:
        if row is not None and isinstance(thing, Iri):
            found[row].add(thing.value)
    return found


def _about(view: View, instruments: Iterable[Term]) -> Mapping[Term, Mapping[str, list[Term]]]:
    names = " ".join(sorted(sparql_text(i) for i in instruments))
    rows = view.select(
        f"{sparql_prologue()}SELECT ?instrument ?definition ?verified WHERE {{ VALUES ?instrument {{ {names} }} "
        "OPTIONAL { ?instrument skos:definition ?definition } OPTIONAL { ?instrument hrdd:verified ?verified } }"
    )
    found: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.dicts():
        for name in ("definition", "verified"):
            if name in row:
                found[row["instrument"]][name].append(row[name])
    return found


def _tests(view: View) -> Mapping[Term, list[dict[str, Any]]]:
    rows = view.select(
        f"{sparql_prologue()}SELECT ?law ?test ?from ?until ?whom ?how ?threshold WHERE {{ "
        "?test hrdd:isScopeTestOf ?law ; hrdd:appliesFrom ?from . OPTIONAL { ?test hrdd:appliesUntil ?until } "
        "OPTIONAL { ?test hrdd:appliesToPartyKind ?whom } OPTIONAL { ?test hrdd:combination ?how } "
        "OPTIONAL { ?test hrdd:hasThreshold ?threshold } }"
    )
    listed = list(rows.dicts())
    say: Labels = labels_for(view, {row[name] for row in listed for name in ("test", "threshold") if name in row})
    found: dict[Term, dict[Term, dict[str, Any]]] = defaultdict(dict)
    for row in listed:
        test = found[row["law"]].setdefault(row["test"], {"label": say(row["test"]), "thresholds": set()})
        test |= {name: row[name].value for name in ("from", "until", "whom", "how") if name in row}
        if "threshold" in row:
            test["thresholds"].add(say(row["threshold"]))
    return {law: sorted(tests.values(), key=lambda t: (t["from"], t["label"])) for law, tests in found.items()}


def _on(day: date, tests: list[dict[str, Any]]) -> tuple[tuple[ScopeTest, ...], date | None]:
    """The tests that hold on a day; where none does yet, the first day of one that will."""
    now = day.isoformat()
    holding = [t for t in tests if t["from"] <= now <= t.get("until", now)]
    later = sorted(t["from"] for t in tests if t["from"] > now)
    shown = tuple(
        ScopeTest(t["label"], t.get("whom", ""), t.get("how", ""), tuple(sorted(t["thresholds"]))) for t in holding
    )
    return shown, date.fromisoformat(later[0]) if later and not holding else None


def _text(values: Iterable[Term], language: str) -> str:
    texts = [value for value in values if isinstance(value, Literal)]
    order = {language: 0, "en": 1, None: 1}
    return min(texts, key=lambda t: (order.get(t.language, 2), t.value)).value if texts else ""
