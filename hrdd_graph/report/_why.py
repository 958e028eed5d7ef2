"""Why a rule finds something about a node, or why not: as plain data for programs and as text for a person."""

from __future__ import annotations

from collections.abc import Iterable

from hrdd_graph.gaps.why import Bindings, Verdict, Why
from hrdd_graph.labels import Labels, TermDocument, labels_for
from hrdd_graph.report._document import run_facts
from hrdd_graph.report._explanation import worded, worded_name, words_for
from hrdd_graph.report._shapes import VerdictDocument, WhyDocument

OUTCOMES = {"holds": "holds", "fails": "does not hold", "open": "cannot be told, since it rests on one that does not"}


def why_document(why: Why) -> WhyDocument:
    """Whether the rule finds something about the node, and each of its conditions with what is on record.

    ``outcome`` is ``holds``, ``fails`` or ``open``; ``together`` whether all conditions up to it hold at once.
    ``holdTogether`` counts how many do from the first on.
    """
    say = names_of(why)

    return {
        "rule": why.rule.name,
        "focus": worded_name(why.focus, say),
        "isTarget": why.is_target,
        "finds": [finding.iri for finding in why.findings],
        "inWords": sentence(why, say),
        "kinds": [worded(kind, say) for kind in why.kinds],
        "targets": [{"kind": t.kind, "value": worded(t.value, say)} for t in why.rule.targets],
        "holdTogether": sum(verdict.together for verdict in why.verdicts),
        "conditions": [_verdict_document(verdict, say) for verdict in why.verdicts],
        "settledBy": why.rule.text("settled_by", why.run.language),
        "run": run_facts(why.run),
    }


def _verdict_document(verdict: Verdict, say: Labels) -> VerdictDocument:
    document: VerdictDocument = {
        "condition": verdict.condition.title,
        "outcome": verdict.outcome,
        "together": verdict.together,
        "found": _rows(verdict.found, say),
        "clearedBy": _rows(verdict.cleared_by, say),
    }
    if verdict.missing:
        document["missing"], document["nearest"] = verdict.missing, _rows(verdict.nearest, say)
    return document


def _rows(some: Iterable[Bindings], say: Labels) -> list[dict[str, TermDocument]]:
    return [{name: worded(term, say) for name, term in sorted(row.items())} for row in some]


def names_of(why: Why) -> Labels:
    """The names of everything in the answer."""
    return labels_for(why.run.view, why.terms(), why.run.language)


def sentence(why: Why, say: Labels) -> str:
    """The answer in one sentence."""
    name, rule = say(why.focus), why.rule.name
    if not why.is_target:
        kinds = ", ".join(words_for(kind, say) for kind in why.kinds) or "of no kind on record"
        targets = ", ".join(words_for(target.value, say) for target in why.rule.targets)
        return f"{rule} does not look at {name} at all: it looks at {targets}, and {name} is {kinds}."
    if why.findings:
        count = len(why.findings)
        return f"{rule} finds {count} {'gap' if count == 1 else 'gaps'} about {name}."
    failed = [verdict for verdict in why.verdicts if verdict.outcome == "fails"]
    if not failed:
        return f"{rule} finds nothing about {name} in this view."
    return (
        f"{rule} finds nothing about {name} in this view: "
        f"{len(failed)} of its {len(why.verdicts)} conditions {'does' if len(failed) == 1 else 'do'} not hold. "
        "That is no clearance."
    )


def together(why: Why) -> str:
    """How many of the conditions, from the first on, hold at once."""
    count, every = sum(verdict.together for verdict in why.verdicts), len(why.verdicts)
    if count == every:
        return "All conditions hold together." if every > 1 else "The condition holds."
    if count == 0:
        return "The first condition does not hold, so that none is met together with it."
    return f"The first {count} of {every} conditions {'hold together' if count > 1 else 'holds'}."


def why_text(why: Why) -> str:
    """The answer for a person."""
    say = names_of(why)
    lines = [sentence(why, say)]
    for number, verdict in enumerate(why.verdicts, start=1):
        lines += ["", f"{number}. {verdict.condition.title}", f"   {OUTCOMES[verdict.outcome]}"]
        lines += _verdict_lines(verdict, say)
    if why.verdicts:
        lines += ["", together(why)]
    lines += [f"  {finding.iri}" for finding in why.findings]
    lines += ["", f"As of {why.run.view.as_of.isoformat()}."]
    return "\n".join(lines)


def _verdict_lines(verdict: Verdict, say: Labels) -> list[str]:
    lines = [f"   on record: {_row(row, say)}" for row in verdict.found]
    lines += [f"   cleared by: {_row(row, say)}" for row in verdict.cleared_by]
    if verdict.missing:
        lines.append(f"   nothing meets: {verdict.missing}")
        lines += [f"   nearest on record: {_row(row, say)}" for row in verdict.nearest]
    return lines


def _row(row: Bindings, say: Labels) -> str:
    return "; ".join(f"{name} = {words_for(term, say)}" for name, term in sorted(row.items()) if name != "this")
