"""The API keeps its promise: what docs/openapi.json has stays, and what is new is written there."""

import json
from typing import Any

import pytest

from tools.openapi import FILE, document, taken_away


def test_the_committed_document_is_that_of_the_api() -> None:
    renew = "`python -m tools.openapi` writes it, if nothing is taken away"
    assert json.loads(FILE.read_text()) == json.loads(document()), renew


def promised() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text()))


def test_new_calls_and_keys_and_other_words_break_nothing() -> None:
    now = promised()
    now["paths"]["/more"] = {"get": {}}
    now["components"]["schemas"]["OpenRequest"]["properties"]["note"] = {"type": "string"}
    now["components"]["schemas"]["State"]["enum"].append("later")
    now["paths"]["/requests"]["get"]["description"] = "other words"
    assert list(taken_away(promised(), now)) == []


@pytest.mark.parametrize("change", ["call", "key", "type", "state", "required", "optional", "newly required"])
def test_what_is_gone_or_changed_is_found(change: str) -> None:
    now = promised()
    schemas = now["components"]["schemas"]
    match change:
        case "call":
            del now["paths"]["/requests/{reference}/link"]
        case "key":
            del schemas["ShownRequest"]["properties"]["due"]
        case "type":
            schemas["ShownRequest"]["properties"]["state"] = {"type": "integer"}
        case "state":
            schemas["State"]["enum"].remove("refused")
        case "required":
            schemas["OpenRequest"]["required"].append("language")
        case "optional":
            schemas["ShownRequest"]["required"].remove("state")
        case _:
            schemas["ChosenRequests"] = {"required": ["state"]}
            before = promised()
            before["components"]["schemas"]["ChosenRequests"] = {}
            assert list(taken_away(before, now))
            return
    assert list(taken_away(promised(), now))
