"""Content negotiation: which representation of a resource answers a request.

``Accept`` has the first word: it says what the caller can use at all. Among that, a suffix of the address chooses
(``/gaps.csv``), then ``?format=csv``, then the caller's own preferences, then the order in which a resource offers its
formats. A suffix or a ``format`` that ``Accept`` rules out gives way to ``Accept``; one that the resource does not have
is refused with the list of what there is. See https://www.rfc-editor.org/rfc/rfc9110#name-content-negotiation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

SUFFIX_KEY = "hrdd.suffix"  # where the middleware leaves the suffix that it took off the path
FALLBACK_LANGUAGE = "en"
# What other services call these formats, and clients of theirs ask for.
_ALSO = {"turtle": "ttl", "rdf+xml": "rdf", "json-ld": "jsonld", "ntriples": "nt", "n-triples": "nt"}
_USUAL = 256  # characters of what a caller asks for, up to which the choice is remembered


@dataclass(frozen=True)
class Format:
    """A representation: its name for ``?format=``, its media type, and its suffix where that is not the name."""

    name: str
    media_type: str
    extension: str = ""

    @property
    def suffix(self) -> str:
        return self.extension or self.name

    @property
    def content_type(self) -> str:
        """The media type as a header says it."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


HTML = Format("html", "text/html")
JSON = Format("json", "application/json")
PROBLEM = Format("json", "application/problem+json")
TEXT = Format("table", "text/plain", "txt")
QUERY_TEXT = Format("rq", "application/sparql-query")

CSV = Format("csv", "text/csv")
TSV = Format("tsv", "text/tab-separated-values")
RESULTS_JSON = Format("srj", "application/sparql-results+json")
RESULTS_XML = Format("xml", "application/sparql-results+xml")

TURTLE = Format("ttl", "text/turtle")
JSON_LD = Format("jsonld", "application/ld+json")
N_TRIPLES = Format("nt", "application/n-triples")
RDF_XML = Format("rdf", "application/rdf+xml")
PDF = Format("pdf", "application/pdf")
DOCX = Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
TRIG = Format("trig", "application/trig")
SVG = Format("svg", "image/svg+xml")
GRAPHS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, TRIG)

SUFFIXES = frozenset(
    {
        "html",
        "json",
        "jsonl",
        "jsonld",
        "ttl",
        "nt",
        "rdf",
        "trig",
        "csv",
        "svg",
        "tsv",
        "xml",
        "xlsx",
        "txt",
        "rq",
        "srj",
        "pdf",
        "docx",
    }
)


class NotAcceptable(Exception):
    """None of the offered formats may be sent; carries what there is."""

    def __init__(self, offered: Sequence[Format], asked: str) -> None:
        self.offered = tuple(offered)
        self.asked = asked
        super().__init__(asked)


def choose(
    offered: Sequence[Format], accept: str | None, suffix: str | None = None, wanted: str | None = None
) -> Format:
    """The format that answers. Raises ``NotAcceptable`` where the resource has none that would do."""
    asked = (tuple(offered), accept, suffix, _ALSO.get(wanted or "", wanted))
    return _choose(*asked) if len(f"{accept}{wanted}") <= _USUAL else _choose.__wrapped__(*asked)


@lru_cache(maxsize=1024)
def _choose(offered: Sequence[Format], accept: str | None, suffix: str | None, wanted: str | None) -> Format:
    ranges = _ranges(accept)
    allowed = [form for form in offered if ranges is None or ranges.quality(form.media_type) > 0]
    for name in (suffix, wanted):
        if name:
            named = [form for form in offered if name in (form.name, form.suffix, form.media_type)]
            if not named:
                raise NotAcceptable(offered, name)
            if fitting := [form for form in named if form in allowed]:
                return _best(fitting, ranges)
    if not allowed:
        raise NotAcceptable(offered, accept or "")
    return _best(allowed, ranges)


def choose_for(request: Request, *offered: Format) -> Format:
    """The format that answers this request. Raises ``NotAcceptable``."""
    return choose(offered, accept_header(request), request.scope.get(SUFFIX_KEY), request.query_params.get("format"))


def accept_header(request: Request) -> str | None:
    """The ``Accept`` fields of a request as one; several are one list."""
    return ", ".join(request.headers.getlist("accept")) or None


def _best(allowed: Sequence[Format], ranges: MIMEAccept | None) -> Format:
    if ranges is None:
        return allowed[0]
    name = ranges.best_match([form.media_type for form in allowed])
    return next(form for form in allowed if form.media_type == name)


def _ranges(accept: str | None) -> MIMEAccept | None:
    """The media ranges without parameters; ``None`` where there are none that can be read, which excludes nothing."""
    found = [(item.partition(";")[0].strip(), quality) for item, quality in parse_accept_header(accept)]
    found = [("*/*" if item == "*" else item, quality) for item, quality in found]
    found = [(item, quality) for item, quality in found if item.count("/") == 1]
    return MIMEAccept(found) if found else None


def choose_language(known: Iterable[str], accept: str | None, wanted: str | None = None) -> str:
    """The language to answer in: the one asked for, or else the reader's best, where it is known; otherwise English."""
    asked = (frozenset(known), accept, wanted)
    return _choose_language(*asked) if len(f"{accept}{wanted}") <= _USUAL else _choose_language.__wrapped__(*asked)


@lru_cache(maxsize=1024)
def _choose_language(known: frozenset[str], accept: str | None, wanted: str | None) -> str:
    available = {tag.lower(): tag for tag in known}
    ranked = [(wanted, 1.0)] if wanted else sorted(parse_accept_header(accept), key=lambda item: -item[1])
    for tag, quality in ranked:
        primary = tag.lower().partition("-")[0]
        for name in (tag.lower(), primary, *(n for n in sorted(available) if n.startswith(f"{primary}-"))):
            if quality > 0 and name in available:
                return available[name]
    return FALLBACK_LANGUAGE
