"""The lines of a list of suppliers: linked, to be judged by a person, and not on record."""

from __future__ import annotations

from collections.abc import Iterator

from hrdd_graph.dossier.blocks import Block, Cell, Grid, Heading, Span, Text, cell, line
from hrdd_graph.dossier.model import Dossier, Supplier
from hrdd_graph.dossier.wording import Wording, link


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
