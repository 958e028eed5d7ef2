"""Rights and where they are infringed: the abuses on record for each article, by cluster, country or sector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.namespaces import PREFIXES, sparql_prologue
from hrdd_graph.terms import Iri, Literal
from hrdd_graph.view import View

ARTICLES = tuple(f"{PREFIXES['udhr']}{number}" for number in range(1, 31))
PRINCIPLES = tuple(f"{PREFIXES['ungp']}{number}" for number in range(1, 32))

# What stands in the columns, and how an abuse leads to it.
DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "cluster": ("hrdd:IndustrialCluster", "hrdd:occurredIn/hrdd:locatedIn*"),
    "country": ("hrdd:Country", "hrdd:occurredIn/hrdd:locatedIn*"),
    "sector": ("hrdd:Sector", "hrdd:occurredIn/hrdd:hasSector"),
}


@dataclass(frozen=True)
class Spread:
    """How many abuses infringe an article or a part of it, by article and column; with the names of both."""

    dimension: str
    articles: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    labels: Labels


def spread(view: View, dimension: str, language: str) -> Spread:
    """The abuses of a view by article of the Universal Declaration and by a dimension; empty rows are left out.

    The columns with most abuses come first. One abuse can infringe several articles, in several places.
    """
    kind, path = DIMENSIONS[dimension]
    rows = view.select(
        f"{sparql_prologue()}SELECT ?article ?column (COUNT(DISTINCT ?abuse) AS ?count) WHERE {{ "
        "?abuse a hrdd:Abuse , hrdd:StandingRecord ; hrdd:infringes/hrdd:isPartOfProvision* ?article . "
        f'FILTER ( STRSTARTS(STR(?article), "{PREFIXES["udhr"]}") ) ?abuse {path} ?column . ?column a {kind} }} '
        "GROUP BY ?article ?column"
    )
    counts = {
        (article.value, column.value): int(count.value)
        for article, column, count in rows.rows
        if isinstance(article, Iri) and isinstance(column, Iri) and isinstance(count, Literal)
        if article.value in ARTICLES
    }
    say = labels_for(view, {Iri(iri) for pair in counts for iri in pair}, language)
    totals: dict[str, int] = {}
    for (_, column), count in counts.items():
        totals[column] = totals.get(column, 0) + count
    return Spread(
        dimension,
        tuple(article for article in ARTICLES if any(article == row for row, _ in counts)),
        tuple(sorted(totals, key=lambda column: (-totals[column], say(Iri(column))))),
        counts,
        say,
    )


def abuses_of_provisions(view: View) -> dict[str, int]:
    """How many abuses infringe or engage each provision or a part of it."""
    rows = view.select(
        f"{sparql_prologue()}SELECT ?provision (COUNT(DISTINCT ?abuse) AS ?count) WHERE {{ "
        "?abuse a hrdd:Abuse , hrdd:StandingRecord ; (hrdd:infringes|hrdd:engages)/hrdd:isPartOfProvision* ?provision }"
        " GROUP BY ?provision"
    )
    return {
        provision.value: int(count.value)
        for provision, count in rows.rows
        if isinstance(provision, Iri) and isinstance(count, Literal)
    }
