"""The register over HTTP."""

import re

from tests.web.console.conftest import House


def test_the_way_to_each_dataset_is_shown(house: House) -> None:
    text = house.visitor("aud").get("/register").text
    for shown in ("customer_id", "records: main.", "extras: second."):
        assert shown in text, shown
    assert text.count("<ul") == text.count("</ul>")


def test_the_check_is_made_on_demand_alone(house: House) -> None:
    assert "Check now" in house.visitor("aud").get("/register").text
    checked = house.visitor("aud").get("/register?check=yes").text
    assert "Check now" not in checked


def test_the_way_to_a_dataset_is_a_picture_and_the_same_text(house: House) -> None:
    page = house.visitor("aud").get("/register/extras").text
    drawn = re.findall(r"<text [^>]*>([^<]*)</text>", page)
    written = [re.split(": |; ", each) for each in re.findall(r"<li>([^<]*)</li>", page.partition("<ol")[2])]
    assert drawn == [text for each in written for text in each]
    assert drawn[:2] == ["Identifier", "customer_id"]
    assert drawn[-3:] == ["Files in the package", "data/json/extras.json", "data/csv/extras.csv"]
    assert 'href="/staff/register/extras"' in house.visitor("aud").get("/register").text


def test_a_dataset_that_the_register_has_not_is_refused(house: House) -> None:
    assert house.visitor("aud").get("/register/others").status == 422
