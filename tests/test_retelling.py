"""A composed English sentence in the reader's language: by its pattern, with the same values, or not at all."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hrdd_api.retelling import FOLDER as OF_THE_PAGES
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from hrdd_graph.namespaces import SH
from hrdd_graph.resources import Resources
from hrdd_graph.retelling import FOLDER as OF_THE_LIBRARY
from hrdd_graph.retelling import JOINED, PLACE, Pattern, Retelling
from hrdd_graph.shacl.records import compiled_folder
from hrdd_graph.speech import languages, pairs
from tests.told import Told, told_in
from tests.told_sites import VALIDATOR, of_the_library, of_the_pages

TONGUES = ("es", "fr", "pt")
PAIRS = {
    " or ": " o ",
    '"%(text)s" is none of %(names)s.': 'Entre %(names)s no está "%(text)s".',
    '"%(text)s" is no %(kind)s that is known.': '"%(text)s" no es un %(kind)s conocido.',
    "%(name)s cannot be used.": "%(name)s no se puede usar.",
    "%(row)s says: %(told)s": "%(row)s dice: %(told)s",
    "Did you mean %(either)s?": "¿Quiso decir %(either)s?",
    "Take one from the list.": "Elija de la lista.",
    "no list": "ninguna lista",
    "The file %(stem)s%(ending)s is gone.": "Falta %(stem)s%(ending)s.",
}
SPANISH = Retelling.of("es", PAIRS)
SAME = Retelling.of("xx", {text: text for text in PAIRS})

# Texts that look like ours: values, pieces of patterns, and their literals in any order.
_PIECES = sorted(
    {*PAIRS, *PAIRS.values(), *(piece for text in PAIRS for piece in PLACE.split(text))} | {"%(told)s", "a"}
)
_WRITTEN = st.characters(exclude_characters="⟦⟧¦")
HOSTILE = st.lists(st.sampled_from(_PIECES) | st.text(_WRITTEN, max_size=8), max_size=12).map("".join)
UNQUOTED = st.characters(exclude_characters='"')

# A language that names each pattern by a number, with its values behind it, the last place first.
_NUMBERED = [text for text in PAIRS if text not in JOINED.values()]
NUMBERED = Retelling.of(
    "xx", {t: f"⟦{n}" + "".join(f"¦%({p})s" for p in reversed(PLACE.findall(t))) + "⟧" for n, t in enumerate(_NUMBERED)}
)
NUMBER = re.compile(r"⟦(\d+)((?:¦[^⟦⟧¦]*)*)⟧")


def _english(match: re.Match[str]) -> str:
    values = iter(reversed(match[2].split("¦")[1:]))
    return PLACE.sub(lambda _: next(values), _NUMBERED[int(match[1])])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Take one from the list.", "Elija de la lista."),
        ('"Proven" is none of a, b. Take one from the list.', 'Entre a, b no está "Proven". Elija de la lista.'),
        ('"A. B" is none of a, b.', 'Entre a, b no está "A. B".'),
        ('"x" is no Firm that is known. Did you mean A or B?', '"x" no es un Firm conocido. ¿Quiso decir A o B?'),
        ("Row 3 says: Take one from the list.", "Row 3 dice: Elija de la lista."),
        ("Row 3 says: Something else.", "Row 3 dice: Something else."),
        ('"Take one from the list." is none of a.', 'Entre a no está "Take one from the list.".'),
        ('"%(names)s" is none of a.', 'Entre a no está "%(names)s".'),
        ('"this or that" is none of a.', 'Entre a no está "this or that".'),
    ],
)  # fmt: skip
def test_a_text_is_retold_with_its_values_as_they_are(text: str, told: str) -> None:
    assert SPANISH.retold(text) == (told, "es")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nobody knows this sentence.",
        "Take one from the list. Nobody knows this sentence.",
        "take one from the list.",
        '"a" is none of b" is none of c.',  # two ways to read it, and they differ
        "a says: b says: c",
        "The file a.csv is gone.",  # nothing tells its two places apart
    ],
)
def test_what_is_not_known_for_certain_stays_english(text: str) -> None:
    assert SPANISH.retold(text) == (text, "en")


@given(HOSTILE)
def test_a_text_is_read_exactly_as_it_stands(text: str) -> None:
    """Where the language says the same as the English, retelling changes nothing: no value is lost, put in or moved."""
    assert SAME.retold(text).text in (text, text.strip())


@given(HOSTILE)
def test_what_is_said_is_what_the_english_says(text: str) -> None:
    """In a language that only names patterns and lists values, in another order, the English can be made again."""
    retold = NUMBERED.retold(text)
    told, before = retold.text, ""
    while told != before:
        told, before = NUMBER.sub(_english, told), told
    assert told in (text, text.strip())


@given(st.text(UNQUOTED, max_size=30), st.text(UNQUOTED, max_size=30))
def test_values_come_through_whole(text: str, names: str) -> None:
    assert Pattern('"%(text)s" is none of %(names)s.', "").fit(f'"{text}" is none of {names}.') == {
        "text": text,
        "names": names,
    }


@pytest.mark.parametrize(
    "text",
    [
        '"' * 20_000,
        "Take one from the list. " * 800,
        '"a" is none of ' * 1300,
        " says: " * 2800,
        "a. " * 6000,
        '"a. " is no b. c that is known. ' * 30,
    ],
)
def test_hostile_texts_take_no_time(text: str, resources: Resources) -> None:
    everything = Retelling.of("xx", {message: message for message in of_the_library(resources).messages})
    begun = time.process_time()
    everything.retold(text)
    assert time.process_time() - begun < 1


# -- what the source says ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told(resources: Resources) -> dict[Path, Told]:
    return {OF_THE_LIBRARY: of_the_library(resources), OF_THE_PAGES: of_the_pages()}


def test_whatever_is_told_can_be_followed_in_the_source(told: dict[Path, Told]) -> None:
    assert {place for found in told.values() for place in found.lost} == set()
    assert [len(found.messages) > least for found, least in zip(told.values(), (400, 150), strict=True)] == [True, True]


@pytest.mark.parametrize("folder", [OF_THE_LIBRARY, OF_THE_PAGES], ids=["library", "pages"])
@pytest.mark.parametrize("tongue", TONGUES)
def test_every_message_is_there_none_is_left_over_and_each_keeps_its_places(
    tongue: str, folder: Path, told: dict[Path, Told]
) -> None:
    assert set(languages(folder)) == {"en", *TONGUES}
    there = pairs(tongue, folder)
    assert told[folder].messages - {*there} == set()
    assert {*there} - told[folder].messages == set()
    for english, own in there.items():
        assert sorted(PLACE.findall(own)) == sorted(PLACE.findall(english)), english
        assert own.strip(), english
        assert own[-1] in ".?!:… " or english[-1] not in ".?!:", english
        assert Retelling.of(tongue, there).retold(english).language == tongue or english in JOINED.values(), english


def test_the_validators_words_are_known() -> None:
    class Asked(BaseModel):
        number: int = Field(ge=2, le=9)
        text: str = Field(max_length=5)

    known = Retelling.of("xx", {message: message for message in VALIDATOR})
    for number, text in ((1, ""), (10, ""), ("x", "longer")):
        with pytest.raises(ValidationError) as caught:
            Asked.model_validate({"number": number, "text": text})
        for error in caught.value.errors():
            assert known.retold(error["msg"]).language == "xx", error["msg"]


@pytest.mark.parametrize("name", ["records", "release"])
def test_shapes_say_the_same_in_every_language(name: str, resources: Resources) -> None:
    shapes = compiled_folder(resources.shapes / name).shapes
    assert shapes.pairs("xx") == {}
    english = shapes.pairs("en")
    assert len(english) > 10
    assert all(said == text for text, said in english.items())
    for tongue in TONGUES:
        assert {*shapes.pairs(tongue)} == {*english}
        for kind in (SH.message, SH.description):
            for node, _ in shapes.facts.pairs(kind):
                said = sorted(str(getattr(text, "language", "")) for text in shapes.facts.objects(node, kind))
                assert said == ["en", "es", "fr", "pt"], (node, kind)


def test_the_source_is_read_as_it_is_written(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(SOURCE)
    found = told_in([module], frozenset({"ValueError"}))
    assert found.messages == {
        "%(name)s is bad.", "Write a.", "Write b.", "%(name)s has %(n)s row.", "%(name)s has %(n)s rows.",
        "Write %(either)s.", " or ", "cannot be read: %(told)s.", "is no good.", "Try again.",
        "%(name)s is lost.",
    }  # fmt: skip
    assert [place.rpartition(": ")[2] for place in found.lost] == ["anything()"]


SOURCE = """
from dataclasses import dataclass

