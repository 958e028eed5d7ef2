"""An explanation of a finding, as plain data for programs and as text for a person."""

from __future__ import annotations

from collections.abc import Iterable

from hrdd_graph.gaps.explain import Explanation
from hrdd_graph.gaps.grounds import Ground, Statement
from hrdd_graph.gaps.salience import NAMES, UNKNOWN
from hrdd_graph.gaps.sources import Cited
from hrdd_graph.gaps.strength import Proof, Strength
from hrdd_graph.labels import Labels, NamedTerm, TermDocument, term_document, words
from hrdd_graph.namespaces import HRDD, RDF, compact
from hrdd_graph.report._document import finding_document, run_facts
from hrdd_graph.report._shapes import (
    ConditionMet,
    ExplanationDocument,
    PlaceDocument,
    ProofDocument,
    StatementDocument,
    StepDocument,
    StrengthDocument,
)
from hrdd_graph.terms import Iri, Term, parts


def explanation_document(explanation: Explanation) -> ExplanationDocument:
    """The finding as a run shows it, with ``explanation``: ``conditions``, ``path``, ``weakest`` and ``evidence``.

    Each condition of the rule has the statements that met it; each statement says whether it was ``derived`` from
    others, and where its record is stated. ``path`` holds each way that the rule walked, step by step. ``evidence``
    lists the records that the conditions rest on, the weakest first.
    """
    grounds, say = explanation.grounds, explanation.labels
    evidence = [_strength_document(strength, say) for strength in explanation.strengths]
    return {
        **finding_document(explanation.run, explanation.finding),
        "explanation": {
            "conditions": [_ground_document(ground, say) for ground in grounds.conditions],
            "path": [[_step_document(statement, say) for statement in way] for way in grounds.ways],
            "weakest": evidence[0] if evidence else None,
            "evidence": evidence,
        },
        "run": run_facts(explanation.run),
    }


def _ground_document(ground: Ground, say: Labels) -> ConditionMet:
    return {
        "condition": ground.title,
        "asksForNothing": ground.denied,
        "statements": [statement_document(statement, say) for statement in ground.statements],
    }


def statement_document(statement: Statement, say: Labels) -> StatementDocument:
    """A statement: its three terms, whether it follows from others, and where its record is stated."""
    subject, prop, value = parts(statement.triple)
    return {
        "subject": worded(subject, say),
        "property": worded(prop, say),
        "object": worded(value, say),
        "derived": statement.derived,
        "statedIn": [_place_document(place, say) for place in statement.places],
    }


def _step_document(statement: Statement, say: Labels) -> StepDocument:
    whole = statement_document(statement, say)
    return {
        "from": whole["subject"],
        "property": whole["property"],
        "statedIn": whole["statedIn"],
        "to": whole["object"],
    }


def _place_document(place: Cited, say: Labels) -> PlaceDocument:
    return {
        "record": worded(Iri(place.record), say),
        "source": worded(Iri(place.source), say),
        "locator": place.locator,
        "status": say(Iri(place.status)),
    }


def _strength_document(strength: Strength, say: Labels) -> StrengthDocument:
    return {
        "record": worded(Iri(strength.record), say),
        "source": worded(Iri(strength.source), say),
        "status": say(HRDD[strength.status]),
        "proofs": [_proof_document(proof, say) for proof in strength.proofs],
        "inWords": strength_words(strength, say),
    }


def _proof_document(proof: Proof, say: Labels) -> ProofDocument:
    qualities = _qualities(proof, say)
    document: ProofDocument = {
        "chain": [worded(Iri(iri), say) for iri in proof.chain],
        "secondHand": proof.second_hand,
        "kind": qualities["kind"],
        "level": qualities["level"],
        "reliability": qualities["reliability"],
    }
    if "credibility" in qualities:
        document["credibility"] = qualities["credibility"]
    if proof.weakness:
        document["weakness"] = proof.weakness
    return document


def strength_words(strength: Strength, say: Labels) -> str:
    """How firm a record is, in one sentence: status, kind, reliability, and whose word it is."""
    best = strength.best
    parts = [say(HRDD[strength.status]).lower()]
    qualities = _qualities(best, say)
    parts += [told.lower() for told in qualities.values() if told != UNKNOWN]
    missing = [name for name, told in qualities.items() if told == UNKNOWN]
    if missing:
        parts.append(f"not on record: {', '.join(missing)}")
    if best.second_hand:
        parts.append("at second hand: " + " from ".join(_short(say(Iri(iri))) for iri in best.chain))
    if best.weakness:
        parts.append(best.weakness)
    return "; ".join(parts)


def _qualities(proof: Proof, say: Labels) -> dict[str, str]:
    told = {"kind": proof.kind, "level": proof.level, "reliability": proof.reliability}
    named = {name: say(HRDD[value]) if value else UNKNOWN for name, value in told.items()}
    return named | ({"credibility": say(HRDD[proof.credibility])} if proof.credibility else {})


