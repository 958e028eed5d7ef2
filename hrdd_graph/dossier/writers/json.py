"""JSON: the whole document as it is, for programs."""

from __future__ import annotations

import dataclasses
from datetime import date
from fractions import Fraction
from typing import Any, BinaryIO

import orjson

from hrdd_graph.dossier.model import Dossier

MEDIA_TYPE = "application/json"
BINARY = False


def write(dossier: Dossier, stream: BinaryIO) -> None:
    """Write one object; the keys are the names of ``hrdd_graph.dossier.model``."""
    stream.write(orjson.dumps(_plain(dossier), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, Fraction):
        return round(float(value), 3)
    return value.isoformat() if isinstance(value, date) else value
