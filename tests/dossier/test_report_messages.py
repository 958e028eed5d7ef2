"""The words of audit files and findings: each language says everything, with the same values put in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hrdd_graph import dossier
from hrdd_graph.dossier.wording import Wording
from hrdd_graph.gaps import finding
from hrdd_graph.speech import FOLDER, OWN, languages, messages

KEYWORDS = {"_": None, "text": None, "many": (1, 2)}
PAPER = ("layout.py", "findings.py", "listing.py", "annexes.py", "closing.py", "wording.py", "writers/*.py")
OTHERS = [language for language in languages() if language != OWN]


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Every message in the code of the paper and of a finding's sentence, by its first form."""
    paper, sentence = Path(dossier.__file__).parent, Path(finding.__file__).parent
    found = set()
    for folder, wanted, keywords in ((paper, PAPER, KEYWORDS), (sentence, ("finding.py",), {"mark": None})):
        for _file, _line, message, _comments, _context in extract_from_dir(
            folder, [(name, "python") for name in wanted], keywords=keywords
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def values(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]", text))


def test_there_are_the_languages_of_the_sources_readers() -> None:
    assert {"en", "fr", "es", "de", "pt"} <= set(languages())


@pytest.mark.filterwarnings("ignore:.*Skipping f-string")
@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_everything_and_nothing_that_is_gone(language: str, said: set[str]) -> None:
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = {(m.id if isinstance(m.id, str) else m.id[0]): m for m in read_po(file) if m.id}
    assert len(said) > 150
    assert set(catalogue) == said
    for message in catalogue.values():
        first = message.id if isinstance(message.id, str) else message.id[1]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        assert all(forms), message.id
        assert all(values(form) == values(first) for form in forms), message.id


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("count", [0, 1, 2, 5, 1_000_000])
def test_a_number_of_things_is_always_said(language: str, count: int) -> None:
    told = Wording.of(language).many("%(n)d finding", "%(n)d findings", count)
    assert told.startswith(str(count))


def test_a_regional_tag_falls_back_to_its_language_and_an_unknown_one_to_english() -> None:
    assert messages("pt-BR").gettext("Summary") == "Resumo"
    assert messages("xx").gettext("Summary") == "Summary"
