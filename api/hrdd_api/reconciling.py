"""Reconciliation: what a caller asks of a batch of names, and how candidates and columns are answered.

See the Reconciliation API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).
"""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hrdd_api.problems import Refusal, near, our_node
from hrdd_graph.labels import labels_for
from hrdd_graph.matching.directory import Candidate, Directory, Entry
from hrdd_graph.matching.extend import Property, is_ours, properties_of, values_of
from hrdd_graph.matching.graph import USUAL_KINDS
from hrdd_graph.matching.names import folded
from hrdd_graph.matching.score import Profile
from hrdd_graph.namespaces import HOME, PREFIXES, XSD
from hrdd_graph.terms import Iri, Term
from hrdd_graph.terms import Literal as RdfLiteral
from hrdd_graph.view import View

BATCH = 50
_MOST = 50
_PROPERTY = re.compile(r"[a-z]+:[A-Za-z][A-Za-z0-9]*")
_NUMBER = re.compile(r"[0-9]{1,9}")
_COUNTRY = ("country", "hrdd:isBasedIn", "hrdd:hasJurisdiction", "hrdd:locatedIn")
_SCHEMES = ("lei", "opencorporates", "os-id", "wikidata", "doi", "issn")

Value = str | float | bool | dict[str, Any]


class AskedProperty(BaseModel):
    """A property that the query's row has a value of."""

    model_config = ConfigDict(extra="forbid")

    pid: str = Field(max_length=200)
    v: Value | list[Value]

    @property
    def texts(self) -> list[str]:
        """The values as texts: another entity by its identifier, or by its name."""
        given = self.v if isinstance(self.v, list) else [self.v]
        named = [value.get("id") or value.get("name") or "" if isinstance(value, dict) else value for value in given]
        return [str(value) for value in named]


class AskedName(BaseModel):
    """One query of a batch."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field("", max_length=1_000)
    type: str | list[str] = Field(default_factory=list)
    limit: int = Field(5, ge=1, le=_MOST)
    properties: list[AskedProperty] = Field(default_factory=list, max_length=20)
    type_strict: Literal["any", "should", "all"] = "should"


class Extension(BaseModel):
    """A data extension: which properties of which things."""

    model_config = ConfigDict(extra="forbid")

    class Wanted(BaseModel):
        """A property, and how many of its values."""

        id: str = Field(max_length=200)
        settings: dict[str, Any] = Field(default_factory=dict)

    ids: list[str] = Field(max_length=1_000)
    properties: list[Wanted] = Field(max_length=50)


def candidates(view: View, directory: Directory, asked: AskedName) -> list[dict[str, Any]]:
    """The candidates for one name, best first, as the protocol writes them."""
    kinds = [asked.type] if isinstance(asked.type, str) else asked.type
    kinds = [kind.removeprefix(PREFIXES["hrdd"]).removeprefix("hrdd:") for kind in kinds]
    forms = directory.forms
    country, identifiers, others = "", set(), []
    for given in asked.properties:
        if given.pid in _COUNTRY:
            country = _country(directory, given.texts)
        elif given.pid in ("identifier", "hrdd:identifier"):
            identifiers |= {(scheme, value) for text in given.texts for scheme, _, value in [text.partition(":")]}
        elif given.pid in _SCHEMES:
            identifiers |= {(given.pid, text) for text in given.texts}
        else:
            others.append(given)
    name = forms.name(asked.query)
    profile = Profile((name,) if name.folded else (), country, "", frozenset(identifiers))
    found = directory.find(profile, kinds=kinds, limit=asked.limit)
    if kinds and asked.type_strict == "all":
        found = [candidate for candidate in found if set(kinds) <= set(candidate.entry.kinds)]
    shared = _shared_values(view, found, others)
    return [_result(candidate, shared.get(candidate.entry.iri, {})) for candidate in found]


def _country(directory: Directory, texts: list[str]) -> str:
    """The two letters of a country that is named by code, identifier or name; empty where it is not known."""
    for text in texts:
        short = text.removeprefix(HOME).removeprefix("id/country/").strip()
        if len(short) == 2 and f"{PREFIXES['country']}{short.upper()}" in directory.by_iri:
            return short.lower()
        found = directory.find(Profile((directory.forms.name(text),)), kinds=("Country",), limit=1)
        if found and found[0].match:
            return found[0].entry.iri.removeprefix(PREFIXES["country"]).lower()
    return ""


def _shared_values(view: View, found: list[Candidate], asked: list[AskedProperty]) -> dict[str, dict[str, float]]:
    """For each candidate and property that the row has too: 1 where a value is the same, by identifier or name."""
    properties = [Property(given.pid, given.pid) for given in asked if _is_ours(given.pid)]
    values = values_of(view, [candidate.entry.iri for candidate in found], properties)
    say = labels_for(view, {value for terms in values.values() for value in terms})
    known: dict[str, dict[str, float]] = {}
    for given in asked:
        wanted = {folded(text) for text in given.texts} | {folded(text.removeprefix(HOME)) for text in given.texts}
        for candidate in found:
            terms = values.get((candidate.entry.iri, given.pid), [])
            told = {folded(say(term)) for term in terms} | {folded(term.value.removeprefix(HOME)) for term in terms}
            if told:
                known.setdefault(candidate.entry.iri, {})[given.pid] = float(bool(told & wanted))
    return known


def _result(candidate: Candidate, shared: dict[str, float]) -> dict[str, Any]:
    entry, likeness = candidate.entry, candidate.likeness
    nearest = likeness.nearest[1]
    features = {**likeness.features, **shared}
    score = likeness.score * (0.8 + 0.2 * sum(shared.values()) / len(shared)) if shared else likeness.score
    return {
        "id": short_of(entry.iri),
        "name": entry.label,
        **({"description": f"matched as {nearest}"} if nearest not in ("", entry.label) else {}),
        "type": [type_of(kind) for kind in shown_kinds(entry)],
        "score": round(100 * score, 2),
        "match": candidate.match and all(shared.values()),
        "features": [{"id": name, "value": round(value, 4)} for name, value in features.items()],
    }


def _is_ours(pid: str) -> bool:
    return bool(_PROPERTY.fullmatch(pid)) and pid.partition(":")[0] in PREFIXES


def shown_kinds(entry: Entry) -> list[str]:
    """The classes of an entry that tell a reader what it is."""
    usual = [kind for kind in USUAL_KINDS if kind in entry.kinds]
    return usual or list(entry.kinds)[:1]


def type_of(kind: str) -> dict[str, str]:
    """A class as the protocol writes a type."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip()
    return {"id": kind, "name": words}


