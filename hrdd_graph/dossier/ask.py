"""Putting the question: the rules are run over the whole view, and what is about the subject comes into the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from hrdd_graph.dossier.compose import compose
from hrdd_graph.dossier.model import Dossier, Supplier
from hrdd_graph.dossier.portfolio import matched
from hrdd_graph.dossier.subject import PORTFOLIO, Subject, subject_for, subject_of
from hrdd_graph.gaps.facets import narrowed
from hrdd_graph.gaps.receipt import receipt_of
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.gaps.salience import Weights
from hrdd_graph.gaps.waivers import Waiver
from hrdd_graph.intake.tables import Row
from hrdd_graph.matching.directory import Directory
from hrdd_graph.namespaces import compact, sparql_prologue
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.rules import Rule
from hrdd_graph.terms import Iri, sparql_text
from hrdd_graph.view import View

Evaluate = Callable[[View, tuple[Rule, ...], str], Run]


_EQUAL = Weights()


def _evaluate(view: View, rules: tuple[Rule, ...], language: str) -> Run:
    return run_rules(view, rules, language=language)


@dataclass(frozen=True)
class Question:
    """What every audit file needs: a view, rules, the ontology, the reader's language, waivers, and weights.

    ``evaluate`` runs rules over a view; a server that keeps runs puts its own in.
    """

    view: View
    rules: tuple[Rule, ...]
    vocabulary: Vocabulary
    language: str = "en"
    waivers: tuple[Waiver, ...] = ()
    weights: Weights = _EQUAL
    evaluate: Evaluate = _evaluate

    def whole(self) -> Run:
        """What all active rules find in the view."""
        rules = tuple(rule for rule in self.rules if rule.active)
        return self.evaluate(self.view, rules, self.language).weighed(self.weights).waived(self.waivers)


def report_on(question: Question, kind: str, text: str) -> Dossier:
    """The audit file of what a caller named. Raises ``UnusableInput`` where the view has no such thing."""
    return _file(question, subject_of(question.view, kind, text, question.language), ())


def report_on_list(question: Question, directory: Directory, rows: Iterable[Row]) -> Dossier:
    """The audit file of a list of suppliers: the findings about those that are surely meant, and the rest by name."""
    suppliers = matched(question.view, directory, rows, question.language)
    sure = sorted({supplier.matches[0].thing.iri for supplier in suppliers if supplier.state == "sure"})
    return _file(question, subject_for(question.view, PORTFOLIO, sure, question.language), suppliers)


def _file(question: Question, subject: Subject, suppliers: Sequence[Supplier]) -> Dossier:
    whole, wanted = question.whole(), subject.iris
    run = narrowed(whole, {subject.facet: wanted}) if wanted else replace(whole, findings=())
    if wanted:  # a list of which nobody is on record has nothing that could be asked again
        asked = {subject.facet: [compact(iri.value) for iri in wanted], "weights": [str(question.weights)]}
        run = replace(run, receipt=receipt_of(run, asked))
    return compose(run, subject, question.vocabulary, suppliers, _beyond(whole, run, subject))


def _beyond(whole: Run, run: Run, subject: Subject) -> int:
    """How many findings are about the clusters that a firm works in, and not about the firm."""
    if subject.kind != "firm":
        return 0
    rows = whole.view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?cluster WHERE {{ VALUES ?firm {{ "
        f"{' '.join(map(sparql_text, subject.iris))} }} ?firm "
        f"hrdd:operatesIn ?cluster . ?cluster a hrdd:IndustrialCluster }}"
    )
    clusters = tuple(row[0] for row in rows.rows if isinstance(row[0], Iri))
    if not clusters:
        return 0
    here = {finding.iri for finding in run.findings}
    return sum(finding.iri not in here for finding in narrowed(whole, {"cluster": clusters}).findings)
