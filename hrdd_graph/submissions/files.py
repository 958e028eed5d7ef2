"""Files of evidence: what they are is told from their content; the copy that may be published has no metadata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrdd_graph.errors import UnusableInput
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import HRDD, compact, expand
from hrdd_graph.submissions import stripping
from hrdd_graph.submissions.blobs import digest_of
from hrdd_graph.submissions.state import File
from hrdd_graph.terms import Iri, Quad

MOST_FILES = 20


@dataclass(frozen=True)
class Sent:
    """A file as it was sent, the id of the source or evidence that it belongs to, and the address of an archived copy.

    Without an id it belongs to the submission's first source.
    """

    content: bytes
    node: str = ""
    archived: str = ""


@dataclass(frozen=True)
class Ready:
    """A file of evidence that may be kept: what the log will say of it, and its two copies."""

    file: File
    copies: tuple[bytes, bytes]


def ready(sent: Sent, quads: Iterable[Quad]) -> Ready:
    """Make both copies of a file. Raises ``UnusableInput`` where it is of no known kind or belongs to nothing."""
    kind = stripping.kind_of(sent.content)
    if kind is None:
        fix = f"Send {', '.join(each.name for each in stripping.KINDS)}."
        raise UnusableInput.one("file", "is of no kind that is taken; its content tells, not its name.", fix=fix)
    node = _node(sent, quads)
    if sent.archived and (not sent.archived.startswith("https://") or set(sent.archived) & set(' <>"{}|\\^`\n')):
        raise UnusableInput.one("archived", "is no https address.", fix="Give the address of the archived copy.")
    published = kind.strip(sent.content)
    copies = (sent.content, published)
    sha256, stripped = (digest_of(copy) for copy in copies)
    return Ready(File(sha256, stripped, kind.media_type, len(sent.content), node, sent.archived), copies)


def _node(sent: Sent, quads: Iterable[Quad]) -> str:
    facts = Facts(quads)
    there = [
        n.value
        for kind in (HRDD.Source, HRDD.Interview, HRDD.Evidence)
        for n in facts.of_type(kind)
        if isinstance(n, Iri)
    ]
    if sent.node:
        wanted = expand(sent.node) if ":" in sent.node else expand(f"id:{sent.node}")
        if wanted not in there:
            what = f"{compact(wanted)} is no source and no evidence of this submission."
            raise UnusableInput.one("file", what, fix=f"Name one of {', '.join(map(compact, there[:10]))}.")
        return wanted
    if not there:
        raise UnusableInput.one("file", "belongs to nothing.", fix="Describe a source that it shows.")
    return sorted(there)[0]
