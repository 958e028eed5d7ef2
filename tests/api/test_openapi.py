"""The OpenAPI description is valid, says what each operation takes and gives, and the server keeps to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import httpx
import jsonschema
import pytest
import schemathesis
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from openapi_spec_validator import OpenAPIV31SpecValidator

from hrdd_graph.description.examples import example_values
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.templates import read_templates
from tests.api.promises import ALL_PROMISES, broken_promises

HEAVY = ("/gaps", "/gaps/{rule}/{digest}", "/dumps/{path}", "/reports/{kind}/{slug}")


@pytest.fixture(scope="module")
def document(program: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = program.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, found in document["paths"].items():
        for method, operation in found.items():
            yield path, method, operation


def test_the_description_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_operation_says_what_it_sends_and_how_it_fails(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, _, operation in operations(document):
        assert operation["summary"], path
        assert "default" in operation["responses"], path
        if "200" in operation["responses"]:
            assert operation["responses"]["200"]["content"], path
        if "{" in path:
            assert "404" in operation["responses"], path
        assert all(
            parameter.get("description") or parameter["in"] == "path" for parameter in operation.get("parameters", ())
        )
    assert document["components"]["responses"]["not-found"]["content"]["application/problem+json"]


def test_values_of_a_small_scheme_are_listed_with_their_labels(document: dict[str, Any]) -> None:
    (conduct,) = (
        parameter
        for parameter in document["paths"]["/queries/conduct-of-clusters"]["get"]["parameters"]
        if parameter["name"] == "conduct"
    )
    listed = {option["const"]: option["title"] for option in conduct["schema"]["anyOf"][0]["oneOf"]}
    assert listed["hrdd:WindowDressing"]
    assert "hrdd:LowRoad" in listed


def test_each_template_answers_its_example_in_the_shape_that_it_promises(
    document: dict[str, Any], program: httpx.Client, resources: Resources
) -> None:
    for template in read_templates(resources):
        path = f"/queries/{template.name}"
        operation = document["paths"][path]["get"]
        given = {p["name"] for p in operation["parameters"]}
        assert {parameter.name for parameter in template.parameters} <= given
        if template.form != "SELECT":
            continue
        answer = program.get(path, params=example_values(template))
        assert answer.status_code == 200, (path, answer.text)
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": document["components"]})


DESCRIBED = {
    "/gaps": {"rule": "certified-open-abuse"},
    "/gaps/diff": {"since": "2007-12-31"},
    "/rules": {},
    "/rules/{rule}": {},
    "/rules/{rule}/explain": {"focus": "organisation/mineria-yanacocha", "as_of": "2007-12-31"},
    "/gaps/{rule}/{digest}": {},
    "/queries": {},
    "/search": {"q": "yanacocha"},
    "/catalog": {},
    "/changes": {},
    "/dumps/": {},
    "/health": {},
    "/problem/{slug}": {},
}


@pytest.mark.parametrize("path", DESCRIBED)
def test_a_document_is_described_field_by_field_and_is_as_described(
    document: dict[str, Any], program: httpx.Client, finding_path: str, path: str
) -> None:
    place = finding_path if "{digest}" in path else path.replace("{rule}", "certified-open-abuse")
    answer = program.get(place.replace("{slug}", "not-found"), params=DESCRIBED[path])
    assert answer.status_code == 200
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    whole = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    assert answer.json().keys() <= whole["properties"].keys(), "no field that a client would not know of"
    jsonschema.validate(answer.json(), {**schema, "components": document["components"]})


def test_a_parameter_of_a_template_has_no_values_of_another_address(document: dict[str, Any]) -> None:
    """The filter ``rule`` of /gaps takes a name; a template takes the rule's address, and finds nothing by its name."""
    taken = {
        path: next(p["schema"] for p in found["get"]["parameters"] if p["name"] == "rule")
        for path, found in document["paths"].items()
        if path in ("/gaps", "/queries/gaps-by-firm")
    }
    assert "certified-open-abuse" in taken["/gaps"]["items"]["enum"]
    assert taken["/queries/gaps-by-firm"] == {"type": "string", "format": "iri-reference"}


def test_a_name_of_an_operation_is_made_of_its_address(document: dict[str, Any]) -> None:
    assert document["paths"]["/gaps/{rule}/{digest}"]["get"]["operationId"] == "get_gaps_rule_digest"
    assert document["paths"]["/"]["get"]["operationId"] == "get_start"


def test_answers_with_a_next_page_or_a_receipt_say_so(document: dict[str, Any], program: httpx.Client) -> None:
    for path, method, operation in operations(document):
        if path == "/search" or "Queries" in operation["tags"]:
            fields = operation["responses"]["200"].get("headers", {})
            assert path == "/queries" or {"Link", "Receipt", "ETag"} <= fields.keys(), f"{method} {path}"
    sent = program.get("/queries/open-abuses", params={"page_size": 2})
    assert {"link", "receipt", "etag"} <= sent.headers.keys()


def test_the_page_lists_every_operation(browser: httpx.Client, document: dict[str, Any]) -> None:
    page = browser.get("/docs").text
    for _, _, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in page


# -- the server keeps to it -------------------------------------------------------------------------------------------


def test_the_server_keeps_to_the_description(resources: Resources, store: EmbeddedStore) -> None:
    """Requests made from the schema, valid and not, to every operation; few to those that work hard."""
    app = create_app(resources, store, Settings())  # one of its own, since it is shut down behind the requests
    described = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [cast(Any, found).ok() for found in described.get_all_operations()]
    broken = broken_promises(operations, lambda path: 2 if path in HEAVY else 4, checks=ALL_PROMISES)
    assert not broken, "\n\n".join(broken)
