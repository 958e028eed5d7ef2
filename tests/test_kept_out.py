"""Names of people that nothing may carry are found however they are written, and only as whole words."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrdd_graph.errors import UnusableInput
from hrdd_graph.kept_out import NO_NAMES, KeptOut


@pytest.mark.parametrize("text", ["told by MARIA QUISPE,", "María  Quispe-Huamán", "(maria quispe)", "María\nQuispe"])
def test_a_name_is_found_in_any_case_with_or_without_accents(text: str) -> None:
    assert KeptOut.listed("José Soto; María Quispe").is_in(text)


@pytest.mark.parametrize("text", ["", "Mariana Quispe", "María was at Quispe's", "Quispe María"])
def test_parts_of_a_name_and_longer_words_are_none(text: str) -> None:
    assert not KeptOut.listed("María Quispe").is_in(text)


def test_an_empty_list_keeps_nothing_out() -> None:
    assert KeptOut.listed(" ; \n;") == NO_NAMES
    assert not NO_NAMES.is_in("anything")


def test_a_file_of_names_is_read_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_bytes("\ufeffMaría Quispe\r\n\r\nAung Aung\r\n".encode())
    assert KeptOut.read(tmp_path / "names.txt").names == ("maria quispe", "aung aung")


@pytest.mark.parametrize(
    ("content", "says"), [(None, "does not exist"), (b"\n ;\n", "no name"), (b"\xff\xfe\x00", "text")]
)
def test_a_file_that_names_nobody_is_an_error(content: bytes | None, says: str, tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnusableInput, match=says):
        KeptOut.read(path)
