"""Forms as they come: each field by its first value, or by all of them, and never more than a page asks for."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from dsar_export.web.asking import MOST_FIELDS, Form, TooMuchError, form_of


def form(body: str, most_fields: int = MOST_FIELDS) -> Form:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    headers = [(b"content-length", str(len(body.encode())).encode())]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    return asyncio.run(form_of(request, most_fields=most_fields))


def test_a_field_has_its_first_value_and_all_of_them() -> None:
    found = form("box=a&name=Zo%C3%AB&box=b&empty=&box=+")
    assert dict(found) == {"box": "a", "name": "Zoë"}
    assert (found.get("empty", "-"), len(found)) == ("-", 2)
    assert found.texts("box") == ("a", "b")
    assert found.texts("none") == ()


def test_no_body_is_a_form_without_fields() -> None:
    assert dict(form("")) == {}


@pytest.mark.parametrize(("fields", "most"), [(10, 10), (3, 3), (50, 100)])
def test_as_many_fields_as_a_page_asks_for_are_read(fields: int, most: int) -> None:
    assert len(form("&".join(f"f{n}=x" for n in range(fields)), most)) == fields


@pytest.mark.parametrize("body", ["&".join(f"f{n}=x" for n in range(11)), "&" * 10, "f=x&" * 11])
def test_more_fields_are_too_much(body: str) -> None:
    with pytest.raises(TooMuchError):
        form(body, 10)


def test_what_was_typed_stands_in_no_description_of_a_form() -> None:
    assert "MARKER" not in repr(form("name=MARKER"))
