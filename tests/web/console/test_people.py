"""People and roles over HTTP."""

import pytest

from tests.web.console.conftest import House
from tests.web.console.consoles import CSRF


def test_an_administrator_gives_and_ends_a_role(house: House) -> None:
    admin = house.visitor("fay", proven=True)
    role = {"name": "nia", "role": "auditor", "controller": "acme"}
    assert admin.post("/people/give-role", **role).status == 303
    assert "auditor (acme)" in admin.get("/people").text
    assert admin.post("/people/end-role", **role).status == 303
    assert "auditor (acme)" not in admin.get("/people").text


@pytest.mark.parametrize("path", ["add", "give-role", "end-role", "disable"])
def test_nobody_else_changes_roles(house: House, path: str) -> None:
    fields = {"name": "bea", "role": "agent", "controller": "acme", "uid": "77"}
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


def test_an_administrator_adds_a_colleague_who_then_has_no_role(house: House) -> None:
    admin = house.visitor("fay", proven=True)
    assert admin.post("/people/add", name="max", uid="6001").status == 303
    page = admin.get("/people").text
    assert (
        '<th scope="row">max</th><td data-label="Roles"></td><td class="n" data-label="User account">6001</td>'
        in page
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "ada", "uid": "6002"},
        {"name": "typed before", "uid": "6002"},
        {"name": "mia", "uid": "5000"},
        {"name": "mia", "uid": "-1"},
        {"name": "mia", "uid": "9999999999"},
        {"name": "mia", "uid": ""},
    ],
)
def test_a_colleague_who_cannot_be_is_explained_and_nothing_typed_is_lost(
    house: House, wrong: dict[str, str]
) -> None:
    admin = house.visitor("fay", proven=True)
    before = admin.get("/people").text.count("<tr>")
    answer = admin.post("/people/add", **wrong)
    assert answer.status == 422
    assert "Nothing was changed" in answer.text
    assert f'id="add-name" name="name" value="{wrong["name"]}"' in answer.text
    assert admin.get("/people").text.count("<tr>") == before


def test_a_role_ends_with_a_day_and_is_limited_to_datasets(house: House) -> None:
    admin = house.visitor("fay", proven=True)
    role = {"name": "nia", "role": "reviewer", "controller": "acme"}
    answer = admin.post("/people/give-role", CSRF, **role, until="2026-12-31", dataset=["extras", "records"])
    assert answer.status == 303
    assert "reviewer (acme: extras, records; until 2026-12-31)" in admin.get("/people").text
    assert admin.post("/people/end-role", **role).status == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "2020-01-01"},
        {"until": "tomorrow"},
        {"dataset": "secrets"},
        {"role": "agent", "dataset": "records"},
    ],
)
def test_limits_that_cannot_be_are_explained(house: House, wrong: dict[str, str]) -> None:
    fields = {"name": "nia", "role": "reviewer", "controller": "acme", **wrong}
    admin = house.visitor("fay", proven=True)
    before = admin.get("/people").text
    assert admin.post("/people/give-role", **fields).status == 422
    assert admin.get("/people").text == before


def test_everybody_states_their_own_identifiers_and_handles_no_request_of_theirs(house: House) -> None:
    own = {"kind-2": "email", "value-2": "abe@example.org"}
    reference = house.office.opened("ada", "email=Abe@example.org")
    visitor = house.visitor("abe", proven=True)
    assert visitor.get(f"/requests/{reference}").status == 200
    assert house.visitor("abe").post("/people/own", name="abe", **own).status == 401
    assert visitor.post("/people/own", name="abe", **own).status == 303
    assert visitor.get(f"/requests/{reference}").status == 404
    assert visitor.post("/people/own", name="abe").status == 303
    assert visitor.get(f"/requests/{reference}").status == 200


def test_only_an_administrator_states_those_of_somebody_else(house: House) -> None:
    own = {"name": "abe", "kind-1": "email", "value-1": "typed@example.org"}
    answer = house.visitor("ada", proven=True).post("/people/own", **own)
    assert answer.status == 403
    assert "typed@example.org" in answer.text
    assert "<option selected>abe" not in answer.text  # the others are no choice of hers
    assert house.visitor("fay", proven=True).post("/people/own", **own).status == 303
    assert house.visitor("fay", proven=True).post("/people/own", name="abe").status == 303
