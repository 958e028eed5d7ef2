"""What a letter or a record says is words, wherever it comes back: in a field of an answer, or in a cell of a sheet."""

from __future__ import annotations

import csv
import io

from tests.api.submissions.world import World, report_of


def test_a_licence_in_any_script_and_a_title_that_is_a_formula_break_nothing(world: World) -> None:
    licence, formula = "https://example.org/licença/☃,;x", "=HYPERLINK(0)"
    report = report_of("formula").replace("Wages below the minimum at the mill, formula", formula)
    answer = world.send(report, licence=licence, title=formula)
    name = answer.json()["id"]
    assert world.decide(name).status_code == 200
    graph = f"/graph/submission-{name}"
    world.wait(lambda: world.ask("", "GET", graph).status_code != 404)
    for path in (graph, "/dumps/all.nq", f"/dumps{graph}.trig"):
        found = world.ask("", "GET", path)
        assert found.status_code == 200
        assert '<https://example.org/licen%C3%A7a/%E2%98%83,;x>; rel="license"' in found.headers["link"]
    for path in ("/pictures/timeline/organisation/mill.csv", "/changes.csv"):
        table = csv.reader(io.StringIO(world.ask("", "GET", path).text))
        cells = [cell for row in table for cell in row if "HYPERLINK" in cell]
        assert cells
        assert all(cell == f"'{formula}" for cell in cells)
