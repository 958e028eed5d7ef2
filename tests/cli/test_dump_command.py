"""hrdd dump: what is written can be read back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import told_once


@pytest.mark.parametrize(("form", "kind"), [("nq", pyoxigraph.RdfFormat.N_QUADS), ("trig", pyoxigraph.RdfFormat.TRIG)])
def test_a_dump_can_be_read_back(hrdd: Hrdd, form: str, kind: pyoxigraph.RdfFormat) -> None:
    first, second = hrdd("dump", "--format", form), hrdd("dump", "--format", form)
    assert first.stdout == second.stdout
    graphs = {str(quad.graph_name) for quad in pyoxigraph.parse(first.stdout, format=kind)}
    assert "<https://w3id.org/hrdd-graph/graph/nieri-2016>" in graphs


def test_a_dump_in_a_form_without_graphs_is_refused(hrdd: Hrdd) -> None:
    told_once(hrdd("dump", "--format", "ttl"), "ttl is no dump format", "Choose nq, trig, jsonld.")


def test_a_pipe_that_closes_early_is_no_mistake(store_folder: Path) -> None:
    code = f"{sys.executable} -m hrdd_graph.cli dump --store {store_folder} | head -n 1"
    result = subprocess.run(
        ["bash", "-o", "pipefail", "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in result.stderr
    assert result.stdout.count("\n") == 1
