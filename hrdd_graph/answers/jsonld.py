"""JSON-LD: the statements of a graph as nested objects, shaped by the template's frame, with short names.

PyLD does the framing (https://www.w3.org/TR/json-ld11-framing/). No context is ever fetched: ours stands inside.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from hrdd_graph.answers._answer import TemplateAnswer
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.results import graph_document

MEDIA_TYPE = "application/ld+json"
EXTENSION = "jsonld"
KINDS = ("graph",)


def write(answer: TemplateAnswer, stream: BinaryIO) -> None:
    """Write the graph, framed where the template has a frame, compacted in any case."""
    from pyld import jsonld

    used = graph_document(answer.triples, "nt").decode()
    context = {prefix: address for prefix, address in PREFIXES.items() if address in used}
    options = {"documentLoader": _refuse, "processingMode": "json-ld-1.1", "useNativeTypes": False}
    expanded = jsonld.from_rdf(used, {**options, "format": "application/n-quads"})
    if answer.template.frame:
        frame = {"@context": context, **answer.template.frame}
        document = jsonld.frame(expanded, frame, {**options, "omitGraph": False})
    else:
        document = jsonld.compact(expanded, context, {**options, "graph": True})
    stream.write(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n")


def _refuse(url: str, options: Any = None) -> Any:
    raise ValueError(f"{url} is not fetched: contexts stand inside the document.")
