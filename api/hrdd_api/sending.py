"""A form that was filled in by a person, as a submission: its letter, its fields, and what becomes of its rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from hrdd_api.desk import LICENCE
from hrdd_api.fields import TEXT, refuse_unknown, takes
from hrdd_api.suggested import TAKE
from hrdd_graph.access import Token
from hrdd_graph.submissions.desk import Desk
from hrdd_graph.submissions.letter import NAMES, Letter, read_letter
from hrdd_graph.submissions.preview import as_problems, preview
from hrdd_graph.submissions.reading import XLSX
from hrdd_graph.submissions.state import Submission


def body_of_form(names: Collection[str]) -> dict[str, Any]:
    """For a route's ``openapi_extra``: a form with these fields, a letter, and boxes for suggested rights."""
    return takes(dict.fromkeys((*names, *NAMES, "do"), TEXT), patternProperties={f"^{TAKE}": TEXT})


def letter_in(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that belong to the letter."""
    return {name: value for name, value in fields.items() if name in NAMES}


def check_fields(fields: Collection[str], names: Collection[str]) -> None:
    """Refuses a field that neither the form nor its letter has."""
    known = {*names, *NAMES, "do"}
    unknown = sorted(name for name in fields if name not in known and not name.startswith(TAKE))
    refuse_unknown(unknown, "form", "GET lists them.")


def letter_of(title: str, fields: Mapping[str, str], profile: str) -> Letter:
    """The letter that goes with a form. Raises ``UnusableInput``."""
    given = {name: value for name, value in letter_in(fields).items() if value.strip()}
    issued = date.today().isoformat()
    return read_letter({"title": title[:200], "issued": issued, "licence": LICENCE} | given | {"profile": profile})


def receive_form(desk: Desk, token: Token, content: bytes, letter: Letter, fields: Mapping[str, str]) -> Submission:
    """Take the workbook that a form is in. ``fields`` are what the person sent: sent twice it is one submission.

    The reasons of suggestions are not among them, since they change with the graph. Raises ``UnusableInput`` where a
    row would be refused; then no part of it is kept.
    """
    looked = preview(content, XLSX, letter, desk.resources, token.readable)
    if looked.refused:
        raise as_problems(looked)
    form = json.dumps(sorted(fields.items())).encode()
    key = hashlib.sha256(form + json.dumps(letter.document()).encode()).hexdigest()
    return desk.receive(content, XLSX, letter, by=token.id, key=key, form=form, readable=token.readable)
