"""People and roles over HTTP."""

import pytest

from tests.web.console.conftest import House


def test_an_administrator_gives_and_ends_a_role(house: House) -> None:
    admin = house.visitor("fay", proven=True)
    role = {"name": "nia", "role": "auditor", "controller": "acme"}
    assert admin.post("/people/give-role", **role).status == 303
    assert "auditor (acme)" in admin.get("/people").text
    assert admin.post("/people/end-role", **role).status == 303
    assert "auditor (acme)" not in admin.get("/people").text


@pytest.mark.parametrize("path", ["give-role", "end-role", "disable"])
def test_nobody_else_changes_roles(house: House, path: str) -> None:
    fields = {"name": "bea", "role": "agent", "controller": "acme"}
    before = house.visitor("aud").get("/people").text
    assert house.visitor("ray", proven=True).post(f"/people/{path}", **fields).status == 403
    assert house.visitor("fay").post(f"/people/{path}", **fields).status == 401
    assert house.visitor("fay", proven=True).post(f"/people/{path}", csrf="guessed", **fields).status == 403
    assert house.visitor("aud").get("/people").text == before
    assert f"/people/{path}" not in before


@pytest.mark.parametrize(
    "wrong", [{"role": "king"}, {"controller": "nowhere"}, {"name": "somebody"}, {"role": ""}]
)
def test_a_role_that_cannot_be_is_explained(house: House, wrong: dict[str, str]) -> None:
    fields = {"name": "bea", "role": "agent", "controller": "acme", **wrong}
    assert house.visitor("fay", proven=True).post("/people/give-role", **fields).status == 422
