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
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from hrdd_graph.description.examples import example_values
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.templates import read_templates

HEAVY = ("/gaps", "/gaps/{rule}/{digest}", "/dumps/{path}", "/reports/{kind}/{slug}")
# What schemathesis checks, but for one: whether a well-formed value is in the graph is nothing that a schema can say.
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
    negative_data_rejection,
]


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


def test_the_page_lists_every_operation(browser: httpx.Client, document: dict[str, Any]) -> None:
    page = browser.get("/docs").text
    for _, _, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in page


# -- the server keeps to it -------------------------------------------------------------------------------------------


_QUICK = settings(
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_server_keeps_to_the_description(resources: Resources, store: EmbeddedStore) -> None:
    """Requests made from the schema, valid and not, to every operation; few to those that work hard."""
    app = create_app(resources, store, Settings())  # one of its own, since it is shut down behind the requests
    described = schemathesis.openapi.from_asgi("/openapi.json", app)
    broken = []
    for found in described.get_all_operations():
        operation = cast(Any, found).ok()

        @given(case=strategy_of(operation))
        @settings(_QUICK, max_examples=2 if operation.path in HEAVY else 4)
        def keeps(case: Any) -> None:
            case.call_and_validate(checks=CHECKS)

        try:
            keeps()
        except BaseExceptionGroup as error:
            broken += [f"{operation.label}: {part}" for part in error.exceptions]
        except Exception as error:
            broken.append(f"{operation.label}: {error}")
    assert not broken, "\n\n".join(broken)


def strategy_of(operation: Any) -> Any:
    """Requests that keep to the schema, and requests that do not."""
    valid = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    return valid | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
