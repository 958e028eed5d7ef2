"""One incident as a form asks for it, and the workbook that it is: the row that the spreadsheet profile reads.

There is one mapping, that of ``data/profiles/spreadsheet``. A form only fills in its sheets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.intake.profile import Profile
from hrdd_graph.submissions.filled import filled, reasoned, reasons_of
from hrdd_graph.submissions.letter import Letter

KEY = "1"  # of the one row in each sheet
MOST_CHARACTERS = 5000  # of any field
_IDENTIFIER = "organisation/"


@dataclass(frozen=True)
class Incident:
    """What a person says of one incident. Names are those of the profile's columns; words are those of its cells.

    ``party`` is the id of a party that the graph knows, such as ``organisation/example``, or a name. The ``source_``
    fields are the columns of its sheet Evidence. ``rights`` are those that the source names itself, apart by
    semicolons, ``accepted`` the suggested ones with the reason of each.
    """

    label: str = ""
    description: str = ""
    status: str = "Reported"
    start: str = ""
    end: str = ""
    country: str = ""
    cluster: str = ""
    people: str = ""
    count: str = ""
    party: str = ""
    party_kind: str = "Firm"
    named: str = "yes"
    party_country: str = ""
    mode: str = "UnstatedMode"
    source_title: str = ""
    source_publisher: str = ""
    source_issued: str = ""
    evidence_kind: str = ""
    evidence_place: str = ""
    remedy: str = ""
    rights: str = ""
    accepted: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """What suggestions are made from."""
        return ". ".join(part for part in (self.label, self.description) if part)


NAMES = tuple(field.name for field in fields(Incident) if field.name != "accepted")
# What a single incident cannot do without. A workbook may say less of an incident, where other sheets say more.
NEEDED = ("label", "people", "source_title", "evidence_place", "evidence_kind")


def read_incident(given: Mapping[str, str], accepted: Mapping[str, str]) -> Incident:
    """The incident from the fields of a form. ``accepted`` are reasons by the id of a suggested right."""
    texts = {name: value.strip() for name, value in given.items() if name in NAMES and value.strip()}
    return Incident(**texts, accepted=reasons_of(accepted))


def check_incident(one: Incident) -> None:
    """Raises ``UnusableInput`` with everything that the incident lacks."""
    problems = [
        Problem(name, 0, "", "is empty.", "Fill it in: a record says what, to whom, and where it is written.")
        for name in NEEDED
        if not getattr(one, name)
    ]
    problems += [
        Problem(name, 0, "", f"is longer than {MOST_CHARACTERS} characters.", "Shorten it.")
        for name in NAMES
        if len(getattr(one, name)) > MOST_CHARACTERS
    ]
    if not (one.cluster or one.country):
        problems.append(Problem("country", 0, "", "is empty.", "Choose a country or a cluster."))
    if not (one.rights or one.accepted):
        problems.append(
            Problem("rights", 0, "", "names no right.", "Take a suggestion, or write the article, such as UDHR 23.")
        )
    if problems:
        raise UnusableInput(problems)


def workbook(one: Incident, letter: Letter, profile: Profile) -> bytes:
    """The incident as a workbook that the spreadsheet profile reads. The same incident gives the same bytes."""
    known = one.party.startswith(_IDENTIFIER)
    party = one.party if known else KEY if one.party else ""
    source = {
        "id": KEY,
        "title": one.source_title,
        "publisher": one.source_publisher,
        "issued": one.source_issued,
    }
    incident = {
        **{name: getattr(one, name) for name in NAMES if name in _incident_columns(profile)},
        "id": KEY,
        "accepted": reasoned(one.accepted),
        "party": party,
        "mode": one.mode if party else "",
        "evidence": KEY,
    }
    rows = {"Evidence": [source], "Incidents": [incident]}
    if one.party and not known:
        described = {
            "id": KEY,
            "name": one.party,
            "kind": one.party_kind,
            "named": one.named,
            "country": one.party_country,
        }
        rows["Parties"] = [described]
    return filled(rows, letter, profile)


def _incident_columns(profile: Profile) -> frozenset[str]:
    sheet = next(sheet for sheet in profile.sheets if sheet.name == "Incidents")
    return frozenset(name for name, column in sheet.columns.items() if column.headers)
