"""The rows of a sheet a few at a time, on several processors where they are offered.

Each process reads and checks its rows as if they were the only ones; what rows of different processes say of one
record is compared here, in the order of the file. Where rows need what came before them, they are done again with it,
and after a few times of that the rest of the sheet is done one after the other. The result is the same either way.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Set
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from hrdd_graph.collector import collector_paused
from hrdd_graph.intake.chunk import Chunk, Fate, Setting
from hrdd_graph.intake.ledger import Kinds, Ledger, Seen
from hrdd_graph.intake.outcome import Outcome, Reason
from hrdd_graph.intake.profile import SheetMap
from hrdd_graph.intake.reading import Part
from hrdd_graph.intake.save import root_of, state_of
from hrdd_graph.intake.tables import Row
from hrdd_graph.namespaces import RDF
from hrdd_graph.terms import Iri, Quad

ROWS_AT_A_TIME = 1000
_MOST_DONE_AGAIN = 3


@dataclass(frozen=True)
class Done:
    """What became of some rows.

    ``made`` gives for each row the records that it is the first to make, with what each is beside an earlier import,
    and ``advice`` what records of the row would have, with their addresses. ``records`` are the statements of each
    record as lines of N-Quads, ``said`` and ``kinds`` what later rows have to know of them.
    """

    outcomes: tuple[Outcome, ...]
    made: tuple[Mapping[str, str], ...]
    advice: tuple[Mapping[Reason, set[str]], ...]
    records: Mapping[str, bytes]
    said: Seen
    kinds: Kinds
    needs_others: bool


def chunks(part: Part, setting: Setting, ledger: Ledger, processes: int = 1) -> Iterator[Done]:
    """What becomes of the rows of a part of a file, in their order. The ledger is told what they say."""
    batches = iter(lambda: list(islice(part.rows, ROWS_AT_A_TIME)), [])
    first = list(islice(batches, 2))
    several = processes > 1 and len(first) > 1
    found = _side_by_side if several else _one_by_one
    with _unscanned():
        for done in found(chain(first, batches), part.sheet, setting, ledger, processes):
            ledger.say(done.said, done.kinds)
            yield done


def _one_by_one(
    batches: Iterable[list[Row]], sheet: SheetMap, setting: Setting, ledger: Ledger, _: int
) -> Iterator[Done]:
    for rows in batches:
        yield _done(rows, sheet, setting, ledger, alone=False)


def _side_by_side(
    batches: Iterable[list[Row]], sheet: SheetMap, setting: Setting, ledger: Ledger, processes: int
) -> Iterator[Done]:
    waiting: deque[tuple[list[Row], Future[Done]]] = deque()
    again = 0
    remaining = iter(batches)
    context = multiprocessing.get_context("fork")  # what is known of the graph is shared, and not sent
    with ProcessPoolExecutor(processes, context, _take, (sheet, setting, ledger.folder)) as pool:
        while again < _MOST_DONE_AGAIN:
            waiting += ((rows, pool.submit(_do, rows)) for rows in islice(remaining, processes + 2 - len(waiting)))
            if not waiting:
                return
            rows, future = waiting.popleft()
            done = future.result()
            earlier = ledger.said(done.said)
            if done.needs_others or any(done.said[root][0] != said for root, (said, _) in earlier.items()):
                again += 1
                yield _done(rows, sheet, setting, ledger, alone=False)
            else:
                yield _without(done, earlier.keys())
    yield from _one_by_one(chain((rows for rows, _ in waiting), remaining), sheet, setting, ledger, 1)


_work: list[tuple[SheetMap, Setting, Ledger]] = []  # of a process of its own


def _take(sheet: SheetMap, setting: Setting, folder: Path) -> None:
    gc.freeze()
    _work[:] = [(sheet, setting, Ledger.opened(folder))]


def _do(rows: list[Row]) -> Done:
    sheet, setting, ledger = _work[0]
    return _done(rows, sheet, setting, ledger, alone=True)


def _done(rows: list[Row], sheet: SheetMap, setting: Setting, ledger: Ledger, *, alone: bool) -> Done:
    with collector_paused():  # rows make many objects and no circles
        return done_with(Chunk(rows, sheet, setting, ledger, alone=alone))


@contextmanager
def _unscanned() -> Iterator[None]:
    """The graph that is known stays, so that the search for garbage need not go through it again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


# -- what became of rows -----------------------------------------------------------------------------------------------


def done_with(chunk: Chunk) -> Done:
    """What became of the rows of a chunk."""
    live = chunk.live
    before = chunk.ledger.states(live) if chunk.ledger.continues else {}
    made = tuple(_made(fate, chunk, before) for fate in chunk.fates)
    outcomes = tuple(_outcome(fate, chunk.sheet, states) for fate, states in zip(chunk.fates, made, strict=True))
    graph = f" {Iri(chunk.setting.graph)} .\n"
    records = {root: "".join([f"{quad}{graph}" for quad in chunk.quads_of(root)]).encode() for root in live}
    kinds = {root: _kinds(root, chunk.quads_of(root)) for root in live}
    advice = tuple(fate.advice for fate in chunk.fates)
    return Done(outcomes, made, advice, records, {root: chunk.said[root] for root in live}, kinds, chunk.needs_others)


def _kinds(root: str, quads: Iterable[Quad]) -> frozenset[Iri]:
    kind = RDF.type
    return frozenset(
        quad.object
        for quad in quads
        if quad.predicate == kind and isinstance(quad.object, Iri) and root_of(quad.subject) == root
    )


def _made(fate: Fate, chunk: Chunk, before: Mapping[str, int]) -> Mapping[str, str]:
    if fate.reasons:
        return {}
    return {root: _state_of(root, chunk, before) for root in fate.made}


def _state_of(root: str, chunk: Chunk, before: Mapping[str, int]) -> str:
    if root not in before:
        return "new"
    return "unchanged" if state_of(chunk.quads_of(root)).get(root) == before[root] else "changed"


def _outcome(fate: Fate, sheet: SheetMap, made: Mapping[str, str]) -> Outcome:
    row, key = fate.row, fate.cells[sheet.key].raw
    if fate.reasons:
        reasons = tuple(dict.fromkeys(fate.reasons))
        return Outcome(row.sheet, row.number, key, "refused", fate.main, reasons)
    return Outcome(row.sheet, row.number, key, _state(made), fate.main, (), tuple(fate.advice) if made else ())


def _told(advice: Mapping[Reason, set[str]], earlier: Set[str]) -> tuple[Reason, ...]:
    return tuple(reason for reason, about in advice.items() if not about <= earlier)


def _state(made: Mapping[str, str]) -> str:
    states = set(made.values())
    return "repeated" if not states else states.pop() if len(states) == 1 else "changed"


def _without(done: Done, earlier: Set[str]) -> Done:
    """The same without the records that earlier rows have made already."""
    if not earlier:
        return done
    made = tuple({root: state for root, state in states.items() if root not in earlier} for states in done.made)
    outcomes = tuple(
        outcome if len(left) == len(states) else replace(outcome, state=_state(left), advice=_told(advice, earlier))
        for outcome, left, states, advice in zip(done.outcomes, made, done.made, done.advice, strict=True)
    )
    records = {root: lines for root, lines in done.records.items() if root not in earlier}
    said = {root: done.said[root] for root in records}
    return replace(done, outcomes=outcomes, made=made, records=records, said=said)
