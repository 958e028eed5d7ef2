"""Where imports are kept: one folder each, with the statements and a catalogue entry that names them.

The entry is the switch: statements are written under the name of their digest first, then the entry is replaced in one
step, then the old statements go. Whatever happens in between, a build finds the old state or the new one.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import orjson

from hrdd_graph.catalog import DATA_BASE
from hrdd_graph.errors import UnusableInput
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import DCAT, DCTERMS, GRAPHS, HOME, HRDD, PROV, RDF
from hrdd_graph.ontology import read_turtle
from hrdd_graph.terms import Iri, Literal, Quad, RdfFormat, Term, Triple, parse, serialize

_ASIDE = "parties.json"
_LEVEL = 3  # of compression: a third of the time of 6, and files a sixth larger
_MOVES = frozenset([HRDD.locator.value])  # what changes when a row only moves


def root_of(term: Term | Triple) -> str:
    """The address of the record that a node belongs to: a nested node's without its fragment."""
    return term.value.partition("#")[0] if isinstance(term, Iri) else ""


def state_of(quads: Iterable[Quad]) -> dict[str, int]:
    """A number for what is said of each record, in any order, that does not change when its row only moves."""
    found: dict[str, int] = defaultdict(int)
    for quad in quads:
        if quad.predicate.value in _MOVES:
            continue
        digest = hashlib.blake2b(str(quad.triple).encode(), digest_size=8).digest()
        root = root_of(quad.subject)
        found[root] = added(found[root], int.from_bytes(digest, signed=True))
    return dict(found)


def added(one: int, other: int) -> int:
    """The sum of two states: a whole number of 64 bits with a sign, as a database keeps it."""
    return (one + other + 2**63) % 2**64 - 2**63


def n_quads(quads: Iterable[Quad], graph: str) -> Iterator[bytes]:
    """Statements as lines of N-Quads in a graph, whatever graph they are in."""
    name = Iri(graph)
    return (f"{Quad(quad.subject, quad.predicate, quad.object, name)} .\n".encode() for quad in quads)


@dataclass(frozen=True)
class Aside:
    """What an import keeps beside its statements, and never in them: addresses, which tell parties apart, by the
    parties' addresses in the graph, and what a person decided of links (party, candidate: ``same``, ``different``).
    """

    addresses: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[tuple[str, str], str] = field(default_factory=dict)


def addresses_beside(file: Path | None) -> Mapping[str, str]:
    """The addresses of the parties of an import whose statements are in this file."""
    return _aside(file.parent).addresses if file else {}


def _aside(folder: Path) -> Aside:
    path = folder / _ASIDE
    if not path.is_file():
        return Aside()
    try:
        found = orjson.loads(path.read_bytes())
        return Aside(dict(found["addresses"]), {(one, other): word for one, other, word in found["decisions"]})
    except (OSError, ValueError, KeyError, TypeError) as error:
        fix = "Take the file away; links that were decided have to be decided again."
        raise UnusableInput.one(path, f"cannot be read: {error}.", fix=fix) from error


@dataclass(frozen=True)
class Description:
    """What the catalogue says of an import or of an accepted submission."""

    name: str
    title: str
    description: str
    licence: str
    issued: str
    source: str
    public: bool = True

    @property
    def graph(self) -> str:
        return GRAPHS + self.name


class Draft:
    """Statements on their way, compressed and digested as they come in, in a file that goes when the program does."""

    def __init__(self) -> None:
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._stream = gzip.GzipFile("", "wb", _LEVEL, self._spool, mtime=0)
        self._digest = hashlib.sha256()

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._spool.close()

    def write(self, lines: bytes) -> None:
        """Add lines of N-Quads."""
        self._digest.update(lines)
        self._stream.write(lines)

    def finish(self, out: IO[bytes]) -> str:
        """Write the compressed file; gives the SHA-256 of the lines."""
        self._stream.close()
        self._spool.seek(0)
        shutil.copyfileobj(self._spool, out)
        return self._digest.hexdigest()


