"""An empty workbook in a language: what it says and offers is in it, and what it offers is taken."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from hrdd_graph.intake.choices import Lists
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.template import vocabulary_lists, write_template
from hrdd_graph.ontology_checks.languages import READERS
from hrdd_graph.resources import Resources
from hrdd_graph.retelling import of_the_library

FORMS = ("spreadsheet", "interview")
HELP = {
    "en": "Firms, authorities",
    "fr": "Entreprises, autorités",
    "es": "Empresas, autoridades",
    "pt": "Empresas, autoridades",
}
NEEDED = {"en": "Needed.", "fr": "Obligatoire.", "es": "Obligatorio.", "pt": "Obrigatório."}
THAILAND = {"en": "Thailand", "fr": "Thaïlande", "es": "Tailandia", "pt": "Tailândia"}


@pytest.fixture(scope="module")
def lists(resources: Resources) -> Lists:
    return vocabulary_lists(resources)


@pytest.mark.parametrize("language", READERS)
def test_help_and_lists_are_in_the_language_and_names_stay(
    tmp_path: Path, resources: Resources, lists: Lists, language: str
) -> None:
    path = tmp_path / "new.xlsx"
    write_template(read_profile(resources, "spreadsheet"), lists, path, of_the_library(language))
    book = openpyxl.load_workbook(path)
    note = book["Parties"]["A1"].comment.text
    assert HELP[language] in note
    assert note.endswith(NEEDED[language])
    assert book["Parties"]["A1"].value == "Party ID *"
    offered = {cell.value for row in book["Lists"].iter_rows() for cell in row}
    assert THAILAND[language] in offered
    assert not {THAILAND[other] for other in READERS if other != language} & offered
    assert book["About"]["A2"].value == "title"


@pytest.mark.parametrize("language", READERS)
def test_every_word_that_a_list_offers_is_taken_for_the_thing_that_it_is(
    resources: Resources, lists: Lists, language: str
) -> None:
    columns = [c for form in FORMS for sheet in read_profile(resources, form).sheets for c in sheet.columns.values()]
    kinds = {column.of for column in columns if column.kind == "choice" and column.of}
    assert len(kinds) > 5
    for of in kinds:
        offered = lists.of(of, language).labels
        assert {word: lists.of(of).find(word) for word in offered.values()} == {word: i for i, word in offered.items()}


def test_a_language_that_there_are_no_words_in_is_english(tmp_path: Path, resources: Resources, lists: Lists) -> None:
    write_template(read_profile(resources, "interview"), lists, tmp_path / "a.xlsx", of_the_library("ja"))
    note = openpyxl.load_workbook(tmp_path / "a.xlsx")["Interviews"]["A1"].comment.text
    assert note.startswith("A talk in each row.")