LIST = "a"

@dataclass
class Problem:
    where: str
    what: str
    fix: str = ""

def check(name, rows, names):
    hint = "Try again." if rows else ""
    n = len(rows)
    if name:
        raise ValueError(f"{name} is bad. {hint}")
    fix = "Write a." if n else "Write b."
    yield Problem(name, f"{name} has {n} row{'s' if n != 1 else ''}.", fix)
    yield Problem(name, f"{name}{n} is lost.")
    yield Problem(name, anything(), f"Write {' or '.join(names)}.")
    try:
        pass
    except ValueError as error:
        yield Problem(name, f"cannot be read: {error}.", fix=_advice())
        yield Problem(name, str(error))

def _advice():
    return "is no good."
"""


def test_names_of_ours_are_said_in_the_language_and_a_callers_word_stays() -> None:
    pairs = {
        '"%(text)s" is no %(kind)s.': '"%(text)s" no es %(kind)s.',
        "Did you mean %(either)s?": "¿Quiso decir %(either)s?",
        " or ": " o ",
    }
    told = Retelling.of("es", pairs, {"Country": "país", "Site": "sitio", "Thailand": "Tailandia"}).retold
    assert told('"Country" is no Country. Did you mean "Thailand" or "Togo"?').text == (
        '"Country" no es país. ¿Quiso decir "Tailandia" o "Togo"?'
    )
    assert told('"Thailand" is no Site or Country.').text == '"Thailand" no es sitio o país.'
    assert told('"" is no . Did you mean " or Thailand?').text == '"" no es . ¿Quiso decir " o Tailandia?'
