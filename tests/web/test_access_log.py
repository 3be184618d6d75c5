"""One line of the log for each request, and nothing in it of who asked for what."""

import json

import pytest

from dsar_export.use_cases.link_mail import LINK_PATH
from tests.web.served import Served

MARKER = "NAME-MARKER"


def test_a_line_has_the_template_of_the_address_and_no_more(shop: Served) -> None:
    link = shop.link(shop.available())
    shop.get(
        link, headers={"User-Agent": MARKER, "Referer": f"http://127.0.0.1/{MARKER}", "Cookie": f"a={MARKER}"}
    )
    line = shop.logged("request", route=f"{LINK_PATH}{{token}}")
    assert line.keys() == {"event", "log_level", "method", "route", "status", "ms"}
    assert (line["method"], line["status"]) == ("GET", 200)
    assert 0 <= line["ms"] < 10_000
    assert link.rpartition("/")[2] not in json.dumps(list(map(str, shop.logs)))


@pytest.mark.parametrize(
    ("path", "method", "route", "status"),
    [
        (f"/staff/requests/{MARKER}", "GET", "/staff/requests/{reference}", 303),
        (f"/api/v1/requests/{MARKER}", "GET", "/api/v1/requests/{reference}", 401),
        (f"/{MARKER}", "GET", None, 404),
        (f"/staff/sign-in?next={MARKER}", "GET", "/staff/sign-in", 200),
        ("/health/live", MARKER, None, 404),
    ],
)
def test_what_was_typed_stands_in_no_line(
    shop: Served, path: str, method: str, route: str | None, status: int
) -> None:
    assert shop.get(path, method).status == status
    name = "other" if method == MARKER else method
    assert shop.logged("request", route=route, method=name)["status"] == status
    assert not [line for line in shop.logs if MARKER in str(line)]


def test_whoever_asks_under_another_name_is_in_the_log_too(shop: Served) -> None:
    assert shop.get("/", headers={"Host": f"{MARKER}.example.org"}).status == 421
    assert shop.logged("request", status=421)["route"] is None
    assert not [line for line in shop.logs if MARKER in str(line)]
