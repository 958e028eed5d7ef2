"""The shapes of JSON answers as JSON Schema, from the types that the functions that make them are checked against."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

REFERENCE = "#/components/schemas/{model}"


class _Untitled(GenerateJsonSchema):
    """Without a title for each field: it would only say its name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def named_once(known: dict[str, Any], more: dict[str, Any]) -> None:
    """Add schemas to those that are known. Raises ``ValueError`` where one name would stand for two shapes."""
    for name, schema in more.items():
        if known.setdefault(name, schema) != schema:
            raise ValueError(f"two documents are called {name}; clients would get one class for both")


@cache
def shape_of(kind: Any) -> tuple[str, dict[str, Any]]:
    """The name of a type, and the schemas of it and of all that it is made of, by name."""
    schema = TypeAdapter(kind).json_schema(mode="serialization", ref_template=REFERENCE, schema_generator=_Untitled)
    schemas: dict[str, Any] = schema.pop("$defs", {})
    name = str(kind.__name__)
    return name, schemas | ({name: schema} if name not in schemas else {})
