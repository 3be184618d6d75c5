"""The OpenAPI document describes what the API does: a machine that reads it finds no answer that it does not name."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from tests.web.api.conftest import Portal, portal
from tests.web.api.scopes import SCOPES
from tests.web.served import Served


@pytest.fixture(scope="module")
def document(shop: Served) -> Mapping[str, Any]:
    found = Portal(shop, "").ask("GET", "/openapi.json")
    assert found.status_code == 200
    return dict(found.json())


def test_every_address_names_its_scope_and_every_error_its_form(document: Mapping[str, Any]) -> None:
    calls = {
        (method, path): call for path, item in document["paths"].items() for method, call in item.items()
    }
    assert calls.keys() == SCOPES.keys()
    for call, scope in SCOPES.items():
        assert scope in calls[call]["description"]
        assert calls[call]["security"] == [{"HTTPBearer": []}]
        errors = {s: r["content"] for s, r in calls[call]["responses"].items() if s >= "400"}
        assert {"401", "403", "422", "429", "503"} <= errors.keys()
        assert {tuple(content) for content in errors.values()} == {("application/problem+json",)}


def test_every_reference_in_it_leads_somewhere(document: Mapping[str, Any]) -> None:
    text = json.dumps(document)
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named == document["components"]["schemas"].keys()


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("call", list(SCOPES))
def test_schemathesis_finds_no_fault(
    shop: Served, document: Mapping[str, Any], call: tuple[str, str], mode: GenerationMode
) -> None:
    token, base, asked = portal(shop).token, f"http://127.0.0.1:{shop.port}/api/v1", 0
    method, path = call
    described = json.loads(json.dumps(document))
    del described["paths"][path][method]["security"]  # or it would vary the token, too
    schema = schemathesis.openapi.from_dict(described)

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method].as_strategy(mode))
    def asks(case: schemathesis.Case[Any]) -> None:
        nonlocal asked
        asked += 1
        headers = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(base_url=base, headers=headers)
        if mode is GenerationMode.POSITIVE and isinstance(
            case.body, dict
        ):  # and past the token's controllers
            if "controller" not in case.body:
                return
            case.body["controller"] = "acme"
            answer = case.call(base_url=base, headers=headers)
            assert answer.status_code in {201, 422}, answer.content

    asks()
    assert asked > 5
