"""The countries of an answer on a map, each with its number: of the first column of numbers, else of things.

A country is as near as it goes: the graph holds no coordinates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hrdd_api.drawn import Answer, NotDrawable
from hrdd_api.drawn._columns import Number, addresses, number, numbers
from hrdd_graph.labels import labels_for, words
from hrdd_graph.namespaces import HOME, sparql_prologue
from hrdd_graph.pictures.svg import Picture
from hrdd_graph.pictures.world_map import world_map
from hrdd_graph.speech import mark
from hrdd_graph.store import Rows
from hrdd_graph.terms import Iri, Literal, Term, parts, sparql_text
from hrdd_graph.view import View

TITLE = mark("Map")
SUMMARY = mark("By country; the graph knows no nearer place. Numbers of several things in a country are added up.")
_CLASS = "low"


def draw(answer: Answer) -> Picture:
    """A sign for each country. Raises ``NotDrawable`` where nothing of the answer lies in one."""
    rows = answer.rows if not answer.triples else _subjects(answer)
    things = {term for row in rows.rows for term in row if isinstance(term, Iri) and term.value.startswith(HOME)}
    where = _countries(answer.view, things)
    column = next((n for n in addresses(rows) if any(row[n] in where for row in rows.rows)), None)
    if column is None:
        raise NotDrawable(
            answer.say(mark("Nothing in this answer lies in a country that the graph knows.")),
            answer.say(mark("Ask for a column of countries, places, parties or abuses.")),
        )
    counted = next(iter(numbers(rows)), None)
    placed = [(row, thing) for row in rows.rows if isinstance(thing := row[column], Iri) and thing in where]
    found: dict[Iri, Number] = defaultdict(int)
    for country, value in _values(placed, where, counted):
        found[country] += value
    codes = {country: code for places in where.values() for country, code in places.items()}
    say = labels_for(answer.view, found, answer.language)
    order = sorted((country for country in found if found[country] > 0), key=lambda c: (-found[c], say(c)))
    series = {"number": (words(rows.variables[column if counted is None else counted]), _CLASS)}
    drawn = [(say(country), answer.href(country.value), {"number": found[country]}) for country in order]
    return world_map(answer.say(TITLE), answer.say(SUMMARY), series, drawn, [codes[country] for country in order])


def _values(
    placed: Sequence[tuple[Sequence[Term | None], Iri]], where: Mapping[Iri, Mapping[Iri, str]], counted: int | None
) -> Iterator[tuple[Iri, Number]]:
    """Numbers for countries, to be added up: each thing once, or the numbers in a column.

    Where rows are about countries, only theirs count: what is told of a country holds what is told of its places.
    """
    if counted is None:
        yield from ((country, 1) for thing in dict.fromkeys(thing for _, thing in placed) for country in where[thing])
        return
    of_countries = [(row, thing) for row, thing in placed if thing in where[thing]]
    for row, thing in of_countries or placed:
        yield from ((country, number(row[counted]) or 0) for country in where[thing])


def _subjects(answer: Answer) -> Rows:
    """The things that a graph says something of, each a row."""
    return Rows(("thing",), tuple((term,) for term in Counter(parts(triple)[0] for triple in answer.triples)))


def _countries(view: View, things: Iterable[Iri]) -> dict[Iri, dict[Iri, str]]:
    """The countries of each thing that lies in some, with their codes of two letters."""
    values = " ".join(sorted(map(sparql_text, things)))
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?thing ?country ?code WHERE {{ VALUES ?thing {{ {values} }} "
        "?thing (hrdd:occurredIn|hrdd:isBasedIn|hrdd:hasJurisdiction)?/hrdd:locatedIn* ?country . "
        "?country a hrdd:Country ; hrdd:iso2 ?code }"
    )
    found: dict[Iri, dict[Iri, str]] = defaultdict(dict)
    for thing, country, code in rows.rows:
        if isinstance(thing, Iri) and isinstance(country, Iri) and isinstance(code, Literal):
            found[thing][country] = code.value
    return found
