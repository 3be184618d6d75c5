"""Answers as the description of SendGrid's email activity says (see ../README.md); for tests."""

import re
from collections.abc import Mapping

KEY = "SG.test"
_QUERY = re.compile(r'to_email="([^"]*)"')


def _message(number: int, to: str) -> dict[str, object]:
    return {
        "from_email": "shop@example.org",
        "msg_id": f"m/{number}",
        "subject": f"Your order {number}",
        "to_email": to,
        "status": "delivered",
        "opens_count": number,
        "clicks_count": 0,
        "last_event_time": f"2026-03-0{number}T10:00:00Z",
        "last_timestamp": 1772445600 + number,
    }


_MESSAGES = [
    _message(1, "sam@example.org"),
    _message(2, "robin@example.org"),
    _message(3, "Sam@example.org"),
    _message(4, "not.sam@example.org"),
]


def _whole(message: Mapping[str, object]) -> dict[str, object]:
    shown = ("from_email", "msg_id", "subject", "to_email", "status")
    event = {
        "event_name": "open",
        "processed": "2026-03-01T10:00:00Z",
        "bounce_type": "soft",
        "http_user_agent": "Mozilla/5.0",
        "mx_server": "mx.example.org",
    }
    return {
        **{name: message[name] for name in shown},
        "template_id": "t",
        "asm_group_id": 1,
        "teammate": "",
        "api_key_id": "key1",
        "events": [event],
        "originating_ip": "192.0.2.1",
        "categories": ["order"],
        "unique_args": "{}",
        "outbound_ip": "192.0.2.2",
        "outbound_ip_type": "shared",
    }


def answer(
    path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[int, Mapping[str, object]]:
    """Status and JSON of a question; a search finds addresses that contain the one that is asked for."""
    if headers.get("authorization") != f"Bearer {KEY}":
        return 401, {"errors": [{"message": "authorization required"}]}
    if path == "/v3/messages":
        asked = _QUERY.fullmatch(query.get("query", ""))
        if asked is None:
            return 400, {"errors": [{"message": "invalid syntax"}]}
        found = [m for m in _MESSAGES if asked[1].lower() in str(m["to_email"]).lower()]
        return 200, {"messages": found[: int(query.get("limit", "10"))]}
    for message in _MESSAGES:
        if path == f"/v3/messages/{str(message['msg_id']).replace('/', '%2F')}":
            return 200, _whole(message)
    return 404, {"errors": [{"message": "not found"}]}