def explanation_text(explanation: Explanation) -> str:
    """The explanation for a person."""
    run, finding, say = explanation.run, explanation.finding, explanation.labels
    rule = finding.rule
    lines = [f"{rule.text('label', run.language)} ({finding.severity})"]
    if finding.severity_reason:
        lines.append(f"{finding.severity.capitalize()}: {finding.severity_reason}.")
    lines += ["", run.message(finding), "", "Facts"]
    lines.append(f"  about: {run.labels(finding.focus)} ({compact(finding.focus.value)})")
    for name, terms in finding.bindings.items():
        for term in terms:
            shown = run.labels(term)
            lines.append(f"  {name}: {shown}" + (f" ({compact(term.value)})" if isinstance(term, Iri) else ""))
    lines += ["", "How the conditions are met"]
    for ground in explanation.grounds.conditions:
        lines.append(f"  {ground.title}")
        lines += [f"    {line}" for line in statement_lines(ground.statements, say)]
        if ground.denied and not ground.statements:
            lines.append("    nothing in this view says otherwise")
    for way in explanation.grounds.ways:
        lines += ["", "The way from one to the other"]
        lines += [f"  {_step_line(statement, say)}" for statement in way]
    lines += ["", "Weakest evidence first"]
    for strength in explanation.strengths:
        lines.append(f"  {say(Iri(strength.record))} ({compact(strength.record)}): {strength_words(strength, say)}")
    salience = run.salience(finding)
    if salience is not None:
        lines += ["", f"How grave the impact is: {salience.sentence}"]
        for name in NAMES:
            gradings = salience.impact.likelihoods if name == "likelihood" else salience.impact.gradings.get(name, ())
            why = "; ".join(": ".join(filter(None, (g.basis.lower(), g.words, g.rationale))) for g in gradings)
            lines.append(f"  {name}: {salience.shown_grade(name)}" + (f" ({why})" if why else ""))
        lines.append(f"  score {float(salience.score):.2f} = {run.ranking.weights.formula}")
    lines += ["", "Stated in"]
    for place in run.sources(finding):
        status = run.labels(Iri(place.status)).lower()
        lines.append(f"  {compact(place.record)}: {run.labels(Iri(place.source))}, {place.locator} ({status})")
    lines += ["", "Why it is a gap", f"  {rule.text('definition', run.language)}"]
    lines += [f"  {run.labels(Iri(iri))}" for iri in rule.provisions]
    lines += ["", "What to do", f"  {rule.text('advice', run.language)}"]
    lines += ["", "Would be settled by", f"  {rule.text('settled_by', run.language)}", "", finding.iri]
    return "\n".join(lines)


def statement_lines(statements: Iterable[Statement], say: Labels) -> list[str]:
    """Statements as lines, one for each place: what is said of each subject, and where."""
    groups: dict[tuple[str, str], list[str]] = {}
    for statement in statements:
        record, prop, node = parts(statement.triple)
        where = "; ".join(_place_words(place, say) for place in statement.places) or "vocabulary, or no place given"
        subject = words_for(record, say)
        if node == HRDD.StandingRecord:
            continue  # it only says that nobody withdrew the record
        value = words_for(node, say)
        if prop == RDF.type:
            said = f"is {'an' if value[0] in 'AEIOU' else 'a'} {value}"
        elif _part_of(node, record):
            said = f"has {value.partition(' of ')[0]}"
        else:
            said = f"{words_for(prop, say)} {value}"
        groups.setdefault((subject, where), []).append(said)
    return [f"{subject}: {'; '.join(dict.fromkeys(said))} [{where}]" for (subject, where), said in groups.items()]


def _part_of(node: object, record: object) -> bool:
    return isinstance(node, Iri) and isinstance(record, Iri) and node.value.startswith(f"{record.value}#")


def _step_line(statement: Statement, say: Labels) -> str:
    places = "; ".join(f"{compact(place.record)}, {_place_words(place, say)}" for place in statement.places)
    ends = [words_for(term, say) for term in parts(statement.triple)]
    return f"{' — '.join(ends)} [{places}]"


def words_for(term: Term, say: Labels) -> str:
    """A term in words: its label, or its name in words."""
    if isinstance(term, Iri):
        name = say(term)
        local = name.partition(":")[2]
        unnamed = name == compact(term.value) and local.isidentifier()
        return words(local) if unnamed else name
    return term.value


def _place_words(place: Cited, say: Labels) -> str:
    return f"{_short(say(Iri(place.source)))}, {place.locator}; {say(Iri(place.status)).lower()}"


def _short(label: str) -> str:
    """The short part of a source's label."""
    return label.partition(":")[0]


def worded(term: Term, say: Labels) -> TermDocument:
    """A term as plain data whose label is the words for it."""
    return worded_name(term, say) if isinstance(term, Iri) else term_document(term, say)


def worded_name(term: Iri, say: Labels) -> NamedTerm:
    """An address as plain data whose label is the words for it."""
    return {"iri": term.value, "id": compact(term.value), "label": words_for(term, say)}