class Saved:
    """The import of a name as it is kept, or not yet, in a folder of imports."""

    def __init__(self, imports: Path, name: str) -> None:
        self.folder = imports / name
        self.entry = self.folder / "catalog.ttl"

    def file(self) -> Path | None:
        """The file of statements that the entry names."""
        if not self.entry.is_file():
            return None
        urls = [o.value for _, o in Facts(read_turtle(self.entry)).pairs(DCAT.downloadURL)]
        return self.folder / urls[0].rpartition("/")[2]

    def quads(self) -> Iterator[Quad]:
        """The statements on record, one after the other."""
        path = self.file()
        if path:
            with gzip.open(path, "rb") as stream:
                yield from parse(cast(IO[bytes], stream), format=RdfFormat.N_QUADS)

    def aside(self) -> Aside:
        """What is kept beside the statements. Raises ``UnusableInput`` where it is broken."""
        return _aside(self.folder)

    def replace(self, lines: Iterable[bytes], about: Description, aside: Aside) -> Path:
        """Keep these statements instead. Raises ``UnusableInput`` where the folder cannot be written."""
        with Draft() as draft:
            for some in lines:
                draft.write(some)
            return self.keep(draft, about, aside)

    def keep(self, draft: Draft, about: Description, aside: Aside) -> Path:
        """Keep the statements of a draft instead. Raises ``UnusableInput`` where the folder cannot be written."""
        part = self.folder / ".part.nq.gz"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            before = self.file()
            with part.open("wb") as stream:
                digest = draft.finish(stream)
            file = self.folder / f"{about.name}-{digest[:12]}.nq.gz"
            part.replace(file)
            self._keep_aside(aside)
            entry = self.folder / ".part.ttl"
            entry.write_bytes(_entry(about, file.name))
            entry.replace(self.entry)
            if before and before != file:
                before.unlink(missing_ok=True)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise  # no other folder would do
            raise UnusableInput.one(
                self.folder, f"cannot be written: {error.strerror}.", fix="Name a --root."
            ) from error
        finally:
            part.unlink(missing_ok=True)
        return file

    def _keep_aside(self, aside: Aside) -> None:
        path = self.folder / _ASIDE
        if not aside.addresses and not aside.decisions:
            path.unlink(missing_ok=True)
            return
        decisions = [[*pair, word] for pair, word in sorted(aside.decisions.items())]
        part = self.folder / ".part.json"
        part.write_bytes(orjson.dumps({"addresses": dict(sorted(aside.addresses.items())), "decisions": decisions}))
        part.replace(path)


def _entry(about: Description, file: str) -> bytes:
    dataset, place = Iri(f"{HOME}dataset/{about.name}"), Iri(f"{HOME}data/imports/{about.name}#file")
    triples = [
        Triple(dataset, RDF.type, DCAT.Dataset),
        Triple(dataset, DCTERMS.title, Literal(about.title, language="en")),
        Triple(dataset, DCTERMS.description, Literal(about.description, language="en")),
        Triple(dataset, DCTERMS.license, Iri(about.licence)),
        Triple(dataset, DCTERMS.issued, Literal(about.issued)),
        Triple(dataset, HRDD.hasAccess, HRDD.PublicAccess if about.public else HRDD.RestrictedAccess),
        Triple(dataset, HRDD.describesGraph, Iri(about.graph)),
        Triple(dataset, PROV.wasDerivedFrom, Iri(about.source)),
        Triple(dataset, DCAT.distribution, place),
        Triple(place, RDF.type, DCAT.Distribution),
        Triple(place, DCAT.downloadURL, Iri(f"{DATA_BASE}imports/{about.name}/{file}")),
    ]
    prefixes = {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "hrdd": HOME + "ontology#",
    }
    made = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes)
    assert made is not None
    return made
