"""Small pieces of wording that sections share: severities, dates, places, strength of evidence, ranges of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from gettext import NullTranslations
from itertools import pairwise

from hrdd_graph.dossier.blocks import Line, Span, joined, line
from hrdd_graph.dossier.model import Days, Named, Part, Place, Record, Reply
from hrdd_graph.namespaces import HOME
from hrdd_graph.speech import messages

MARKS = {"high": "■", "medium": "▲", "low": "●"}  # a shape for each severity, beside its word and colour


@dataclass(frozen=True)
class Wording:
    """How things are said in a language."""

    language: str
    _said: NullTranslations = field(repr=False)

    @classmethod
    def of(cls, language: str) -> Wording:
        return cls(language, messages(language))

    def text(self, message: str, **values: object) -> str:
        """A message with its values put in."""
        said = self._said.gettext(message)
        return said % values if values else said

    def many(self, one: str, more: str, count: int, **values: object) -> str:
        """A message about a number of things, with ``n`` and other values put in."""
        return self._said.ngettext(one, more, count) % {"n": count, **values}

    def severity(self, name: str) -> str:
        _ = self.text
        return {"high": _("high"), "medium": _("medium"), "low": _("low")}[name]

    def mark(self, name: str) -> Span:
        """A severity as shape and word."""
        return Span(f"{MARKS[name]} {self.severity(name)}", style=name)

    def grade(self, name: str) -> str:
        """A grade of an impact."""
        _ = self.text
        known = {"high": _("high"), "moderate": _("moderate"), "low": _("low"), "occurred": _("occurred")}
        return known.get(name) or _("not enough evidence")

    def dimension(self, name: str) -> str:
        _ = self.text
        return {
            "scale": _("scale"), "scope": _("scope"), "irremediability": _("irremediability"),
            "likelihood": _("likelihood"),
        }[name]  # fmt: skip

    def when(self, days: Days) -> str:
        """The bounds of a day that may not be known, in words; empty where nothing is known."""
        _ = self.text
        first, last = days.earliest, days.latest
        if first and first == last:
            return first
        if first and last:
            return _("between %(first)s and %(last)s", first=first, last=last)
        if last:
            return _("%(day)s or before", day=last)
        return _("%(day)s or after", day=first) if first else ""

    def quality(self, record: Record) -> str:
        """How firm a record's evidence is, in words."""
        _ = self.text
        names = {
            "kind": _("kind"), "level": _("level"), "reliability": _("reliability"), "credibility": _("credibility"),
        }  # fmt: skip
        known = dict(record.quality)
        parts = [known[name] for name in names if name in known]
        missing = [names[name] for name in ("kind", "level", "reliability") if name not in known]
        if missing:
            parts.append(_("not on record: %(what)s", what=", ".join(missing)))
        if record.chain:
            parts.append(_("at second hand: %(chain)s", chain=" ← ".join(short(thing.label) for thing in record.chain)))
        if record.weakness:
            parts.append(record.weakness)
        return "; ".join(parts)

    def numbers(self, numbers: Sequence[int]) -> Line:
        """Numbers of findings as links, runs of them as one: 1, 3–7."""
        return joined(
            (
                Span(str(first) if first == last else f"{first}–{last}", href=f"#finding-{first}")
                for first, last in runs(numbers)
            ),
            ", ",
        )


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The runs in a rising sequence of numbers: 1 3 4 5 is (1, 1), (3, 5)."""
    if not numbers:
        return []
    breaks = [(one, two) for one, two in pairwise(numbers) if two != one + 1]
    firsts = [numbers[0], *(two for _, two in breaks)]
    lasts = [*(one for one, _ in breaks), numbers[-1]]
    return list(zip(firsts, lasts, strict=True))


def short(label: str) -> str:
    """The short part of a source's label: ``Nieri 2016: Creating ...`` is ``Nieri 2016``."""
    return label.partition(":")[0]


def link(thing: Named) -> Span:
    """A thing as a link to its address, where that is one of the web."""
    return Span(thing.label, href=thing.iri if thing.iri.startswith(HOME) else "")


def links(things: Iterable[Named], between: str = "; ") -> Line:
    return joined(map(link, things), between)


def place(where: Place | Record) -> str:
    """Where something is stated, in short: source and locator."""
    return f"{short(where.source.label)}, {where.locator}"


def places(several: Iterable[Place]) -> str:
    """Places in short, each source once: ``Nieri 2016, Box 2, line 199; Section 3.2``."""
    by_source: dict[str, list[str]] = {}
    for where in several:
        by_source.setdefault(short(where.source.label), []).append(where.locator)
    return "; ".join(f"{source}, {'; '.join(dict.fromkeys(found))}" for source, found in by_source.items())


def part_of(part: Part) -> Line:
    """A party's part in an impact: how, by whose word, and why a curator holds it."""
    basis = f" ({part.basis.label.lower()}{': ' if part.rationale else ''}"
    return line(link(part.party), f": {part.mode.lower()}", basis, Span(part.rationale, style="muted"), ")")


def said_of(reply: Reply) -> Line:
    """A reply in one line: who said what, in which words, and where."""
    by = ", ".join(party.label for party in reply.by)
    return line(
        f"{by}: " if by else "",
        link(reply.thing),
        f". {reply.words}" if reply.words else "",
        f" ({place(reply.place)})",
    )
