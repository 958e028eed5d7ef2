"""The parts of an audit file after the findings, and the list of suppliers before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hrdd_graph.dossier.blocks import Block, Box, Cell, Grid, Heading, Items, Pairs, Span, Text, cell, line
from hrdd_graph.dossier.model import Absence, Dossier, Looked, Named, Norm, Record, Supplier
from hrdd_graph.dossier.wording import Wording, link, links, part_of, place, said_of

_SHOWN = 12  # things named in one cell


def suppliers(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """The lines of a list: linked, to be judged by a person, and not on record."""
    _ = w.text
    if dossier.kind != "portfolio":
        return
    yield Heading(2, line(_("Suppliers")), "suppliers")
    groups = (
        (
            "sure",
            _("On record"),
            _("One party in the view is surely meant. The line and the party stay two things: nothing was merged."),
        ),
        ("unsure", _("To be judged by a person"), _("One of these may be meant. Their findings are not in this file.")),
        (
            "unmatched",
            _("Nobody looked"),
            _("This view holds nothing under these names. That is no clearance: it means that nobody looked."),
        ),
    )
    for state, heading, note in groups:
        chosen = [supplier for supplier in dossier.suppliers if supplier.state == state]
        if not chosen:
            continue
        yield Heading(3, line(f"{heading} ({len(chosen)})"))
        yield Text(line(note), "note")
        if state == "unmatched":
            rows = tuple((cell(str(s.line)), cell(s.name), cell(s.country)) for s in chosen)
            yield Grid((_("Line"), _("Name"), _("Country")), rows, (1, 6, 2), heading)
            continue
        yield Grid(
            (_("Line"), _("Name"), _("On record as"), _("Why"), _("Findings")),
            tuple(_supplier(s, w) for s in chosen),
            (6, 24, 30, 28, 12),
            heading,
        )


def _supplier(supplier: Supplier, w: Wording) -> tuple[Cell, ...]:
    _ = w.text
    found = (
        (w.numbers(supplier.findings) if supplier.findings else _("none in this view; no clearance"))
        if supplier.state == "sure"
        else _("not asked")
    )
    return (
        cell(str(supplier.line)),
        cell(supplier.name, Span(supplier.country, style="muted")),
        cell(*(link(match.thing) for match in supplier.matches)),
        cell(*(_why(match.score, match.features, w) for match in supplier.matches)),
        cell(found),
    )


def _why(score: float, features: tuple[tuple[str, float], ...], w: Wording) -> str:
    _ = w.text
    names = {
        "equal": _("same name"),
        "spelling": _("spelling"),
        "words": _("shared words"),
        "part": _("one name in the other"),
        "country": _("country"),
        "identifier": _("identifier"),
        "name numbers": _("numbers in the name"),
    }
    told = [f"{names.get(name, name)} {value:.2f}" for name, value in features if name in names]
    return _("score %(score)s: %(why)s", score=f"{score:.2f}", why=", ".join(told))


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
                "A finding bears on a duty where its rule rests on a "
                "principle that the duty puts into law. Whether a duty "
                "binds a party, and whether it was broken, is not judged "
                "here. No record means that this view is silent, "
                "and not that a duty was met."
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


def register(dossier: Dossier, w: Wording) -> Iterator[Block]:
    """Every record that the findings rest on."""
    _ = w.text
    yield Heading(2, line(_("Register of evidence")), "register")
    if not dossier.register:
        yield Text(line(_("No record.")))
    for record in dossier.register:
        yield Box(
            (
                Heading(4, line(Span(f"{record.key}. "), link(record.thing)), record.key),
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
                else _("begun %(begun)s; ended %(ended)s", begun=begun or "?", ended=ended or "?")
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
