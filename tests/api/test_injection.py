"""No text that a caller sends becomes part of a query, a page, a header or a file name."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ATTACKS = [
    "udhr:23> } UNION { ?s ?p ?o } #",
    "x> ?p ?o } SERVICE <http://127.0.0.1:9/> { <y",
    'en" } SERVICE <http://127.0.0.1:9/> { ?a ?b "',
    "'; DROP ALL; --",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "a\r\nSet-Cookie: x=1",
    "\x00",
    "\ud7ff\ue000\ufffe",
    "A" * 5000,
    "%",
    "http://example.org/\u202e",
    "urn:x:${jndi:ldap://127.0.0.1:9/a}",
]

PLACES = [
    ("/gaps", "focus"),
    ("/gaps", "rule"),
    ("/gaps", "severity"),
    ("/gaps", "as_of"),
    ("/gaps", "language"),
    ("/gaps", "format"),
    ("/queries/abuses-by-right", "right"),
    ("/queries/figures", "about"),
    ("/queries/figures", "quantity"),
    ("/queries/figures", "language"),
    ("/queries/risks-by-cluster", "cluster"),
    ("/queries/certificates-and-open-abuses", "day"),
    ("/sparql", "query"),
    ("/sparql", "default-graph-uri"),
    ("/id/organisation/newmont", "as_of"),
]

PREFIXES = [
    "/", "/id/", "/id/organisation/", "/gaps/", "/rules/", "/queries/", "/graph/", "/data/", "/ontology/", "/problem/",
    "/finding/a/", "/static/",
]  # fmt: skip


_OWN_SCRIPT = re.compile(r'<script src="/static/[\w./-]+" (?:defer|type="module")></script>')


def assert_harmless(answer: httpx.Response) -> None:
    assert answer.status_code in (200, 400, 404, 406, 422), answer.text
    assert "set-cookie" not in answer.headers
    assert "root:" not in answer.text
    if answer.headers["content-type"].startswith("text/html"):
        assert "<script" not in _OWN_SCRIPT.sub("", answer.text)
        assert "<img" not in answer.text
        assert 'href="javascript:' not in answer.text
        assert ">49<" not in answer.text


@pytest.mark.parametrize(("path", "name"), PLACES)
def test_no_parameter_reaches_further_than_its_value(
    program: httpx.Client, browser: httpx.Client, path: str, name: str
) -> None:
    for attack in ATTACKS:
        for client in (program, browser):
            assert_harmless(client.get(f"{path}?{name}={quote(attack, safe='')}"))


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_path_reaches_further_than_its_address(program: httpx.Client, browser: httpx.Client, prefix: str) -> None:
    for attack in ATTACKS:
        for client in (program, browser):
            answer = client.get(prefix + quote(attack, safe=""))
            if answer.status_code != 303:
                assert_harmless(answer)


def test_no_redirect_leaves_the_server(program: httpx.Client) -> None:
    for attack in (*ATTACKS, "//evil.example", "\\\\evil.example", "https://evil.example/"):
        for path in ("/finding/{}/x", "/finding/x/{}", "/gap/{}", "/run/{}-x"):
            answer = program.get(path.format(quote(attack, safe="")))
            if answer.status_code == 303:
                assert answer.headers["location"].startswith(("/gaps", "/rules"))


def test_a_question_about_nothing_finds_nothing(program: httpx.Client) -> None:
    """The attack that would widen an answer gives no rows, or is no address at all."""
    for attack in ATTACKS:
        answer = program.get("/queries/abuses-by-right", params={"right": attack})
        assert answer.status_code == 422 or answer.json()["rows"] == []


@settings(max_examples=60)
@given(text=st.text(min_size=1, max_size=40))
def test_any_text_is_a_value_or_a_mistake(program: httpx.Client, text: str) -> None:
    plain = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = program.get("/queries/figures", params={"quantity": plain})
    assert answer.status_code == 200
    assert (
        answer.json()["rows"] == [] or plain in {row["quantity"]["value"] for row in answer.json()["rows"]} or not plain
    )


@settings(max_examples=60)
@given(path=st.text(max_size=30))
def test_any_path_is_found_or_not(program: httpx.Client, path: str) -> None:
    plain = path.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert program.get("/id/organisation/" + quote(plain, safe="/")).status_code in (200, 404)
