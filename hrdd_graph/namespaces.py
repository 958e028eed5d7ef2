"""Prefixes: the short names under which people, files and queries know our addresses."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from hrdd_graph.terms import Iri

HOME = "https://w3id.org/hrdd-graph/"
GRAPHS = HOME + "graph/"
IDS = HOME + "id/"

PREFIXES = MappingProxyType(
    {
        "hrdd": HOME + "ontology#",
        "id": IDS,
        "graph": GRAPHS,
        "gap": HOME + "gap/",
        "finding": HOME + "finding/",
        "udhr": HOME + "udhr/article/",
        "ungp": HOME + "ungp/principle/",
        "ilo": HOME + "ilo/",
        "iccpr": HOME + "iccpr/article/",
        "icescr": HOME + "icescr/article/",
        "ungc": HOME + "ungc/principle/",
        "oecd": HOME + "oecd/step/",
        "std": HOME + "standard/",
        "topic": HOME + "topic/",
        "regime": HOME + "regime/",
        "country": IDS + "country/",
        "lang": HOME + "language/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)


class Namespace:
    """An address that terms begin with: ``HRDD.Abuse`` is the term, ``HRDD["Abuse"]`` the same."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __getattr__(self, name: str) -> Iri:
        if name.startswith("_"):
            raise AttributeError(name)
        term = Iri(self._address + name)
        setattr(self, name, term)  # found at once the next time
        return term

    def __getitem__(self, name: str) -> Iri:
        return Iri(self._address + name)


HRDD = Namespace(PREFIXES["hrdd"])
DCAT = Namespace(PREFIXES["dcat"])
DCTERMS = Namespace(PREFIXES["dcterms"])
OWL = Namespace(PREFIXES["owl"])
PROV = Namespace(PREFIXES["prov"])
RDF = Namespace(PREFIXES["rdf"])
RDFS = Namespace(PREFIXES["rdfs"])
SH = Namespace(PREFIXES["sh"])
SKOS = Namespace(PREFIXES["skos"])
XSD = Namespace(PREFIXES["xsd"])

# Longest address first, so that id/country/ wins over id/.
_BY_LENGTH = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


@lru_cache(maxsize=1 << 14)
def compact(iri: str) -> str:
    """The short form of an address (``udhr:23.4``), or the address itself where no prefix fits."""
    for prefix, address in _BY_LENGTH:
        if iri.startswith(address) and len(iri) > len(address):
            return f"{prefix}:{iri[len(address) :]}"
    return iri


def expand(name: str) -> str:
    """The address that a short form stands for; an address comes back as it is."""
    prefix, colon, rest = name.partition(":")
    if colon and prefix in PREFIXES and not rest.startswith("//"):
        return PREFIXES[prefix] + rest
    return name


def sparql_prologue() -> str:
    """PREFIX lines for every prefix, for queries that rely on them."""
    return "".join(f"PREFIX {prefix}: <{address}>\n" for prefix, address in PREFIXES.items())
