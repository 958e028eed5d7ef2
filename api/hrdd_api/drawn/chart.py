"""Numbers as bars: a group for each row, called after its first column that is no number, a bar for each number."""

from __future__ import annotations

from hrdd_api.drawn import Answer, NotDrawable
from hrdd_api.drawn._columns import number, numbers
from hrdd_graph.labels import words
from hrdd_graph.pictures.bars import bars
from hrdd_graph.pictures.svg import Picture
from hrdd_graph.speech import mark
from hrdd_graph.terms import Iri

TITLE = mark("Chart")
SUMMARY = mark("The numbers of each row as bars.")
_ROWS = 60  # more are no picture
_CLASSES = ("low", "tip", "medium")  # none that looks like a harm


def draw(answer: Answer) -> Picture:
    """A group of bars for each of the first rows. Raises ``NotDrawable`` where no column holds numbers."""
    rows, counted = answer.rows, numbers(answer.rows)[: len(_CLASSES)]
    if not counted:
        raise NotDrawable(
            answer.say(mark("No column of this answer holds numbers.")),
            answer.say(mark("Ask for one, such as (COUNT(*) AS ?number) with GROUP BY.")),
        )
    named = _name_column(answer, numbers(answer.rows))
    series = {str(n): (words(rows.variables[n]), class_) for n, class_ in zip(counted, _CLASSES, strict=False)}
    drawn = []
    for place, row in enumerate(rows.rows[:_ROWS], 1):
        term = row[named] if named is not None else None
        label = answer.names(term) if term is not None else str(place)
        link = answer.href(term.value) if isinstance(term, Iri) else ""
        drawn.append((label, link, {str(n): found for n in counted if (found := number(row[n])) is not None}))
    said = answer.say(mark("{shown} of {all} rows."))
    told = said.format(shown=len(drawn), all=f"{len(rows.rows)}{'+' if answer.more else ''}")
    return bars(answer.say(TITLE), told, series, drawn)


def _name_column(answer: Answer, counted: list[int]) -> int | None:
    """The column that rows are called after: the first that holds no numbers."""
    return next((n for n in range(len(answer.rows.variables)) if n not in counted), None)
