"""Figures over HTTP: the table, the picture and the CSV agree."""

import csv
from io import StringIO

import pytest

from tests.web.console.conftest import House


def test_the_table_the_picture_and_the_file_have_the_same_counts(house: House) -> None:
    for _ in range(3):
        house.office.opened("ada", "email=sam@example.org")
    page, file = (house.visitor("ray").get(path) for path in ("/figures", "/figures.csv"))
    rows = list(csv.DictReader(StringIO(file.text)))
    (row,) = rows
    count = row["received"]
    assert int(count) >= 3
    assert f">{count}</text>" in page.text
    assert f'<th scope="row">Together</th><td class="n" data-label="received">{count}</td>' in page.text
    assert file.headers["content-disposition"] == 'attachment; filename="figures.csv"'


def test_a_period_leaves_out_what_was_received_outside_it(house: House) -> None:
    house.office.opened("ada", "email=sam@example.org")
    assert "<rect" not in house.visitor("ray").get("/figures?since=2030-01-01").text


@pytest.mark.parametrize("path", ["/figures", "/figures.csv"])
def test_figures_are_refused_to_agents_and_for_what_is_no_day(house: House, path: str) -> None:
    assert house.visitor("ada").get(path).status == 403
    assert house.visitor("ray").get(f"{path}?since=yesterday").status == 422
