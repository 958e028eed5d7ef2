"""What a caller may ask beside the address: query parameters, each checked, none ignored."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Header, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from hrdd_api.knowledge import Knowledge
from hrdd_api.negotiation import choose_language
from hrdd_api.problems import Refusal, UnknownParameter
from hrdd_graph.gaps.facets import FACETS
from hrdd_graph.search import LONGEST
from hrdd_graph.view import View

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _day(value: object) -> object:
    if value in ("", None):
        return None
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f'is not a day: "{value}". Write it as 2026-11-20.')


def _tag(value: object) -> object:
    if value in ("", None):
        return None
    if isinstance(value, str) and _TAG.fullmatch(value):
        return value
    raise ValueError(f'is not a language tag: "{value}". Write it as en or pt-BR.')


Day = Annotated[
    date | None, BeforeValidator(_day), WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"const": ""}]})
]
Tag = Annotated[str | None, BeforeValidator(_tag), WithJsonSchema({"type": "string", "examples": ["en", "pt-BR"]})]


def narrowing(name: str) -> Any:
    """The parameter of a facet, described as the facet is."""
    facet = FACETS[name]
    return Field(default_factory=list, description=facet.summary, json_schema_extra={"examples": [[facet.example]]})


class Asked(BaseModel):
    """Parameters that every address takes."""

    model_config = ConfigDict(extra="forbid")

    format: str | None = Field(None, description="The representation, where Accept and a suffix do not say.")
    language: Tag = Field(None, description="The language of texts and labels; otherwise Accept-Language.")

    @model_validator(mode="before")
    @classmethod
    def _known_only(cls, given: Any) -> Any:
        for name in given if isinstance(given, dict) else ():
            if name not in cls.model_fields:
                raise UnknownParameter(str(name), cls.model_fields)
        return given


class AskedOfView(Asked):
    """Parameters of whatever depends on the day."""

    as_of: Day = Field(None, description="Judge the world as it was on this day; otherwise today.")
    known_on: Day = Field(None, description="Use only what had been published by this day; otherwise all.")


class AskedOfFinding(AskedOfView):
    """Parameters of whatever shows the order of impacts."""

    weights: str | None = Field(
        None,
        description="What counts in an impact's rank: scale=2,scope=1,irremediability=3. Each is 1 where not said.",
    )


class AskedOfGaps(AskedOfFinding):
    """Filters of the list of gaps. The values of one filter are alternatives; a finding must pass every filter."""

    rule: list[str] = Field(default_factory=list, description="Only these rules.")
    severity: str | None = Field(None, description="Only at or above: high, medium or low.")
    focus: list[str] = Field(default_factory=list, description="Only about these nodes: an IRI, or kind/slug.")
    principle: list[str] = narrowing("principle")
    right: list[str] = narrowing("right")
    topic: list[str] = narrowing("topic")
    country: list[str] = narrowing("country")
    cluster: list[str] = narrowing("cluster")
    sector: list[str] = narrowing("sector")
    party: list[str] = narrowing("party")
    regime: list[str] = narrowing("regime")
    source: list[str] = narrowing("source")
    sort: str = Field("severity", description="severity (rule by rule), or salience (gravest impact first).")
    page: int = Field(1, ge=1, le=10_000, description="Which page a browser shows; data formats always hold all.")


class AskedOfDiff(Asked):
    """Parameters of the comparison of two days."""

    since: Day = Field(None, description="The earlier day; otherwise a year before the later.")
    until: Day = Field(None, description="The later day; otherwise today.")


class AskedOfWhy(AskedOfView):
    """Parameters of the question why a rule finds something about a node, or not."""

    focus: str = Field("", description="The node: an IRI, or kind/slug.", examples=["organisation/mineria-yanacocha"])


class AskedOfSearch(AskedOfView):
    """Words to look for, and the kinds of things that are wanted."""

    q: str = Field("", max_length=LONGEST, description="Words; the last one may be a beginning.", examples=["yanac"])
    kind: list[str] = Field(
        default_factory=list, description="Only things of these classes.", json_schema_extra={"examples": [["Firm"]]}
    )
    page_size: int = Field(20, ge=1, le=200, description="Things on a page.")
    cursor: str | None = Field(None, description="Where the page begins: from the Link field of the page before it.")


class AskedOfForm(Asked):
    """A form on which something is sent in."""

    replaces: str = Field("", max_length=40, description="The id of a submission of yours that it corrects.")


AskedOfFormDep = Annotated[AskedOfForm, Query()]
AskedOfSearchDep = Annotated[AskedOfSearch, Query()]
AskedOfWhyDep = Annotated[AskedOfWhy, Query()]
AskedOfFindingDep = Annotated[AskedOfFinding, Query()]
AskedOfDiffDep = Annotated[AskedOfDiff, Query()]
AskedDep = Annotated[Asked, Query()]
AskedOfViewDep = Annotated[AskedOfView, Query()]
AskedOfGapsDep = Annotated[AskedOfGaps, Query()]

VIEW_PARAMETERS = tuple(AskedOfView.model_fields)


def asked_beside(request: Request, names: set[str]) -> tuple[AskedOfView, dict[str, list[str]]]:
    """The view's parameters, and those of ``names`` as the caller wrote them; any other is refused."""
    own: dict[str, list[str]] = {}
    common: dict[str, str] = {}
    problems = []
    for name, value in request.query_params.multi_items():
        if name in names:
            own.setdefault(name, []).append(value)
        elif name in VIEW_PARAMETERS:
            common[name] = value
        else:
            cause = UnknownParameter(name, [*names, *VIEW_PARAMETERS])
            problems.append({"parameter": name, "what": "is not a parameter of this address.", "fix": cause.fix})
    for check, name in ((_day, "as_of"), (_day, "known_on"), (_tag, "language")):
        try:
            check(common.get(name))
        except ValueError as error:
            problems.append({"parameter": name, "what": str(error)})
    if problems:
        only = problems[0]
        detail = (
            f"{only['parameter']} {only['what']}"
            if len(problems) == 1
            else f"{len(problems)} parameters cannot be used."
        )
        raise Refusal("bad-parameter", detail, only.get("fix", "") if len(problems) == 1 else "", problems)
    return AskedOfView.model_validate(common), own


def reader_language(request: Request, knowledge: Knowledge, view: View, asked: Asked) -> str:
    """The language in which to answer this reader."""
    return choose_language(knowledge.languages(view), request.headers.get("accept-language"), asked.language)


IdempotencyKey = Annotated[
    str, Header(max_length=200, description="The same key with the same content gives the same submission.")
]
