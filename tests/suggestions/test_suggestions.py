"""Rights that a text may be about: claims on what leads where, and on what no text can do."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.errors import UnusableInput
from hrdd_graph.namespaces import compact
from hrdd_graph.suggestions.document import EMPTY, suggestions_document
from hrdd_graph.suggestions.facts import facts_of
from hrdd_graph.suggestions.suggester import MOST_CHARACTERS, Suggester, Suggestions, suggester_of
from hrdd_graph.suggestions.words import LANGUAGES, language_of, words_of
from hrdd_graph.view import View


@cache
def made(view: View) -> Suggester:
    return suggester_of(view)


@pytest.fixture(scope="module")
def suggester(view: View) -> Suggester:
    return made(view)


def ids(found: Suggestions) -> list[str]:
    return [compact(one.provision) for one in found.found]


@pytest.mark.parametrize(
    ("text", "language", "right"),
    [
        ("Workers are paid less than the minimum wage.", "en", "udhr:23.3"),
        ("Les ouvriers touchent moins que le salaire minimum.", "fr", "udhr:23.3"),
        ("Los trabajadores cobran menos del salario mínimo.", "es", "udhr:23.3"),
        ("Os trabalhadores recebem menos do que o salário mínimo.", "pt", "udhr:23.3"),
        ("The firm has banned the trade union.", "en", "udhr:23.4"),
        ("Le syndicat est interdit dans l'usine.", "fr", "ilo:C087"),
        ("Children stitch footballs and do not go to school.", "en", "udhr:26.1"),
        ("Son víctimas de trabajo forzoso y servidumbre por deudas.", "es", "udhr:4"),
    ],
)
def test_the_words_of_lawyers_lead_to_their_rights(suggester: Suggester, text: str, language: str, right: str) -> None:
    found = suggester.suggest(text)
    assert found.language == language
    assert right in ids(found)


def test_accents_and_case_may_be_left_out(suggester: Suggester) -> None:
    with_accents = suggester.suggest("Salário mínimo não pago", language="pt")
    assert ids(with_accents)[:3] == ids(suggester.suggest("SALARIO MINIMO NAO PAGO", language="pt"))[:3]
    apart = unicodedata.normalize("NFD", "Salário mínimo não pago")
    assert suggester.suggest(apart, language="pt") == with_accents


def test_every_suggestion_quotes_the_text_and_says_why(suggester: Suggester) -> None:
    text = "Guards shot at farmers who had marched against the mine; mercury is in the river."
    found = suggester.suggest(text, limit=50).found
    assert found
    for one in found:
        assert one.reasons
        assert 0 < one.score <= 1
        assert one.label
        for reason in one.reasons:
            assert reason.label
            assert reason.words
            assert all(text[span.start : span.end] == span.text for span in reason.words)


def test_suggestions_are_ranked_and_a_shorter_list_is_the_beginning_of_a_longer_one(suggester: Suggester) -> None:
    text = "The strikers were beaten and dismissed, and their wages were kept back."
    long = suggester.suggest(text, limit=20).found
    assert [one.score for one in long] == sorted((one.score for one in long), reverse=True)
    assert suggester.suggest(text, limit=3).found == long[:3]


def test_an_empty_answer_is_no_clearance(suggester: Suggester) -> None:
    document = suggestions_document(suggester.suggest("Xyzzy plugh."))
    assert document["suggestions"] == []
    assert document["note"] == EMPTY
    assert "says nothing of whether a right is touched" in EMPTY


def test_the_same_text_gives_the_same_answer_from_a_suggester_made_anew(suggester: Suggester, view: View) -> None:
    text = "Home-based stitchers, most of them women, are paid by the piece and have no contract."
    assert Suggester(facts_of(view)).suggest(text) == suggester.suggest(text)


def test_what_is_not_in_the_view_has_no_say(view: View) -> None:
    source = "nieri-2016"
    without = replace(view, entries=tuple(e for e in view.entries if not e.graph.endswith(source)))
    all_facts, fewer = facts_of(view), facts_of(without)
    gone = {r.iri for r in all_facts.precedents} - {r.iri for r in fewer.precedents}
    assert gone
    found = Suggester(fewer).suggest("A mercury spill poisoned villagers near the mine.", limit=50)
    assert not gone & {reason.iri for one in found.found for reason in one.reasons}


def test_only_the_declaration_and_ilo_instruments_are_suggested(suggester: Suggester) -> None:
    found = suggester.suggest("The audit was announced and the grievance mechanism never answered.", limit=50)
    assert {right.partition(":")[0] for right in ids(found)} <= {"udhr", "ilo"}


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("", None, "is empty"),
        (" \n\t", None, "is empty"),
        ("a" * (MOST_CHARACTERS + 1), None, "at most"),
        ("Arbeiter werden nicht bezahlt", "de", "is not one of en, fr, es, pt"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(
    suggester: Suggester, text: str, language: str | None, said: str
) -> None:
    with pytest.raises(UnusableInput, match=said):
        suggester.suggest(text, language=language)


ANY_TEXT = st.text(st.characters(), max_size=400)
PIECES = (
    ".",
    "'",
    "\n",
    "\u0301",
    "\ud800",
    "no",
    "union",
    "wage",
    "river",
    "salaire",
    "syndicat",
    "agua",
    "greve",
    "école",
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


@given(text=ANY_TEXT | WORDS, language=st.sampled_from([None, *LANGUAGES, "pt-BR"]))
def test_no_text_breaks_it(view: View, text: str, language: str | None) -> None:
    suggester = made(view)
    if not text.strip():
        return
    found = suggester.suggest(text, language=language, limit=50)
    scores = [one.score for one in found.found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len(set(ids(found))) == len(scores)
    assert found == suggester.suggest(text, language=language, limit=50)


@given(ANY_TEXT)
def test_words_lie_in_the_text_in_order(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    words = words_of(text, "en")
    assert all(text[w.start : w.end].strip() and w.stem for w in words)
    assert all(one.end <= other.start and one.sentence <= other.sentence for one, other in pairwise(words))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Los obreros de la fábrica no tienen contrato", "es"),
        ("Os operários da fábrica não têm contrato", "pt"),
        ("Les ouvriers de l'usine sont sans contrat", "fr"),
        ("Nothing here", "en"),
        ("工人", "en"),
    ],
)
def test_the_language_is_told_by_the_commonest_words(text: str, language: str) -> None:
    assert language_of(text) == language
