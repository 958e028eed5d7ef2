"""The operations keep to their OpenAPI description: for those who may use them, and for those who may not."""

from __future__ import annotations

from typing import Any, cast

import pytest
import schemathesis

from tests.api.promises import PROMISES, broken_promises
from tests.api.submissions.world import World, sent


def test_every_operation_keeps_to_its_description_for_those_who_may(world: World) -> None:
    """Requests made from the schema, valid and not, with a token that has every right."""
    described = schemathesis.openapi.from_url(f"{world.client.base_url}/openapi.json")
    headers = {"Authorization": f"Bearer {world.secrets['all']}"}
    operations = (cast(Any, found).ok() for found in described.get_all_operations())
    ours = [operation for operation in operations if operation.path.startswith(("/submissions", "/evidence"))]
    broken = broken_promises(ours, lambda _: 5, checks=PROMISES, headers=headers)
    assert not broken, "\n\n".join(broken)


def test_an_operation_asks_for_the_scopes_that_it_names_and_for_no_token_where_it_names_none(world: World) -> None:
    document = world.client.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["security"] == [{}, {"token": []}], "public graphs need none"
    name = sent(world, "scopes")
    holders = {"ngo": "submit", "curator": "decide", "reader": ""}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            address = path.replace("{submission}", name)
            body = {"files": {"data": ("x.ttl", b"", "text/turtle")}} if method == "post" else {}
            said = [scope for way in operation.get("security", ()) for scope in way["token"]]
            status = world.ask("", method, address, **body).status_code
            if "security" in operation:
                assert status == 401, f"{method} {path}"
            elif method == "get":
                assert status != 401, f"{method} {path}"
            for holder, scope in holders.items() if said else ():
                refused = world.ask(holder, method, address, **body).status_code == 403
                assert refused == (scope not in said), f"{method} {path} for {holder}"


@pytest.mark.parametrize("path", ["", "/rights"])
def test_a_submission_is_described_as_it_is(world: World, path: str) -> None:
    import jsonschema

    document = world.client.get("/openapi.json").json()
    name = sent(world, f"described{path.strip('/')}")
    operation = document["paths"][f"/submissions/{{submission}}{path}"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    for who in ("ngo", "curator"):
        answer = world.ask(who, "GET", f"/submissions/{name}{path}").json()
        jsonschema.validate(answer, {**schema, "components": document["components"]})
