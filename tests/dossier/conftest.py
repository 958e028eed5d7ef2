"""What the tests of audit files share: one evaluation of all rules, and the file of one firm."""

from __future__ import annotations

import pytest

from hrdd_graph.dossier.ask import Question, report_on
from hrdd_graph.dossier.model import Dossier
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.view import View


@pytest.fixture(scope="session")
def whole(view: View, resources: Resources) -> Run:
    """What all rules find, evaluated once."""
    return run_rules(view, read_rules(resources))


@pytest.fixture(scope="session")
def question(view: View, resources: Resources, vocabulary: Vocabulary, whole: Run) -> Question:
    return Question(view, read_rules(resources), vocabulary, evaluate=lambda *_: whole)


@pytest.fixture(scope="session")
def yanacocha(question: Question) -> Dossier:
    return report_on(question, "firm", "organisation/mineria-yanacocha")
