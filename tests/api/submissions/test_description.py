"""The operations keep to their OpenAPI description for those who may use them."""

from __future__ import annotations

from typing import Any, cast

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.submissions.world import World

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


def test_every_operation_keeps_to_its_description_for_those_who_may(world: World) -> None:
    """Requests made from the schema, valid and not, with a token that has every right."""
    described = schemathesis.openapi.from_url(f"{world.client.base_url}/openapi.json")
    headers = {"Authorization": f"Bearer {world.secrets['all']}"}
    broken = []
    for found in described.get_all_operations():
        operation = cast(Any, found).ok()
        if not operation.path.startswith(("/submissions", "/evidence")):
            continue

        @given(
            case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE) | operation.as_strategy()
        )
        @settings(
            derandomize=True, deadline=None, max_examples=5, database=None, suppress_health_check=list(HealthCheck)
        )
        def keeps(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        try:
            keeps()
        except BaseExceptionGroup as error:
            broken += [f"{operation.label}: {part}" for part in error.exceptions]
        except Exception as error:
            broken.append(f"{operation.label}: {error}")
    assert not broken, "\n\n".join(broken)
