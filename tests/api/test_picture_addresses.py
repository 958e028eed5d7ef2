"""A picture, its table and its data say the same, and a program may ask whether they changed."""

from __future__ import annotations

import csv
import io
import re

import httpx
import pytest

from hrdd_graph import charts

TIMELINE = "/pictures/timeline/cluster/yanacocha-mining"


def rows(program: httpx.Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(program.get(f"{path}.csv", headers={"Accept": "*/*"}).text)))


@pytest.mark.parametrize("name", charts.names())
def test_the_numbers_of_the_picture_are_those_of_the_data_and_of_the_table(program: httpx.Client, name: str) -> None:
    path = f"/pictures/{name}"
    data = [[int(v) for k, v in row.items() if k not in ("iri", "label")] for row in rows(program, path)]
    assert data
    page = program.get(path, headers={"Accept": "text/html"}).text
    table = [
        [int(cell) for cell in re.findall(r"<td>(\d+)</td>", row)]
        for row in re.findall(r'<tr><th scope="row">.*?</tr>', page, re.DOTALL)
    ]
    assert table == data
    picture = program.get(f"{path}.svg", headers={"Accept": "*/*"}).text
    drawn = sorted(int(number) for number in re.findall(r"<text[^>]*>(\d+)</text>", picture))
    assert drawn == sorted(value for row in data for value in row if value)


def test_a_timeline_draws_each_record_of_its_data(program: httpx.Client) -> None:
    data = rows(program, TIMELINE)
    assert len(data) >= 5
    picture = program.get(f"{TIMELINE}.svg", headers={"Accept": "*/*"})
    assert picture.headers["content-type"] == "image/svg+xml"
    assert len(re.findall(r"<a href=", picture.text)) == len(data)
    earlier = program.get(f"{TIMELINE}.csv?known_on=2000-01-01", headers={"Accept": "*/*"})
    assert earlier.status_code == 404  # nothing had been published of it


@pytest.mark.parametrize("path", ["/pictures/map.svg", f"{TIMELINE}.svg", f"{TIMELINE}.csv"])
def test_what_the_caller_has_of_a_picture_is_not_sent_again(program: httpx.Client, path: str) -> None:
    first = program.get(path, headers={"Accept": "*/*"})
    assert program.get(path, headers={"Accept": "*/*", "If-None-Match": first.headers["etag"]}).status_code == 304
