"""From the document to paper: title, summary and the order of impacts.

The other parts stand in ``findings``, ``listing``, ``annexes`` and ``closing``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hrdd_graph.dossier import annexes, closing
from hrdd_graph.dossier.blocks import Block, Cell, Grid, Heading, Items, Pairs, Paper, Span, Text, cell, line
from hrdd_graph.dossier.findings import findings
from hrdd_graph.dossier.listing import suppliers
from hrdd_graph.dossier.model import Dossier, LeftOut
from hrdd_graph.dossier.wording import Wording, link
from hrdd_graph.gaps.salience import NAMES, Salience
from hrdd_graph.gaps.severity import Grading
from hrdd_graph.rules import SEVERITY_ORDER


def paper_of(dossier: Dossier) -> Paper:
    """The audit file on paper, in its reader's language."""
    w = Wording.of(dossier.language)
    _ = w.text
    blocks: list[Block] = [
        Heading(1, line(title_of(dossier, w))),
        Pairs(tuple(_facts(dossier, w))),
        Heading(2, line(_("Summary")), "summary"),
        *_summary(dossier, w),
        *suppliers(dossier, w),
        *_matrix(dossier, w),
        *findings(dossier, w),
        *annexes.replies(dossier, w),
        *annexes.unknown(dossier, w),
        *annexes.disputes(dossier, w),
        *annexes.norms(dossier, w),
        *closing.register(dossier, w),
        *closing.method(dossier, w),
        *closing.licences(dossier, w),
        *closing.receipt(dossier, w),
    ]
    return Paper(
        title=title_of(dossier, w),
        subtitle=_("As of %(day)s", day=dossier.as_of.isoformat()),
        language=dossier.language,
        created=dossier.as_of.isoformat(),
        software=dossier.software,
        contents=_("Contents"),
        blocks=tuple(blocks),
    )


def title_of(dossier: Dossier, w: Wording) -> str:
    _ = w.text
    if dossier.kind == "portfolio":
        return w.many(
            "Audit file of a list of %(n)d supplier", "Audit file of a list of %(n)d suppliers", _lines(dossier)
        )
    return _("Audit file: %(name)s", name=dossier.title)


def _lines(dossier: Dossier) -> int:
    return len(dossier.suppliers)


def _facts(dossier: Dossier, w: Wording) -> Iterator[tuple[str, Cell]]:
    _ = w.text
    kinds = {
        "firm": _("a firm or another party"),
        "cluster": _("an industrial cluster"),
        "country": _("a country"),
        "regime": _("a law"),
        "portfolio": _("a list of suppliers"),
    }
    yield _("About"), cell(kinds[dossier.kind], *(Span(s.iri, href=s.iri, style="mono") for s in dossier.subjects[:3]))
    if dossier.unnamed:
        yield (
            _("Not named"),
            cell(_("The sources do not name this party. What is said of it is said of no named firm.")),
        )
    yield _("As of"), cell(_("%(day)s: the world is judged as it was on this day", day=dossier.as_of.isoformat()))
    known = (
        _("%(day)s: only what had been published by this day", day=dossier.known_on.isoformat())
        if dossier.known_on
        else _("everything that this view holds")
    )
    yield _("As known on"), cell(known)
    yield (
        _("View"),
        cell(w.many("%(n)d data set", "%(n)d data sets", len(dossier.graphs)), Span(dossier.digest, style="mono")),
    )
    if dossier.left_out:
        yield _("Narrowed down to"), cell(*narrowed(dossier.left_out, w))
    asked = w.many(
        "%(n)d rule, by %(software)s", "%(n)d rules, by %(software)s", len(dossier.rules), software=dossier.software
    )
    yield _("Asked"), cell(line(asked))


def narrowed(left_out: LeftOut, w: Wording) -> Iterator[str]:
    """What the findings in the file have in common, and how many others there are: that is no clearance."""
    _ = w.text
    level = w.severity(left_out.severity) if left_out.severity else ""
    if level and left_out.severity != SEVERITY_ORDER[0]:
        level = _("%(severity)s and above", severity=level)
    names = {"principle": _("Guiding Principle"), "right": _("Right"), "topic": _("Topic")}
    if level:
        yield f"{_('Severity')}: {level}"
    yield from (f"{names[name]}: {'; '.join(one.label for one in kept)}" for name, kept in left_out.facets)
    yield w.many(
        "%(n)d finding about the same is left out. It is not thereby settled.",
        "%(n)d findings about the same are left out. They are not thereby settled.",
        left_out.count,
    )


