"""The register over HTTP."""

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
