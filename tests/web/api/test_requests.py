"""The API about requests: by scope, by controller, once for each key, and with errors of one form."""

from datetime import timedelta

import httpx
import pytest

from dsar_export.model.api import Scope
from dsar_export.requests.states import State
from tests.web.api.conftest import SAM_OPENS, Portal, portal
from tests.web.served import Served

MARKER = "VALUE-MARKER"


def problem(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == status
    assert found.keys() == {"type", "title", "status", "detail"}
    assert MARKER not in answer.text
    return str(found["detail"])


def test_a_portal_opens_a_request_and_reads_it(shop: Served) -> None:
    asking = portal(shop)
    opened = asking.ask("POST", "/requests", SAM_OPENS)
    assert opened.status_code == 201, opened.text
    assert opened.json()["state"] == "received"
    reference = opened.json()["reference"]
    assert asking.ask("GET", f"/requests/{reference}").json() == opened.json()
    assert "C-1" not in opened.text
    listed = shop.parcels.office.listed(reference)
    assert (listed.state, listed.channel) == (State.RECEIVED, "portal")
    assert listed.opened_by.startswith("api:portal-")


def test_a_key_opens_one_request(shop: Served) -> None:
    asking = portal(shop)
    first, second = (asking.ask("POST", "/requests", SAM_OPENS, **{"Idempotency-Key": "k"}) for _ in "12")
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    other = {**SAM_OPENS, "language": "de"}
    assert "used for something else" in problem(
        asking.ask("POST", "/requests", other, **{"Idempotency-Key": "k"}), 422
    )


def test_requests_are_listed_page_by_page_and_by_state(shop: Served) -> None:
    asking = portal(shop)
    references = sorted(asking.ask("POST", "/requests", SAM_OPENS).json()["reference"] for _ in "123")
    found, after = list[str](), ""
    while after is not None:
        page = asking.ask("GET", f"/requests?limit=2&state=received&after={after}").json()
        assert len(page["requests"]) <= 2
        found += [each["reference"] for each in page["requests"]]
        after = page["next"]
    assert sorted(set(found)) == found
    assert set(references) <= set(found)
    assert asking.ask("GET", "/requests?state=refused").json() == {"requests": [], "next": None}


def test_a_link_downloads_the_package_and_voids_earlier_ones(shop: Served) -> None:
    reference, asking = shop.available(b"the package"), portal(shop)
    earlier, answer = (asking.ask("POST", f"/requests/{reference}/link") for _ in "12")
    assert answer.status_code == 200, answer.text
    paths = [each.json()["links"][0]["url"].partition("example.org")[2] for each in (earlier, answer)]
    assert [shop.get(path).status for path in paths] == [404, 200]
    assert shop.get(shop.started(paths[1])).body == b"the package"
    assert shop.parcels.actions(reference)[-3:] == ["hand_out_link", "deliver", "start_download"]


def test_a_link_is_handed_out_once_for_each_key(shop: Served) -> None:
    reference, asking = shop.available(), portal(shop)
    answers = [asking.ask("POST", f"/requests/{reference}/link", **{"Idempotency-Key": "l"}) for _ in "12"]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["links"][0]["url"].rpartition("/")[2] not in str(shop.parcels.office.rows())


def test_no_link_before_there_is_a_package(shop: Served) -> None:
    asking = portal(shop)
    reference = asking.ask("POST", "/requests", SAM_OPENS).json()["reference"]
    problem(asking.ask("POST", f"/requests/{reference}/link"), 409)


CALLS = [
    (Scope.OPEN, "POST", "/requests"),
    (Scope.READ, "GET", "/requests"),
    (Scope.READ, "GET", "/requests/{}"),
    (Scope.DELIVER, "POST", "/requests/{}/link"),
]


def ask(asking: Portal, method: str, path: str, reference: str) -> httpx.Response:
    return asking.ask(method, path.format(reference), SAM_OPENS if path == "/requests" else None)


@pytest.mark.parametrize(("scope", "method", "path"), CALLS)
def test_each_call_needs_a_token_with_its_scope(shop: Served, scope: Scope, method: str, path: str) -> None:
    reference = shop.available()
    assert ask(portal(shop, scope), method, path, reference).status_code in {200, 201}
    lacking = portal(shop, *(each for each in Scope if each is not scope))
    assert scope in problem(ask(lacking, method, path, reference), 403)
    for wrong in ("", "dsar_wrong"):
        refused = ask(Portal(shop, wrong), method, path, reference)
        problem(refused, 401)
        assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("scope", "method", "path"), CALLS[2:])
def test_a_request_of_another_controller_is_answered_like_none(
    shop: Served, scope: Scope, method: str, path: str
) -> None:
    reference, other = shop.available(), portal(shop, controller="beta")
    found = [ask(other, method, path, each) for each in (reference, "DSAR-20261102-00000000")]
    assert problem(found[0], 404) == problem(found[1], 404)
    assert other.ask("GET", "/requests").json()["requests"] == []


@pytest.mark.parametrize("controller", ["beta", "nobody"])
def test_nothing_is_opened_at_another_controller(shop: Served, controller: str) -> None:
    problem(portal(shop).ask("POST", "/requests", {**SAM_OPENS, "controller": controller}), 403)


@pytest.mark.parametrize(
    "change",
    [
        {"rights": []},
        {"rights": [MARKER]},
        {"identifiers": [{"kind": "customer_id", "value": MARKER + "\x00"}]},
        {"identifiers": [{"kind": "shoe_size", "value": MARKER}]},
        {"identifiers": [{"kind": "customer_id", "value": "\u2003"}]},
        {"identifiers": [{"kind": "email", "value": "\ud800"}]},
        {"identifiers": [{"kind": "customer_id", "value": "C-1", "extra": MARKER}]},
        {MARKER: 1},
        {"language": "tlh"},
        {"received_at": "2999-01-01T00:00:00Z"},
        {"received_at": "2026-01-01T00:00:00"},
    ],
)
def test_what_makes_no_sense_is_refused_without_being_quoted(shop: Served, change: dict[str, object]) -> None:
    problem(portal(shop).ask("POST", "/requests", {**SAM_OPENS, **change}), 422)


def test_unknown_addresses_methods_and_long_bodies_have_the_same_form(shop: Served) -> None:
    asking = portal(shop)
    problem(asking.ask("GET", "/nothing"), 404)
    problem(asking.ask("GET", ""), 404)
    problem(asking.ask("GET", "/no%0Athing"), 404)
    refused = asking.ask("DELETE", "/requests")
    problem(refused, 405)
    assert set(refused.headers["allow"].split(", ")) == {"GET", "POST"}
    problem(asking.ask("POST", "/requests", "x" * 70_000), 413)


@pytest.mark.parametrize("query", ["states=refused", "state=gone", "limit=0", "after=x", "=x"])
def test_a_parameter_that_is_unknown_or_wrong_is_refused(shop: Served, query: str) -> None:
    problem(portal(shop).ask("GET", f"/requests?{query}"), 422)


def test_a_token_that_has_expired_counts_no_more(shop: Served) -> None:
    asking = portal(shop)
    shop.parcels.set_clock(timedelta(days=31))
    problem(asking.ask("GET", "/requests"), 401)
    shop.parcels.set_clock(-timedelta(days=31))
