"""FollowTheMoney: what a view holds of named organisations and their ties, as entities in JSON Lines.

The schemata are those of https://followthemoney.tech. The package itself is no dependency: it brings ICU and a database
library with it for what are plain keys here. A party that no source names has no entity, since others would merge it
by its name; nor has a tie to one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from hrdd_graph.namespaces import IDS, PREFIXES
from hrdd_graph.view import View

# Ties: the schema, its two ends, and the role where the schema does not tell it.
_TIES = {
    "Ownership": ("Ownership", "owner", "asset", ""),
    "Membership": ("Membership", "member", "organization", ""),
    "Supply": ("UnknownLink", "subject", "object", "buys from"),
    "Subcontracting": ("UnknownLink", "subject", "object", "passes work on to"),
    "Funding": ("UnknownLink", "subject", "object", "funds"),
    "Oversight": ("UnknownLink", "subject", "object", "oversees"),
}
_IDENTIFIERS = {
    "lei": "leiCode", "wikidata": "wikidataId", "gb-coh": "registrationNumber", "registration": "registrationNumber",
}  # fmt: skip
_DAY = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")  # the dates that the model takes
_PREFIX = f"PREFIX hrdd: <{PREFIXES['hrdd']}> PREFIX rdfs: <{PREFIXES['rdfs']}> "


def write_ftm(view: View, stream: BinaryIO) -> int:
    """Write an entity to a line, organisations first. Returns how many there are."""
    count = 0
    for entity in entities(view):
        stream.write(orjson.dumps(entity, option=orjson.OPT_SORT_KEYS) + b"\n")
        count += 1
    return count


def entities(view: View) -> Iterator[dict[str, Any]]:
    """The entities of a view: ``{"id": ..., "schema": ..., "properties": {name: [values]}}``, in a stable order.

    An id is the end of our address, ``organisation.ifc``, since the model's ids hold no slash; ``sourceUrl`` is the
    address.
    """
    parties = _parties(view)
    for name in sorted(parties):
        yield _entity(name, parties[name][0], parties[name][1])
    for kind, (schema, source, target, role) in _TIES.items():
        found: dict[str, dict[str, set[str]]] = {}
        for tie, first, last, about in _ties(view, kind):
            if first in parties and last in parties and first != last:
                # Several ends of one tie make several entities, as the model has one at each end.
                ends = found.setdefault(f"{tie}|{first}|{last}", {source: {_id(first)}, target: {_id(last)}})
                for key, values in about.items():
                    ends.setdefault(key, set()).update(values)
                if role:
                    ends["role"] = {role}
        several = {key.partition("|")[0] for key in found}
        alone = {tie for tie in several if sum(key.startswith(f"{tie}|") for key in found) == 1}
        for key in sorted(found):
            tie = key.partition("|")[0]
            yield _entity(tie if tie in alone else key, schema, found[key])


def _entity(name: str, schema: str, properties: dict[str, set[str]]) -> dict[str, Any]:
    return {
        "id": _id(name),
        "schema": schema,
        "properties": {key: sorted(values) for key, values in properties.items()},
    }


def _id(name: str) -> str:
    plain = re.sub(r"[^0-9A-Za-z-]+", ".", name.replace(IDS, "")).strip(".-")
    if name.startswith(IDS) and name.count("|") == 0:
        return plain
    return f"{plain[:80].rstrip('.-')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _parties(view: View) -> dict[str, tuple[str, dict[str, set[str]]]]:
    """Named organisations by address: the schema, and the properties."""
    rows = view.select(
        _PREFIX + "SELECT ?party ?state ?label ?identifier ?code WHERE { ?party a hrdd:NamedParty , hrdd:Organisation ."
        " OPTIONAL { ?party a hrdd:StateBody BIND ( true AS ?state ) } OPTIONAL { ?party rdfs:label ?label }"
        " OPTIONAL { ?party hrdd:identifier ?identifier }"
        " OPTIONAL { ?party hrdd:isBasedIn / hrdd:iso2 ?code } }"
    ).dicts()
    found: dict[str, tuple[str, dict[str, set[str]]]] = {}
    for row in rows:
        name = row["party"].value
        # Theirs has Company for registered ones only, which a source seldom tells.
        schema = "PublicBody" if "state" in row else "Organization"
        properties = found.setdefault(name, (schema, {"sourceUrl": {name}}))[1]
        if "label" in row:
            properties.setdefault("name", set()).add(row["label"].value)
        if "code" in row:
            properties.setdefault("country", set()).add(row["code"].value.lower())
        if "identifier" in row:
            register, _, number = row["identifier"].value.partition(":")
            properties.setdefault(_IDENTIFIERS.get(register.casefold(), "idNumber"), set()).add(number or register)
    return found


def _ties(view: View, kind: str) -> Iterator[tuple[str, str, str, dict[str, set[str]]]]:
    rows = view.select(
        _PREFIX + f"SELECT ?tie ?first ?last ?share ?start ?end ?status ?source ?locator WHERE {{ ?tie a hrdd:{kind} ,"
        " hrdd:StandingRecord ; hrdd:linksFrom ?first ; hrdd:linksTo ?last ; hrdd:hasStatus ?status ;"
        " hrdd:statedIn ?source ; hrdd:locator ?locator . OPTIONAL { ?tie hrdd:share ?share }"
        " OPTIONAL { ?tie hrdd:start ?start } OPTIONAL { ?tie hrdd:end ?end } }"
    ).dicts()
    for row in rows:
        about = {
            "status": {row["status"].value.rpartition("#")[2]},
            "sourceUrl": {row["tie"].value},
            "summary": {f"{row['source'].value.rpartition('/')[2]}, {row['locator'].value}"},
        }
        if "share" in row:
            about["percentage"] = {row["share"].value}
        for key, name in (("start", "startDate"), ("end", "endDate")):
            if key in row and _DAY.fullmatch(row[key].value):
                about[name] = {row[key].value}
        yield row["tie"].value, row["first"].value, row["last"].value, about
