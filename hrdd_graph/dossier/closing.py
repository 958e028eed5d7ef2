"""How an audit file ends: the register of evidence, the method, licences and the receipt."""

from __future__ import annotations

from collections.abc import Iterator

from hrdd_graph.dossier.blocks import Block, Box, Cell, Grid, Heading, Items, Pairs, Span, Text, cell, line
from hrdd_graph.dossier.model import Dossier, Record
from hrdd_graph.dossier.wording import Wording, link, links, part_of


def register(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """Every record that the findings rest on."""
    _ = w.text
    yield Heading(2, line(_("Register of evidence")), "register")
    if not dossier.register:
        yield Text(line(_("No record.")))
    for record in dossier.register:
        yield Box(
            (
                Heading(3, line(Span(f"{record.key}. "), link(record.thing)), record.key),
                Pairs(tuple(_record(record, w))),
            )
        )


def _record(record: Record, w: Wording) -> Iterator[tuple[str, Cell]]:
    _ = w.text
    yield _("Standing"), cell(line(Span(record.status.label, style="strong"), f" · {record.kind.label}"))
    yield _("Stated in"), cell(line(link(record.source), f", {record.locator}"))
    yield _("Evidence"), cell(w.quality(record) or _("nothing on record"))
    begun, ended = w.when(record.begun), w.when(record.ended)
    if begun or ended:
        yield (
            _("When"),
            cell(
                begun
                if begun == ended
                else _(
                    "begun %(begun)s; ended %(ended)s", begun=begun or _("not stated"), ended=ended or _("not stated")
                )
            ),
        )
    if record.places:
        yield _("Where"), cell(links(record.places))
    if record.affected:
        yield _("Affected"), cell(links(record.affected))
    if record.parts:
        yield _("Parties"), cell(*map(part_of, record.parts))
    if record.rights:
        yield _("Rights"), cell(links(record.rights))
    if record.description or record.notes:
        yield _("Said"), cell(record.description, *(Span(note, style="muted") for note in record.notes))


def method(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """How the findings came about, and what they are not."""
    _ = w.text
    yield Heading(2, line(_("Method and limits")), "method")
    yield Items(
        tuple(
            line(text)
            for text in (
                _(
                    "Each rule asks one question of all records that stand on the day. A "
                    "record that was withdrawn or corrected does not count."
                ),
                _(
                    "A record is a claim by a source, with a place in it: alleged, reported, documented, "
                    "adjudicated, contested or retracted. The file repeats claims; it proves none."
                ),
                _(
                    "Where something is missing, a source says so, or was read and is "
                    "silent, or nobody looked. The three are told apart."
                ),
                _("What a source says of a cluster, a group or an unnamed party is never put on a named firm."),
                _("A rule's severity moves one step where the impact is high in any dimension, or low in all three."),
                _("Rank: %(formula)s.", formula=dossier.formula),
                _("The view holds what its sources say and no more. That nothing is found is no clearance."),
            )
        )
    )
    found = [rule for rule in dossier.rules if rule.found]
    silent = [rule for rule in dossier.rules if not rule.found]
    if found:
        yield Heading(3, line(_("Rules that found something")))
        for rule in found:
            told = w.many("%(n)d finding", "%(n)d findings", rule.found)
            yield Box(
                (
                    Heading(4, line(rule.label), f"rule-{rule.name}"),
                    Pairs(
                        (
                            (_("Rule"), cell(f"{rule.name} {rule.version}, {told}")),
                            (_("What is a gap"), cell(rule.definition)),
                            (_("What to do"), cell(rule.advice)),
                            (_("Rests on"), cell(links(rule.provisions))),
                        )
                    ),
                )
            )
    if silent:
        yield Heading(3, line(_("Rules that found nothing here")))
        yield Text(line("; ".join(f"{rule.label} ({rule.name} {rule.version})" for rule in silent) + "."))


def licences(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """The data sets of the view with their licences."""
    _ = w.text
    yield Heading(2, line(_("Sources and licences")), "licences")
    yield Grid(
        (_("Data set"), _("Licence"), _("Public since"), _("Drawn on here")),
        tuple(
            (
                cell(Span(graph.title, href=graph.iri)),
                cell(Span(graph.licence, href=graph.licence)),
                cell(graph.issued.isoformat() if graph.issued else ""),
                cell(_("yes") if graph.used else _("no")),
            )
            for graph in dossier.graphs
        ),
        (44, 34, 12, 10),
        _("Data sets in the view"),
    )
    sources = sorted({(record.source.label, record.source) for record in dossier.register})
    if sources:
        yield Items(tuple(line(link(source)) for _label, source in sources))


def receipt(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """How anybody can ask the same again."""
    _ = w.text
    yield Heading(2, line(_("Receipt")), "receipt")
    if not dossier.receipt:
        yield Text(line(_("No rule was asked about anybody, so there is nothing to ask again.")))
        return
    yield Text(line(_("The findings can be asked for again, and compared: hrdd replay, with this receipt.")))
    yield Text(line(Span(dossier.receipt, style="mono")))
