"""Requests made from the OpenAPI description, valid and not, and what the answers break of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

PROMISES = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
# What schemathesis checks, but for one: whether a well-formed value is in the graph is nothing that a schema can say.
ALL_PROMISES = [*PROMISES, unsupported_method, negative_data_rejection]
SECONDS = 60  # of an answer, on a machine that does much else
QUICK = settings(
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def broken_promises(
    operations: Iterable[Any], examples: Callable[[str], int], *, checks: list[Any], **call: Any
) -> list[str]:
    """What answers break, operation by operation. ``examples`` says of a path how many requests to make."""
    return [
        f"{operation.label}: {told}"
        for operation in operations
        for told in _broken(operation, examples(operation.path), checks, call)
    ]


def _broken(operation: Any, examples: int, checks: list[Any], call: dict[str, Any]) -> list[str]:
    asked: list[Any] = []

    @given(case=_requests(operation))
    @settings(QUICK, max_examples=examples)
    def keeps(case: Any) -> None:
        # A query value that is an object is written as fields of their own, an empty one as nothing at all: what is
        # sent does then keep to the schema.
        assume(not any(isinstance(value, dict) for value in (case.query or {}).values()))
        asked[:] = [case]
        case.call_and_validate(checks=checks, timeout=SECONDS, **call)

    try:
        keeps()
    except (BaseExceptionGroup, Exception) as error:
        found = error.exceptions if isinstance(error, BaseExceptionGroup) else (error,)
        sent = "; ".join(f"{name} {getattr(case, name)!r}" for case in asked for name in ("query", "body"))
        return [f"{one}\nAsked with {sent}" for one in found]
    return []


def _requests(operation: Any) -> Any:
    """Requests that keep to the schema, and requests that do not."""
    valid = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    return valid | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
