"""Every check of the ontology finds what its failing fixture holds, is content with its passing one, and finds nothing
in the ontology itself.

``tests/ontology/fixtures/<check>/fails.ttl`` says in its first line what is to be found in it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hrdd_graph.ontology_checks import checks, read_model, resource_files, run
from hrdd_graph.resources import Resources, open_resources

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = sorted(checks())


def named(iri: str) -> str:
    return re.split(r"[#/:]", iri)[-1]


def test_the_ontology_has_no_problem(resources: Resources) -> None:
    model = read_model(resource_files(resources), resources)
    assert [str(problem) for problem in run(model)] == []


def test_every_check_has_fixtures_and_every_fixture_a_check() -> None:
    assert {path.parent.name for path in FIXTURES.glob("*/fails.ttl")} == set(NAMES)
    assert {path.parent.name for path in FIXTURES.glob("*/passes.ttl")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_check_says_what_it_is_for(name: str) -> None:
    assert (checks()[name].__doc__ or "").strip()


@pytest.mark.parametrize("name", NAMES)
def test_a_check_finds_just_what_is_wrong(name: str, resources: Resources) -> None:
    path = FIXTURES / name / "fails.ttl"
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# finds: ").split()
    problems = list(checks()[name](read_model([path], resources)))
    assert sorted({named(problem.path) for problem in problems}) == sorted(expected)
    for problem in problems:
        assert problem.where == resources.shown(path)
        assert problem.what
        assert problem.fix


@pytest.mark.parametrize("name", NAMES)
def test_a_check_is_content_with_what_is_right(name: str, resources: Resources) -> None:
    model = read_model([FIXTURES / name / "passes.ttl"], resources)
    assert [str(problem) for problem in checks()[name](model)] == []


def test_a_misspelt_term_in_a_query_is_found_with_its_line(tmp_path: Path, resources: Resources) -> None:
    query = tmp_path / "wrong.rq"
    query.write_text(
        '#+ summary: What is lacking?\n#+ params:\n#+   kind: {type: iri, example: "hrdd:Abscence"}\n'
        "SELECT ?s WHERE { ?s a hrdd:StatedAbsence ;\n  hrdd:lakcs ?what . }\n",
        encoding="utf-8",
    )
    model = read_model([*resource_files(resources), query], resources)
    found = [(p.where, p.line, p.path) for p in checks()["names_that_nothing_describes"](model)]
    assert found == [(str(query), 3, "hrdd:Abscence"), (str(query), 5, "hrdd:lakcs")]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hrdd_graph.ontology_checks", *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_is_quiet_about_a_sound_ontology() -> None:
    done = command()
    assert (done.returncode, done.stdout) == (0, "")
    assert "no problems" in done.stderr


def test_the_command_names_file_line_and_remedy_and_fails() -> None:
    path = FIXTURES / "p28_wrong_symmetric_properties" / "fails.ttl"
    done = command(str(path))
    assert done.returncode == 2
    place = open_resources().shown(path)
    assert re.search(rf"^{re.escape(place)}:\d+ \S+neighbours: is symmetric .* Make domain", done.stderr, re.MULTILINE)


def test_the_command_says_where_a_file_is_broken(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix hrdd: <https://w3id.org/hrdd-graph/ontology#> .\nhrdd:Abuse a ;\n", encoding="utf-8")
    done = command(str(broken))
    assert done.returncode == 2
    assert f"{broken}:2" in done.stderr
