"""The findings of an audit file, each with its facts, their standing, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hrdd_graph.dossier.blocks import Block, Box, Cell, Heading, Line, Pairs, Span, Text, cell, line
from hrdd_graph.dossier.model import Dossier, Entry, Record
from hrdd_graph.dossier.wording import Wording, link, links, part_of, place, places, said_of
from hrdd_graph.gaps.salience import NAMES


def findings(dossier: Dossier, w: Wording) -> Iterator[Block]:
    _ = w.text
    yield Heading(2, line(_("Findings")), "findings")
    yield Text(
        line(
            _(
                "A finding says what this view shows on the day. It is no "
                "verdict. Each fact is somebody's claim, with its "
                "standing and the place where it is stated; E and a number lead to the register of evidence."
            )
        ),
        "note",
    )
    if not dossier.entries:
        yield Text(line(_("None in this view. That is no clearance.")))
    groups = [[entry for entry in dossier.entries if entry.own], [entry for entry in dossier.entries if not entry.own]]
    grouped = dossier.kind in ("firm", "portfolio")
    for own, entries in zip((True, False), groups, strict=True):
        if grouped and entries:
            name = dossier.title or _("the parties of the list")
            said = _("About %(name)s", name=name) if own else _("About others, naming %(name)s", name=name)
            yield Heading(3, line(said))
        yield from (Box(tuple(_finding(entry, 4 if grouped else 3, w)), entry.severity) for entry in entries)


def _finding(entry: Entry, level: int, w: Wording) -> Iterator[Block]:
    yield Heading(
        level,
        line(Span(f"{entry.number}. "), Span(f"{entry.label} "), w.mark(entry.severity)),
        f"finding-{entry.number}",
    )
    said, _dot, rest = entry.sentence.partition(". ")
    yield Text(line(Span(f"{said}." if rest else said)), "lead")
    if rest:
        yield Text(line(rest))
    yield Pairs(tuple(_particulars(entry, w)))


def _particulars(entry: Entry, w: Wording) -> Iterator[tuple[str, Cell]]:
    _ = w.text
    ordered = sorted(entry.records, key=lambda r: (_firm(r), r.key))
    if ordered:
        yield _("Facts"), cell(*(_fact(record) for record in ordered))
    if parts := [part for record in ordered for part in record.parts]:
        yield _("Part in it"), cell(*(part_of(part) for part in dict.fromkeys(parts)))
    if entry.mentions:
        yield _("See also"), cell(places(entry.mentions))
    if weakest := entry.weakest:
        words = line(
            Span(weakest.key, href=f"#{weakest.key}"), f" ({weakest.status.label.lower()}): {w.quality(weakest)}"
        )
        yield _("Weakest evidence"), cell(words)
    yield _("How grave"), cell(*_gravity(entry, w))
    yield (
        _("Rests on"),
        cell(
            links(entry.provisions),
            line(Span(f"{entry.rule} {entry.version}", href=f"#rule-{entry.rule}", style="muted")),
        ),
    )
    if entry.replies:
        yield _("Reply"), cell(*(said_of(reply) for reply in entry.replies))
    yield _("Would be settled by"), cell(entry.settled_by)
    if entry.waiver:
        waiver = entry.waiver
        yield (
            _("Waived"),
            cell(
                _(
                    "until %(day)s by %(author)s: %(reason)s",
                    day=waiver.expires.isoformat(),
                    author=waiver.author,
                    reason=waiver.reason,
                )
            ),
        )
    yield _("Address"), cell(Span(entry.iri, href=entry.iri, style="mono"))


def _gravity(entry: Entry, w: Wording) -> Iterable[str]:
    _ = w.text
    if entry.raised and entry.salience:
        high = [w.dimension(n) for n in NAMES[:3] if entry.salience.impact.grade(n) == "high"]
        told = {"now": w.severity(entry.severity), "before": w.severity(entry.raised), "what": ", ".join(high)}
        yield (
            _("%(now)s, raised from %(before)s: the impact is high in %(what)s", **told)
            if high
            else _("%(now)s, lowered from %(before)s: the impact is low in scale, scope and irremediability", **told)
        )
    else:
        yield w.severity(entry.severity)
    if entry.salience is None:
        yield _("not about one impact, and so without a rank")
    elif not entry.salience.assessed:
        yield _("no assessment of the impact is on record; that is not low")
    else:
        yield _("rank %(rank)d of %(all)d impacts on record", rank=entry.salience.rank, all=entry.salience.of)


def _firm(record: Record) -> int:
    """Documented before alleged, so that the two stand apart."""
    order = ("Adjudicated", "Documented", "Reported", "Alleged", "Contested", "Retracted")
    name = record.status.iri.rpartition("#")[2]
    return order.index(name) if name in order else len(order)


def _fact(record: Record) -> Line:
    return line(
        Span(record.status.label, style="strong"),
        ": ",
        link(record.thing),
        f". {place(record)} ",
        Span(record.key, href=f"#{record.key}"),
    )
