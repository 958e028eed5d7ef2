"""Which representation answers: Accept, then suffix, then ?format=, then the order in which formats are offered."""

from __future__ import annotations

from contextlib import suppress

import httpx
import pytest
from hrdd_api.negotiation import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    JSON_LD,
    N_TRIPLES,
    TURTLE,
    Format,
    NotAcceptable,
    choose,
    choose_language,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.api.conftest import BROWSER

OFFERED = (JSON, HTML, TURTLE, JSON_LD, CSV)

TABLE = [
    # accept, suffix, ?format=, what answers
    (None, None, None, JSON),
    ("", None, None, JSON),
    ("*/*", None, None, JSON),
    ("*", None, None, JSON),
    (BROWSER, None, None, HTML),
    (BROWSER, "csv", None, CSV),
    (BROWSER, None, "ttl", TURTLE),
    (BROWSER, "csv", "ttl", CSV),
    ("text/turtle", None, None, TURTLE),
    ("text/turtle", "csv", None, TURTLE),  # Accept has the first word
    ("text/turtle", None, "csv", TURTLE),
    ("text/turtle;q=0.5, text/html;q=0.4", None, None, TURTLE),
    ("text/*", None, None, HTML),
    ("text/*, text/html;q=0", None, None, TURTLE),
    ("*/*, application/json;q=0", None, None, HTML),
    ("application/ld+json;profile=x, */*;q=0.1", None, None, JSON_LD),
    ("application/json; charset=utf-8", None, None, JSON),
    ("APPLICATION/JSON", None, None, JSON),
    ("text/csv;header=present", None, None, CSV),
    ("image/png, */*;q=0.1", None, None, JSON),
    ("this is no accept header", None, None, JSON),
    ("text/turtle;q=nonsense, text/csv", None, None, CSV),
]


@pytest.mark.parametrize(("accept", "suffix", "wanted", "expected"), TABLE)
def test_the_format_that_answers(accept: str | None, suffix: str | None, wanted: str | None, expected: Format) -> None:
    assert choose(OFFERED, accept, suffix, wanted) == expected


@pytest.mark.parametrize(
    ("accept", "suffix", "wanted"),
    [("image/png", None, None), ("*/*;q=0", None, None), (None, "xlsx", None), (BROWSER, None, "nonsense")],
)
def test_what_there_is_not_is_refused_with_what_there_is(
    accept: str | None, suffix: str | None, wanted: str | None
) -> None:
    with pytest.raises(NotAcceptable) as caught:
        choose(OFFERED, accept, suffix, wanted)
    assert caught.value.offered == OFFERED


_TYPES = st.sampled_from(
    [form.media_type for form in (*OFFERED, N_TRIPLES)] + ["text/*", "*/*", "image/png", "application/*"]
)
_RANGES = st.lists(st.tuples(_TYPES, st.integers(0, 1000)), min_size=1, max_size=6, unique_by=lambda pair: pair[0])


def quality(ranges: list[tuple[str, int]], media_type: str) -> int:
    """RFC 9110, 12.5.1, said once more and differently: the most specific range that fits decides."""
    by_range = dict(ranges)
    kind = media_type.partition("/")[0]
    for name in (media_type, f"{kind}/*", "*/*"):
        if name in by_range:
            return by_range[name]
    return 0


@given(ranges=_RANGES)
def test_no_offered_format_would_have_been_liked_better(ranges: list[tuple[str, int]]) -> None:
    accept = ", ".join(f"{name};q={q / 1000:.3f}" for name, q in ranges)
    best = max(quality(ranges, form.media_type) for form in OFFERED)
    if best == 0:
        with pytest.raises(NotAcceptable):
            choose(OFFERED, accept)
    else:
        assert quality(ranges, choose(OFFERED, accept).media_type) == best


@given(ranges=_RANGES, suffix=st.sampled_from([form.suffix for form in OFFERED]))
def test_a_suffix_wins_wherever_accept_allows_it(ranges: list[tuple[str, int]], suffix: str) -> None:
    accept = ", ".join(f"{name};q={q / 1000:.3f}" for name, q in ranges)
    named = next(form for form in OFFERED if form.suffix == suffix)
    if quality(ranges, named.media_type) > 0:
        assert choose(OFFERED, accept, suffix) == named


@given(accept=st.text(max_size=60), suffix=st.none() | st.text(max_size=5), wanted=st.none() | st.text(max_size=5))
def test_no_header_makes_it_fail(accept: str, suffix: str | None, wanted: str | None) -> None:
    with suppress(NotAcceptable):
        assert choose(OFFERED, accept, suffix, wanted) in OFFERED


@pytest.mark.parametrize(
    ("accept", "wanted", "expected"),
    [
        (None, None, "en"),
        ("fr-CA, en;q=0.5", None, "fr"),
        ("xx", None, "en"),
        ("de;q=0.2, es;q=0.9", None, "es"),
        ("fr", "es-MX", "es"),
        ("fr", "xx", "en"),  # an answer is in one of the languages that there are, and says in which
        ("*", None, "en"),
        ("no header; at all;;", None, "en"),
    ],
)
def test_the_language_that_answers(accept: str | None, wanted: str | None, expected: str) -> None:
    assert choose_language({"en", "fr", "es", "de"}, accept, wanted) == expected


# -- over HTTP -------------------------------------------------------------------------------------------------------

NODE = "/udhr/article/23.4"


@pytest.mark.parametrize("form", [JSON, HTML, *GRAPHS])
def test_the_three_ways_to_ask_give_the_same_bytes(program: httpx.Client, form: Format) -> None:
    by_accept = program.get(NODE, headers={"Accept": form.media_type})
    by_suffix = program.get(f"{NODE}.{form.suffix}")
    by_format = program.get(NODE, params={"format": form.name})
    assert by_accept.headers["content-type"].partition(";")[0] == form.media_type
    if form is not HTML:  # a page says where it is
        assert by_accept.content == by_suffix.content == by_format.content
    assert {r.status_code for r in (by_accept, by_suffix, by_format)} == {200}
    assert by_accept.headers["content-location"] == f"{NODE}.{form.suffix}"


def test_answers_say_on_what_they_vary(program: httpx.Client) -> None:
    for path in ("/gaps", NODE, "/nothing/here", "/sparql"):
        assert {"Accept", "Accept-Language"} <= set(program.get(path).headers["vary"].replace(" ", "").split(","))


def test_406_lists_what_there_is(program: httpx.Client) -> None:
    refused = program.get("/gaps", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert refused.headers["content-type"] == "application/problem+json"
    assert "text/csv (.csv)" in refused.json()["fix"]


def test_labels_are_in_the_readers_language(program: httpx.Client) -> None:
    french = program.get("/rules/certified-open-abuse", headers={"Accept-Language": "fr"})
    assert french.json()["label"] == "Certifié, avec une atteinte sans réparation"
    assert french.headers["content-language"] == "fr"
    assert program.get("/rules/certified-open-abuse?language=de").json()["label"].startswith("Zertifiziert")


def test_head_answers_like_get_without_a_body(program: httpx.Client) -> None:
    got, head = program.get(NODE), program.head(NODE)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize("path", ["/sparql", "/reconcile", "/suggestions/rights"])
def test_pages_of_other_sites_may_post_questions(program: httpx.Client, path: str) -> None:
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    allowed = program.options(path, headers=asked)
    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in allowed.headers
