"""What stands after the findings: replies, what is not known, contradictions, frameworks and laws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hrdd_graph.dossier.blocks import Block, Cell, Grid, Heading, Items, Span, Text, cell, line
from hrdd_graph.dossier.model import Absence, Dossier, Looked, Named, Norm
from hrdd_graph.dossier.wording import Wording, link, place, said_of

_SHOWN = 12  # things named in one cell


def replies(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """What parties said, of equal standing with what is said of them."""
    _ = w.text
    yield Heading(2, line(_("What the parties say")), "replies")
    if dossier.replies:
        yield Items(tuple(said_of(reply) for reply in dossier.replies))
    else:
        yield Text(line(_("No statement or reply is on record in this view. That nobody replied is not thereby said.")))


def known(dossier: Dossier, w: Wording) -> Iterator[str]:
    """What is not known, in sentences for the summary."""
    stated, silent = (
        {a.label for a in dossier.absences if a.stated},
        {a.label for a in dossier.absences if not a.stated},
    )
    if stated:
        yield w.many(
            "A source says of %(n)d thing that there is none.",
            "Sources say of %(n)d things that there are none.",
            len(stated),
        )
    if silent:
        yield w.many(
            "A source was read for %(n)d thing and says nothing of it.",
            "Sources were read for %(n)d things and say nothing of them.",
            len(silent),
        )
    missing = [looked.kind.label.lower() for looked in dossier.looked if looked.state == "nobody looked"]
    if missing:
        yield w.text("Nobody looked for: %(what)s.", what=", ".join(missing))


def unknown(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """Kinds of records that there are, are said not to be, or that nobody looked for; and each absence."""
    _ = w.text
    yield Heading(2, line(_("What is not known")), "unknown")
    if dossier.looked:
        states = tuple((cell(looked.kind.label), *_state(looked, w)) for looked in dossier.looked)
        yield Grid((_("Looked for"), _("State"), _("On record")), states, (22, 30, 48), _("What the records speak to"))
    if dossier.absences:
        grouped: dict[tuple[Named, bool, str], list[Absence]] = defaultdict(list)
        for absence in dossier.absences:
            grouped[absence.lacking, absence.stated, place(absence.place)].append(absence)
        rows = tuple(
            (
                cell(lacking.label),
                cell(_("a source says that there is none") if stated else _("the source was read and says nothing")),
                _named([absence.about for absence in absences], w),
                cell(where),
            )
            for (lacking, stated, where), absences in grouped.items()
        )
        yield Grid(
            (_("What is missing"), _("Ground"), _("About"), _("Stated in")),
            rows,
            (18, 20, 40, 22),
            _("Absences and silences"),
        )
    else:
        yield Text(line(_("No source states an absence here, and none was read for one. Nobody looked.")))


def _state(looked: Looked, w: Wording) -> tuple[Cell, Cell]:
    _ = w.text
    said = {
        "on record": f"● {_('on record')}",
        "stated absent": f"✕ {_('a source says that there is none')}",
        "silent": f"○ {_('the source was read and says nothing')}",
        "nobody looked": f"? {_('nobody looked')}",
    }
    return cell(said[looked.state]), _named(looked.things, w)


def _named(things: list[Named] | tuple[Named, ...], w: Wording) -> Cell:
    """Things as links, one a line, and how many more there are."""
    listed = list(dict.fromkeys(things))
    more = len(listed) - _SHOWN
    rest = w.many("and %(n)d more", "and %(n)d more", more) if more > 0 else ""
    return cell(*map(link, listed[:_SHOWN]), rest)


def disputes(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """Records that cannot both hold."""
    _ = w.text
    yield Heading(2, line(_("Where records contradict each other")), "conflicts")
    if not dossier.disputes:
        yield Text(line(_("No contradiction is on record here.")))
        return
    yield Grid(
        (_("Conflict"), _("Sides"), _("What is said of it"), _("Stated in")),
        tuple(
            (
                cell(link(dispute.thing)),
                cell(*map(link, dispute.sides)),
                cell(dispute.note, *(line(_("settled by:"), " ", link(t)) for t in dispute.settled_by))
                or cell(_("not settled")),
                cell(place(dispute.place)),
            )
            for dispute in dossier.disputes
        ),
        (24, 34, 24, 18),
        _("Records that cannot both hold"),
    )


def norms(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """Frameworks and laws: which findings bear on which duty, and which duty no record speaks to."""
    _ = w.text
    yield Heading(2, line(_("Frameworks and laws")), "norms")
    yield Text(
        line(
            _(
                "A finding bears on a duty where its rule rests on a principle that the duty puts into law. Whether a "
                "duty binds a party, and whether it was broken, is not judged here. A record that speaks to a duty may "
                "tell of harm: it does not say that the duty was met. No record means that this view is silent."
            )
        ),
        "note",
    )
    for norm in dossier.norms:
        yield Heading(3, line(norm.instrument.label))
        yield from _norm(norm, w)


def _norm(norm: Norm, w: Wording) -> Iterator[Block]:
    _ = w.text
    if norm.about:
        yield Text(line(norm.about))
    if norm.law and not norm.verified:
        yield Text(line(_("The text of this law was not checked against its official publication.")), "note")
    if norm.first:
        yield Text(
            line(
                _(
                    "No test of whom it binds applies yet on the day; the first does from %(day)s.",
                    day=norm.first.isoformat(),
                )
            ),
            "note",
        )
    if norm.tests:
        yield Text(line(_("Whom it binds on the day. The view holds no figures of parties to judge it by.")), "note")
        yield Items(
            tuple(
                line(
                    Span(test.label, style="strong"),
                    f": {test.whom}" if test.whom else "",
                    f" ({test.combination}: {'; '.join(test.thresholds)})" if test.thresholds else "",
                )
                for test in norm.tests
            )
        )
    rows = []
    for duty in norm.duties:
        spoken = _named(duty.records, w) if duty.records else cell(Span(_("no record speaks to it"), style="muted"))
        numbers = cell(w.numbers(duty.findings)) if duty.findings else cell(Span("—", style="muted"))
        rows.append((cell(link(duty.provision), Span(duty.asks, style="muted")), numbers, spoken))
    yield Grid(
        (_("Duty"), _("Findings"), _("Records that speak to it")), tuple(rows), (46, 16, 38), norm.instrument.label
    )
