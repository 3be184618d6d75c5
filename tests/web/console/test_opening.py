"""A request is opened by a form: once, as the command line opens it, and nothing typed is lost."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dsar_export.model.intake import Channel
from dsar_export.model.people import Grant, Role
from dsar_export.model.request import Right
from dsar_export.requests.states import State
from dsar_export.use_cases.look_up import RequestFile, Wanted, request_file, requests_here
from dsar_export.use_cases.staff import give_role
from tests.use_cases.firms import founded
from tests.use_cases.offices import START
from tests.use_cases.reached import reached_register
from tests.web.console.conftest import House, house_of
from tests.web.console.consoles import CSRF, Visitor
from tests.web.served import Answer

SECOND_CONTROLLER = """
[controllers.beta]
name = "Beta Ltd"
address = "2 High Street"
country = "GB"
language = "en"
time_zone = "Europe/Berlin"
contact = "beta@example.org"
authority = { name = "ICO", url = "https://example.org/ico" }
clock = { subdivision = "ENG" }
"""
LEAST = {"right": "access", "controller": "acme", "channel": "email", "kind-1": "email"}


@dataclass(frozen=True)
class Group:
    """A house of two controllers; `kim` is an agent at both, `ada` and `bea` each at one."""

    house: House

    def form_id(self, by: Visitor) -> str:
        found = re.search(r'name="form" value="([^"]+)"', by.get("/requests/open").text)
        assert found is not None
        return found[1]

    def sent(self, name: str, **fields: str | Sequence[str]) -> Answer:
        visitor = self.house.visitor(name)
        asked = {**LEAST, **fields, "form": self.form_id(visitor)}
        return visitor.post("/requests/open", CSRF, **asked)

    def file(self, answer: Answer, by: str = "kim") -> RequestFile:
        assert answer.status == 303, answer.text
        return request_file(self.house.office.desk(by), answer.headers["location"].rpartition("/")[2])

    def count(self) -> int:
        found = requests_here(
            self.house.office.desk("aud"), self.house.office.services.register, Wanted(frozenset(State))
        )
        return len(found)


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Group]:
    register = reached_register(tmp_path_factory.mktemp("group") / "register")
    file = register / "register.toml"
    file.write_text(file.read_text(encoding="utf-8") + SECOND_CONTROLLER, encoding="utf-8")
    with house_of(register, tmp_path_factory.mktemp("offices")) as house:
        give_role(house.office.desk("fay"), Grant("kim", "beta", Role.AGENT, START - timedelta(days=1)))
        yield Group(house)


def test_a_form_opens_all_that_a_letter_brings(group: Group) -> None:
    answer = group.sent(
        "ada",
        **{"value-1": "all@example.org", "kind-4": "customer_id", "value-4": "C-77"},
        right=["access", "portability"],
        channel="letter",
        received="2026-11-20T09:30",
        language="de",
        agent="Mo Example, 3 Low Road, power of attorney seen",
        **{"mandate-dataset": "records", "mandate-until": "2026-12-31", "also-erasure": "the archive"},
    )
    file = group.file(answer, "ada")
    listed, subject = file.request.listed, file.request.subject
    assert answer.headers["location"] == f"/staff/requests/{listed.reference}"
    assert set(listed.rights) == set(Right)
    assert (listed.channel, listed.language, listed.controller) == (Channel.LETTER, "de", "acme")
    assert listed.received_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert [(i.kind, i.value) for i in subject.identifiers] == [
        ("email", "all@example.org"), ("customer_id", "C-77"),
    ]  # fmt: skip
    assert subject.mandate is not None
    assert (subject.mandate.scope, subject.mandate.until) == (
        ("records",), datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    )  # fmt: skip
    assert [(each.right.value, each.contact) for each in subject.handed_on] == [("erasure", "the archive")]


def test_the_time_is_that_of_the_controller_that_is_ticked_first(group: Group) -> None:
    answer = group.sent("kim", controller="beta", received="2026-11-20T09:30", **{"value-1": "b@example.org"})
    assert group.file(answer).request.listed.received_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def test_one_letter_to_two_controllers_opens_two_linked_requests(group: Group) -> None:
    answer = group.sent("kim", controller=["beta", "acme"], **{"value-1": "both@example.org"})
    file = group.file(answer)
    assert file.request.listed.controller == "beta"
    (other,) = file.linked
    page = group.house.visitor("kim").get(f"/requests/{file.request.listed.reference}").text
    assert f'Opened by the same letter: <a href="/staff/requests/{other}">' in page
    assert "About the same person" not in page


def test_the_page_names_other_requests_about_the_same_person_and_the_address_does_not(group: Group) -> None:
    first = group.file(group.sent("kim", controller="beta", **{"value-1": "twice@example.org"}))
    answer = group.sent("kim", **{"value-1": "Twice@example.org"})
    page = group.house.visitor("kim").get(answer.headers["location"].removeprefix("/staff"))
    assert "About the same person" in page.text
    assert first.request.listed.reference in page.text
    assert first.request.listed.reference not in answer.headers["location"]
    theirs = group.house.visitor("ada").get(answer.headers["location"].removeprefix("/staff"))
    assert first.request.listed.reference not in theirs.text  # it is another controller's


WRONG: list[tuple[str, dict[str, str | Sequence[str]], int]] = [
    ("kim", {"right": ()}, 422),
    ("kim", {"right": "erasure"}, 422),
    ("kim", {"controller": ()}, 422),
    ("kim", {"controller": "gamma"}, 422),
    ("kim", {"channel": "pigeon"}, 422),
    ("kim", {"received": "yesterday"}, 422),
    ("kim", {"received": "2030-01-01T00:00"}, 422),
    ("kim", {"language": "xx"}, 422),
    ("kim", {"value-1": ""}, 422),
    ("kim", {"kind-1": "shoe_size"}, 422),
    ("kim", {"agent": "", "mandate-until": "2026-12-31"}, 422),
    ("kim", {"mandate-until": "2026-01-31"}, 422),
    ("kim", {"mandate-dataset": "secrets"}, 422),
    ("ada", {"controller": "beta"}, 403),
    ("ada", {"controller": ["acme", "beta"]}, 403),
    ("bea", {}, 403),
    ("ray", {}, 403),
]


@pytest.mark.parametrize(("name", "wrong", "status"), WRONG)
def test_what_cannot_be_is_explained_and_nothing_typed_is_lost(
    group: Group, name: str, wrong: dict[str, str | Sequence[str]], status: int
) -> None:
    before = group.count()
    typed = {"value-1": "typed-1@example.org", "agent": "typed-2", "also-erasure": "typed-3"}
    visitor = group.house.visitor(name)
    key = group.form_id(group.house.visitor("kim"))
    answer = visitor.post("/requests/open", CSRF, **{**LEAST, **typed, **wrong, "form": key})
    assert answer.status == status, answer.text
    assert group.count() == before
    if name != "ray":  # who sees no form
        assert "Nothing was changed" in answer.text
        assert all(text in answer.text for field, text in typed.items() if field not in wrong)
        assert f'value="{key}"' in answer.text


def test_a_form_that_is_sent_twice_opens_one_request(group: Group) -> None:
    visitor = group.house.visitor("kim")
    fields = {**LEAST, "value-1": "double@example.org", "form": group.form_id(visitor)}
    before = group.count()
    with ThreadPoolExecutor(3) as threads:
        sent = [threads.submit(visitor.post, "/requests/open", **fields) for _ in range(3)]
        answers = [each.result() for each in sent]
    answers.append(visitor.post("/requests/open", **fields))
    assert [each.status for each in answers] == [303] * 4
    assert len({each.headers["location"] for each in answers}) == 1
    assert group.count() == before + 1


def test_a_form_that_was_changed_after_it_was_sent_asks_first(group: Group) -> None:
    visitor = group.house.visitor("kim")
    key = group.form_id(visitor)
    first = visitor.post("/requests/open", **{**LEAST, "value-1": "once@example.org"}, form=key)
    assert first.status == 303
    before = group.count()
    answer = visitor.post("/requests/open", **{**LEAST, "value-1": "other@example.org"}, form=key)
    assert answer.status == 422
    assert "opened a request already" in answer.text
    assert "other@example.org" in answer.text
    assert key not in answer.text
    assert group.count() == before


@pytest.mark.parametrize("key", ["", "short"])
def test_a_form_without_its_own_mark_opens_nothing(group: Group, key: str) -> None:
    before = group.count()
    answer = group.house.visitor("kim").post(
        "/requests/open", **{**LEAST, "value-1": "x@example.org"}, form=key
    )
    assert (answer.status, group.count()) == (422, before)


def test_a_form_of_another_session_opens_nothing(group: Group) -> None:
    before = group.count()
    visitor = group.house.visitor("kim")
    answer = visitor.post("/requests/open", csrf="guessed", **{**LEAST, "value-1": "x@example.org"})
    assert (answer.status, group.count()) == (403, before)


def test_nobody_opens_a_request_about_themself(group: Group) -> None:
    own = {"kind-1": "email", "value-1": "kim@example.org"}
    assert group.house.visitor("kim", proven=True).post("/people/own", name="kim", **own).status == 303
    assert group.sent("kim", **own).status == 403


@pytest.mark.parametrize(("name", "offered"), [("kim", True), ("ray", False), ("aud", False)])
def test_the_list_leads_agents_to_the_form(group: Group, name: str, *, offered: bool) -> None:
    assert ("/staff/requests/open" in group.house.visitor(name).get("/requests").text) is offered


def test_each_agent_is_offered_their_own_controllers(group: Group) -> None:
    for name, shown, hidden in (("ada", "Acme Ltd", "Beta Ltd"), ("bea", "Beta Ltd", "Acme Ltd")):
        page = group.house.visitor(name).get("/requests/open").text
        assert shown in page
        assert hidden not in page


def test_where_a_register_has_several_kinds_of_people_one_is_chosen_or_the_identifiers_decide(
    tmp_path: Path,
) -> None:
    with house_of(founded(tmp_path).folder, tmp_path) as house:
        made = Group(house)
        answer = made.sent("ada", **{"value-1": "sam@example.org"})
        assert answer.status == 422
        assert "sam@example.org" in answer.text
        both = made.sent("ada", subject="employees", **{"value-1": "sam@example.org"})
        assert made.file(both).request.listed.subject == "employees"
        decided = made.sent("ada", **{"kind-1": "customer_id", "value-1": "8"})
        reference = made.file(decided).request.listed.reference
        fields = {"subject": "employees", "kind-1": "email", "value-1": "sam@example.org"}
        assert house.visitor("ada").post(f"/requests/{reference}/correct", **fields).status == 303
        assert made.file(decided).request.listed.subject == "employees"


def test_no_request_is_opened_by_a_register_without_a_clock_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    register = reached_register(tmp_path / "register")
    file = register / "register.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"ENG"', '"MOON"'), encoding="utf-8")
    with house_of(register, tmp_path) as house:
        made = Group(house)
        answer = made.sent("ada", **{"value-1": "sam@example.org"})
        assert answer.status == 503
        assert "sam@example.org" in answer.text
        assert made.house.visitor("aud").get("/requests?state=all").text.count("DSAR-") == 0
