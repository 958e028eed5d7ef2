"""Receipts: what an answer rests on, short enough for a header, complete enough to ask the same again.

A receipt names the question with its version and parameters, the day, the state of each data graph, the number of rows
and a digest of the result, the licences, and the weakest evidence. ``hrdd replay`` asks again and says whether the
result is the same, or what has changed since.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import orjson
from typing_extensions import TypedDict

from hrdd_graph import __version__
from hrdd_graph.errors import UnusableInput
from hrdd_graph.rules import Rule
from hrdd_graph.view import View

_PREFIX = "hrdd1."
_MOST = 20_000
_WINDOW = 12  # 4 kB are as good as zlib's 32 for so short a text, and need no fresh pages of memory each time


class ReceiptDocument(TypedDict):
    """What an answer rests on; ``receipt`` is the word that `hrdd replay` takes."""

    kind: str
    name: str
    version: str
    parameters: Mapping[str, Sequence[str]]
    language: str
    asOf: str
    knownOn: str | None
    graphDigest: str
    graphs: Mapping[str, str]
    rows: int
    result: str
    licences: Sequence[str]
    weakest: str
    page: Sequence[int] | None
    software: str
    rules: Mapping[str, str]
    receipt: str


@dataclass(frozen=True)
class Receipt:
    """What an answer rests on. ``kind`` is ``query``, ``gaps``, ``why``, ``rules`` or ``search``.

    ``graphs`` maps data graphs to their digests.

    ``rules`` maps the rules that were asked to their versions; it is empty where only the graphs were.
    """

    kind: str
    name: str
    version: str
    parameters: Mapping[str, tuple[str, ...]]
    language: str
    as_of: str
    known_on: str | None
    graph_digest: str
    graphs: Mapping[str, str]
    rows: int
    result: str
    licences: tuple[str, ...]
    weakest: str
    page: tuple[int, int] | None = None
    software: str = f"hrdd-graph {__version__}"
    rules: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def token(self) -> str:
        """The receipt as one word of ASCII."""
        text = orjson.dumps(self._facts, option=orjson.OPT_SORT_KEYS)
        press = zlib.compressobj(wbits=_WINDOW, memLevel=6)
        packed = press.compress(text) + press.flush()
        return _PREFIX + base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def document(self) -> ReceiptDocument:
        """The receipt as plain data, with its token."""
        return {
            "kind": self.kind,
            "name": self.name,
            "version": self.version,
            "parameters": self.parameters,
            "language": self.language,
            "asOf": self.as_of,
            "knownOn": self.known_on,
            "graphDigest": self.graph_digest,
            "graphs": self.graphs,
            "rows": self.rows,
            "result": self.result,
            "licences": self.licences,
            "weakest": self.weakest,
            "page": self.page,
            "software": self.software,
            "rules": self.rules,
            "receipt": self.token,
        }

    @property
    def _facts(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in _FIELDS}


_FIELDS = tuple(each.name for each in fields(Receipt))


def read_receipt(token: str) -> Receipt:
    """Read a receipt's token, also with the words that a report or table has before it, or broken into lines.

    Raises ``UnusableInput`` where it is none.
    """
    token = "".join(token.split()).removeprefix("#").removeprefix("receipt:")
    try:
        if not token.startswith(_PREFIX) or len(token) > _MOST:
            raise ValueError
        body = token.removeprefix(_PREFIX)
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        text = zlib.decompressobj().decompress(packed, _MOST * 10)
        facts = json.loads(text)
        facts["parameters"] = {str(k): tuple(map(str, v)) for k, v in facts["parameters"].items()}
        facts["licences"] = tuple(facts["licences"])
        facts["rules"] = {str(k): str(v) for k, v in facts.get("rules", {}).items()}
        facts["page"] = tuple(facts["page"]) if facts["page"] else None
        return Receipt(**facts)
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error, binascii.Error):
        raise UnusableInput.one(
            "receipt", "is not a receipt of this software.", fix="Copy it whole: it begins with hrdd1."
        ) from None


def document_receipt(
    view: View, kind: str, parameters: Mapping[str, Sequence[str]], rules: Iterable[Rule], language: str, document: Any
) -> Receipt:
    """The receipt of an answer that is one document of plain data; ``result`` is a digest of its JSON."""
    versions = {rule.name: rule.version for rule in sorted(rules, key=lambda rule: rule.name)}
    return Receipt(
        kind=kind,
        name=kind,
        version=_digest(versions)[:12],
        parameters={name: tuple(given) for name, given in sorted(parameters.items())},
        language=language,
        as_of=view.as_of.isoformat(),
        known_on=view.known_on.isoformat() if view.known_on else None,
        graph_digest=view.digest,
        graphs=view.data_graphs,
        rows=1,
        result=f"sha256:{_digest(document)}",
        licences=view.licences,
        weakest="",
        rules=versions,
    )


def _digest(document: Any) -> str:
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