def _summary(dossier: Dossier, w: Wording) -> Iterator[Block]:
    _ = w.text
    entries = dossier.entries
    lines = [". ".join(narrowed(dossier.left_out, w))] if dossier.left_out else []
    if dossier.kind == "portfolio":
        states = Counter(supplier.state for supplier in dossier.suppliers)
        lines.append(
            _(
                "Of the lines, %(sure)d surely mean a party on record, "
                "%(unsure)d may mean one and wait for a person, and "
                "for %(unmatched)d nobody looked: this view holds nothing under that name. That is no clearance.",
                sure=states["sure"],
                unsure=states["unsure"],
                unmatched=states["unmatched"],
            )
        )
    if not entries:
        lines.append(_("Nothing found in this view. That is no clearance: it says what these graphs and rules show."))
    else:
        counts = Counter(entry.severity for entry in entries)
        told = "; ".join(f"{w.severity(name)}: {counts[name]}" for name in SEVERITY_ORDER if counts[name])
        lines.append(
            w.many(
                "%(n)d gap is on record between what was promised or is owed "
                "and what is known to have been done: %(told)s.",
                "%(n)d gaps are on record between what was promised or is owed "
                "and what is known to have been done: %(told)s.",
                len(entries),
                told=told,
            )
        )
    own = sum(entry.own for entry in entries)
    if dossier.kind in ("firm", "portfolio") and own < len(entries):
        lines.append(
            _(
                "%(own)d of them are about %(name)s; %(others)d are about others, and mention the name.",
                own=own,
                name=dossier.title or _("the parties of the list"),
                others=len(entries) - own,
            )
        )
    if waived := sum(entry.waiver is not None for entry in entries):
        lines.append(
            w.many(
                "%(n)d of them is waived, and shown all the same.",
                "%(n)d of them are waived, and shown all the same.",
                waived,
            )
        )
    lines += _evidence(dossier, w)
    if dossier.impacts:
        impact, salience, _numbers = dossier.impacts[0]
        grades = "; ".join(f"{w.dimension(name)}: {w.grade(_grade(salience, name))}" for name in NAMES)
        lines.append(
            _("The gravest impact on record here is: %(impact)s (%(grades)s).", impact=impact.label, grades=grades)
        )
    lines += annexes.known(dossier, w)
    if dossier.beyond:
        lines.append(
            w.many(
                "%(n)d further finding is about a cluster that it works in, or "
                "about unnamed or other parties there. What is "
                "said of a cluster is not said of a firm in it: it is not in this file.",
                "%(n)d further findings are about a cluster that it works in, "
                "or about unnamed or other parties there. What is "
                "said of a cluster is not said of a firm in it: they are not in this file.",
                dossier.beyond,
            )
        )
    yield Items(tuple(line(text) for text in lines))


def _evidence(dossier: Dossier, w: Wording) -> Iterator[str]:
    """Of what standing the records are, and how many findings rest on allegations."""
    if not dossier.register:
        return
    counts = Counter(record.status for record in dossier.register)
    told = "; ".join(f"{status.label.lower()}: {count}" for status, count in counts.most_common())
    yield w.many(
        "They rest on %(n)d record: %(told)s.",
        "They rest on %(n)d records: %(told)s.",
        len(dossier.register),
        told=told,
    )
    alleged = [
        entry.number for entry in dossier.entries if any(r.status.iri.endswith("#Alleged") for r in entry.records)
    ]
    if alleged:
        which = "".join(span.text for span in w.numbers(alleged))
        yield w.many(
            "%(n)d finding rests in part on what is alleged and not documented: number %(which)s.",
            "%(n)d findings rest in part on what is alleged and not documented: numbers %(which)s.",
            len(alleged),
            which=which,
        )


def _grade(salience: Salience, name: str) -> str:
    return salience.impact.likelihood if name == "likelihood" else salience.impact.grade(name)


def _matrix(dossier: Dossier, w: Wording) -> Iterator[Block]:
    _ = w.text
    if not dossier.impacts:
        return
    yield Heading(2, line(_("Which impacts come first")), "salience")
    yield Text(
        line(
            _(
                "Severity comes first, likelihood second (UN Guiding "
                "Principles 14 and 24). Scale, scope and irremediability "
                "are judged apart. What nobody assessed is not low: it is not known."
            )
        ),
        "note",
    )
    rows = []
    for impact, salience, numbers in dossier.impacts:
        ranks = f"{salience.rank} / {salience.of}"
        moved = _("%(best)d to %(worst)d as weights move", best=salience.best, worst=salience.worst)
        rows.append(
            (
                cell(link(impact)),
                *(_grading(salience, name, w) for name in NAMES),
                cell(ranks, Span(moved, style="muted")),
                cell(w.numbers(numbers)),
            )
        )
    heads = (_("Impact"), *(w.dimension(name).capitalize() for name in NAMES), _("Rank"), _("Findings"))
    yield Grid(heads, tuple(rows), (19, 14, 14, 17, 13, 11, 12), _("Impacts by severity, the gravest first"))


def _grading(salience: Salience, name: str, w: Wording) -> Cell:
    """A grade, and each assessment behind it with its basis."""
    gradings = salience.impact.likelihoods if name == "likelihood" else salience.impact.gradings.get(name, ())
    grade = _grade(salience, name)
    shown = Span(w.grade(grade), style="strong" if grade == "high" else "" if grade else "muted")
    return cell(shown, *(Span(said, style="muted") for g in gradings if (said := _assessed(g, w))))


def _assessed(grading: Grading, w: Wording) -> str:
    _ = w.text
    basis = {"Stated": _("stated"), "Curated": _("by a curator"), "Derived": _("derived")}.get(
        grading.basis, grading.basis
    )
    return ": ".join(filter(None, (basis, "; ".join(filter(None, (grading.words, grading.rationale))))))