def short_of(iri: str) -> str:
    """An address as an identifier of the service."""
    return iri.removeprefix(HOME)


def extended(view: View, wanted: Extension) -> dict[str, Any]:
    """The wanted properties of the wanted things, as the protocol writes them."""
    known = {prop.name: prop for prop in properties_of(view)}
    for asked in wanted.properties:
        if asked.id not in known:
            fix = near(asked.id, known) or "/reconcile/properties lists them."
            raise Refusal("bad-parameter", f"{asked.id} is no property of anything in this view.", fix)
    properties = [known[asked.id] for asked in wanted.properties]
    things = {short: our_node(short).value for short in wanted.ids}
    values = values_of(view, things.values(), properties)
    say = labels_for(view, {term for terms in values.values() for term in terms})
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for short, iri in things.items():
        rows[short] = {}
        for asked in wanted.properties:
            most = _most(asked.settings.get("limit"))
            terms = values.get((iri, asked.id), [])
            rows[short][asked.id] = [_cell(term, say(term)) for term in (terms[:most] if most else terms)]
    return {"meta": [{"id": prop.name, "name": prop.label} for prop in properties], "rows": rows}


def _most(limit: object) -> int:
    """How many values of a property at most; 0 for all of them, and where the setting is no number."""
    return int(str(limit)) if _NUMBER.fullmatch(str(limit)) else 0


def _cell(term: Term, label: str) -> dict[str, Any]:
    if isinstance(term, Iri):
        return {"id": short_of(term.value), "name": label} if is_ours(term.value) else {"str": term.value}
    assert isinstance(term, RdfLiteral)
    try:
        if term.datatype == XSD.integer:
            return {"int": int(term.value)}
        if term.datatype in (XSD.decimal, XSD.double):
            return {"float": float(term.value)}
    except ValueError:
        return {"str": term.value}
    return {"date": f"{term.value}T00:00:00"} if term.datatype == XSD.date else {"str": term.value}
