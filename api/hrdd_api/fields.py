"""The fields that a route takes in its body, as JSON or as a form: described for its documentation, and picked out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hrdd_api.posted import FORM, Posted
from hrdd_api.problems import Refusal
from hrdd_graph.submissions.letter import ACCESS, CONSENT, RISK

TEXT = {"type": "string"}
# The fields of the letter that goes with what is sent.
LETTER = {
    "title": {"type": "string", "description": "What it is called."},
    "licence": {"type": "string", "format": "iri", "description": "The address of the licence."},
    "access": {"enum": list(ACCESS), "description": "Who may read it once it is accepted."},
    "consent": {"enum": list(CONSENT), "description": "What those concerned agreed to."},
    "risk": {"enum": list(RISK), "description": "How likely reprisals are."},
    "embargo": {"type": "string", "format": "date", "description": "The first day on which it may be public."},
    "issued": {"type": "string", "description": "For a table: the day by which it was public."},
    "profile": {"type": "string", "description": "For a table: the import profile that reads it."},
    "note": {"type": "string", "description": "A word for the curator."},
    "replaces": {"type": "string", "description": "The id of a submission of yours that leaves when this is accepted."},
}


def takes(fields: Mapping[str, Any], required: Collection[str] = (), **more: Any) -> dict[str, Any]:
    """For a route's ``openapi_extra``: schemas of fields by name, and ``more`` of the schema that holds them.

    A form may have the token as well.
    """
    schema = {"type": "object", "additionalProperties": False, "required": list(required), **more}
    by_form = {**fields, "token": {"type": "string", "description": "Instead of the header."}}
    content = {
        "application/json": {"schema": {**schema, "properties": dict(fields)}},
        FORM: {"schema": {**schema, "properties": by_form}},
    }
    return {"requestBody": {"required": True, "content": content}}


def only(body: Posted, *names: str) -> dict[str, str]:
    """The fields of these names, empty where they were not sent. Refuses any other."""
    refuse_unknown(sorted(body.fields.keys() - set(names)), "address", f"It has {', '.join(names)}.")
    return {name: body.fields.get(name, "").strip() for name in names}


def refuse_unknown(names: Sequence[str], whose: str, fix: str) -> None:
    """Refuses fields that an address or a form has not, where there are any."""
    if names:
        problems = [{"parameter": name, "what": f"is not a field of this {whose}."} for name in names]
        raise Refusal("bad-parameter", f"{names[0]} is not a field of this {whose}.", fix, problems)
