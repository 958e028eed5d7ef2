"""Putting the question: the rules are run over the whole view, and what is about the subject comes into the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hrdd_graph.dossier.compose import compose
from hrdd_graph.dossier.model import Dossier, LeftOut, Named, Supplier
from hrdd_graph.dossier.portfolio import matched
from hrdd_graph.dossier.subject import PORTFOLIO, Subject, subject_for, subject_of
from hrdd_graph.gaps.facets import at_or_above, narrowed
from hrdd_graph.gaps.receipt import receipt_of
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.gaps.salience import Weights
from hrdd_graph.gaps.waivers import Waiver
from hrdd_graph.intake.tables import Row
from hrdd_graph.labels import labels_for
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


# What the findings of a file may be narrowed down by, beside their severity.
NARROWED_BY = ("principle", "right", "topic")


@dataclass(frozen=True)
class Narrowing:
    """Which of the findings about a subject come into its file: those at or above ``severity`` that every facet of
    ``facets`` keeps; all where nothing is said.
    """

    severity: str = ""
    facets: Mapping[str, tuple[Iri, ...]] = field(default_factory=dict)

    def of(self, run: Run) -> Run:
        """The run with those findings alone. Raises ``UnusableInput`` where the severity is none."""
        return narrowed(at_or_above(run, self.severity), self.facets)

    def asked(self) -> dict[str, list[str]]:
        """As a receipt names it."""
        facets = {name: [compact(iri.value) for iri in wanted] for name, wanted in self.facets.items()}
        return facets | {"severity": [self.severity]}


_ALL = Narrowing()


@dataclass(frozen=True)
class Question:
    """What every audit file needs: a view, rules, the ontology, the reader's language, waivers, weights, and which
    findings are wanted.

    ``evaluate`` runs rules over a view; a server that keeps runs puts its own in.
    """

    view: View
    rules: tuple[Rule, ...]
    vocabulary: Vocabulary
    language: str = "en"
    waivers: tuple[Waiver, ...] = ()
    weights: Weights = _EQUAL
    evaluate: Evaluate = _evaluate
    only: Narrowing = _ALL

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
    about = narrowed(whole, {subject.facet: wanted}) if wanted else replace(whole, findings=())
    run = question.only.of(about)
    if wanted:  # a list of which nobody is on record has nothing that could be asked again
        asked = {subject.facet: [compact(iri.value) for iri in wanted], "weights": [str(question.weights)]}
        asked |= question.only.asked()
        run = replace(run, receipt=receipt_of(run, asked))
    left_out = _left_out(question, len(about.findings) - len(run.findings))
    return compose(run, subject, question.vocabulary, suppliers, _beyond(whole, about, subject), left_out)


def _left_out(question: Question, count: int) -> LeftOut | None:
    """By what the file is narrowed down, in the reader's language; nothing where it is not."""
    only = question.only
    if not only.severity and not only.facets:
        return None
    say = labels_for(question.view, [iri for wanted in only.facets.values() for iri in wanted], question.language)
    kept = {name: tuple(Named(iri.value, say(iri)) for iri in wanted) for name, wanted in only.facets.items()}
    return LeftOut(only.severity, tuple(kept.items()), count)


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
