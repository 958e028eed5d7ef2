"""Where the texts of what goes wrong come from: the modules whose errors people see in pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hrdd_api.retelling import FOLDER as OF_THE_PAGES

from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.repair import REASONS
from hrdd_graph.intake.template import HELP
from hrdd_graph.resources import Resources
from hrdd_graph.retelling import FOLDER as OF_THE_LIBRARY
from tests.told import Told, told_in

RAISED = frozenset({"ValueError", "QueryError", "Conflict"})  # whose first argument is such a text
FORMS = ("spreadsheet", "interview")  # profiles whose workbooks people fill in
_LIBRARY = (
    "errors.py", "intake/**/*.py", "submissions/*.py", "evidence/*.py", "suggestions/*.py", "matching/*.py",
    "gaps/facets.py", "gaps/selection.py", "gaps/salience.py", "gaps/diff.py", "gaps/explain.py",
    "dossier/portfolio.py", "dossier/subject.py", "dossier/writers/pdf.py", "templates.py", "kept_out.py", "search.py",
    "results.py", "terms.py", "sparql/guard.py", "store/base.py", "store/embedded.py", "store/remote.py",
    "store/workers.py", "store/limits.py", "answers/__init__.py",
)  # fmt: skip
# Of the operator at the command line, of programs, and what is no error.
_NOT = frozenset({
    "intake/review.py", "intake/known.py", "intake/save.py", "intake/repair.py", "intake/profile_keys.py",
    "submissions/log.py", "submissions/plain.py", "agents.py", "routers/agents.py", "tools.py", "middleware.py",
    "openapi.py", "serving.py", "methods.py", "negotiation.py", "routing.py",
})  # fmt: skip
# The validator's own, of whole numbers and texts in addresses.
VALIDATOR = frozenset({
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be greater than or equal to %(least)s",
    "Input should be less than or equal to %(most)s",
    "Input should be %(either)s",
    "String should have at most %(most)s characters",
})  # fmt: skip


def of_the_library(resources: Resources) -> Told:
    """What the library says, with the help on sheets and columns, which is the advice on a bad cell too."""
    found = _told(OF_THE_LIBRARY.parents[1], _LIBRARY)
    for form in FORMS:
        for sheet in read_profile(resources, form).sheets:
            found.messages.update(text for text in (sheet.help, *(c.help for c in sheet.columns.values())) if text)
    found.messages.update((REASONS, *HELP))
    return found


def of_the_pages() -> Told:
    """What the HTTP layer says. What it says of pictures is in the messages of the pages."""
    found = _told(OF_THE_PAGES.parents[1], ("*.py", "routers/*.py", "pages/*.py"))
    found.messages.update(VALIDATOR)
    return found


def _told(package: Path, patterns: Iterable[str]) -> Told:
    paths = {path for pattern in patterns for path in package.glob(pattern)}
    return told_in(sorted(path for path in paths if path.relative_to(package).as_posix() not in _NOT), RAISED)
