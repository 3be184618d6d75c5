"""Every call of the API is walked: without a token, by another controller's, and without its scope."""

import pytest
from fastapi.routing import APIRoute

from dsar_export.model.api import Scope
from dsar_export.web.api.app import api_app
from tests.web.api.conftest import SAM_OPENS, Portal, portal
from tests.web.api.scopes import SCOPES
from tests.web.api.test_requests import problem
from tests.web.served import Served

CALLS = sorted(SCOPES)
A_LOGIN = {"login": "a.b.c"}
LATER = "DSAR-20261102-00000000"


def asked(asking: Portal, call: tuple[str, str], reference: str) -> tuple[str, str, object]:
    method, path = call
    body: object = None
    if method == "post":
        body = SAM_OPENS if path == "/requests" else A_LOGIN
        body = None if path.endswith("/link") else body
    return method.upper(), path.format(reference=reference), body


def test_the_table_has_every_call_and_no_other(shop: Served) -> None:
    routes = [route for route in api_app(shop.place).routes if isinstance(route, APIRoute)]
    found = {(method.lower(), route.path) for route in routes for method in route.methods or ()}
    assert found == SCOPES.keys()
    unlike = [route for route in api_app(shop.place).routes if not isinstance(route, APIRoute)]
    assert [getattr(route, "path", None) for route in unlike] == ["/openapi.json"]


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_no_token_or_a_wrong_one_gets_nowhere(shop: Served, call: tuple[str, str]) -> None:
    reference = shop.available()
    for wrong in ("", "dsar_wrong"):
        asking = Portal(shop, wrong)
        refused = asking.ask(*asked(asking, call, reference))
        problem(refused, 401)
        assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_each_call_needs_its_scope(shop: Served, call: tuple[str, str]) -> None:
    reference, scope = shop.available(), SCOPES[call]
    lacking = portal(shop, *(each for each in Scope if each is not scope))
    assert scope in problem(lacking.ask(*asked(lacking, call, reference)), 403)
    having = portal(shop, scope)
    answer = having.ask(*asked(having, call, reference))
    assert scope not in answer.text
    assert answer.status_code in {200, 201, 422}  # 422: the login is none


@pytest.mark.parametrize("call", [each for each in CALLS if "{reference}" in each[1]], ids=" ".join)
def test_another_controllers_request_is_answered_like_none(shop: Served, call: tuple[str, str]) -> None:
    reference, other = shop.available(), portal(shop, controller="beta")
    found = [other.ask(*asked(other, call, each)) for each in (reference, LATER)]
    assert problem(found[0], 404) == problem(found[1], 404)
