"""What agents do with a request before it is collected: through the same use cases as the command line."""

import json
import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from dsar_export.errors import SubjectAmbiguousError
from dsar_export.requests.database import reading
from dsar_export.requests.outbox import mail_cell
from dsar_export.requests.states import State
from dsar_export.requests.tables import OUTBOX
from dsar_export.use_cases.look_up import RequestFile, request_file
from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import Console
from tests.use_cases.offices import MARKERS
from tests.use_cases.reached import reach, reached_register
from tests.web.console.conftest import House, house_of
from tests.web.console.consoles import BASE, CSRF
from tests.web.served import SECONDS, Answer
from tests.worlds import World

HOME = "email=home@example.org"
"""An address of two customers."""
SENT = "had a code sent"
NO_ADDRESS = "found no address on file for the code"
NOT_LOOKED_UP = "could not look up an address for the code"
TOO_MANY = "sent no code, as there were too many"
"""What the timeline has of codes."""


@dataclass(frozen=True)
class Desk:
    """A house whose register says where a customer is reached."""

    house: House

    @property
    def database(self) -> Path:
        return Path(self.house.office.services.register.folder) / "main.db"

    def opened(self, *identifiers: str) -> str:
        return self.house.office.opened("ada", *(identifiers or ("email=sam@example.org",)))

    def does(self, reference: str, name: str, action: str, **fields: str | Sequence[str]) -> Answer:
        return self.house.visitor(name).post(f"/requests/{reference}/{action}", CSRF, **fields)

    def page(self, reference: str, name: str = "ada") -> str:
        return self.house.visitor(name).get(f"/requests/{reference}").text

    def file(self, reference: str) -> RequestFile:
        return request_file(self.house.office.desk("ada"), reference)

    def proven(self, reference: str) -> list[tuple[str, str | None]]:
        return [(each.identifier.kind, each.proven_by) for each in self.file(reference).identifiers]

    def ambiguous(self) -> str:
        reference = self.opened(HOME)
        self.house.office.verify(reference)
        with pytest.raises(SubjectAmbiguousError):
            self.house.office.collect("ada", reference)
        return reference

    def until_noted(self, reference: str, *actions: str) -> None:
        """Waits for what comes after an answer."""
        until = time.monotonic() + SECONDS
        while not any(f">{action}</td>" in self.page(reference) for action in actions):
            assert time.monotonic() < until, actions
            time.sleep(0.02)

    def mailed_code(self, reference: str) -> str:
        vault = self.house.office.installation.vault
        with reading(self.house.office.installation.engine) as connection:
            chosen = select(OUTBOX).where(OUTBOX.c.reference == reference)
            (row,) = connection.execute(chosen).mappings()
        found = re.search(
            r"    (\d{6})\n", json.loads(vault.open(row["mail_sealed"], mail_cell(row["id"])))[2]
        )
        assert found is not None
        return found[1]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    register = reached_register(tmp_path_factory.mktemp("known") / "register")
    reach(register, "C-1", "sam@example.org")
    World(register).run(
        "INSERT INTO customers VALUES ('C-8', 'home@example.org'), ('C-9', 'home@example.org')"
    )
    with house_of(register, tmp_path_factory.mktemp("intake")) as house:
        yield Desk(house)


def test_evidence_proves_the_identifiers_that_are_ticked(desk: Desk) -> None:
    reference = desk.opened("email=sam@example.org", "customer_id=C-1")
    fields = {"evidence-kind": "known_address", "evidence": "seen", "proves": "customer_id"}
    assert desk.does(reference, "ada", "verify", **fields).status == 303
    assert desk.house.office.listed(reference).state is State.VERIFIED
    assert desk.proven(reference) == [("email", None), ("customer_id", "known_address")]


def test_boxes_without_a_tick_prove_nothing(desk: Desk) -> None:
    reference = desk.opened("email=sam@example.org", "customer_id=C-1")
    answer = desk.does(reference, "ada", "verify", **{"evidence-kind": "seen", "evidence": "typed before"})
    assert answer.status == 422
    assert answer.text.count("typed before") == 1
    assert desk.house.office.listed(reference).state is State.RECEIVED


def test_the_only_identifier_is_ticked_before_and_stays_unticked_after_an_error(desk: Desk) -> None:
    box = re.compile(r'<input type="checkbox" id="verify-proves-email"[^>]*>')
    reference = desk.opened()
    assert "checked" in box.findall(desk.page(reference))[0]
    answer = desk.does(reference, "ada", "verify", evidence="typed")
    assert "checked" not in box.findall(answer.text)[0]


def test_a_code_is_sent_after_the_answer_and_verifies(desk: Desk) -> None:
    reference = desk.opened("customer_id=C-1")
    assert desk.does(reference, "ada", "send-code").status == 303
    desk.until_noted(reference, SENT)
    wrong = desk.does(reference, "ada", "verify-by-code", code="x")
    assert wrong.status == 422
    assert desk.does(reference, "ada", "verify-by-code", code=desk.mailed_code(reference)).status == 303
    assert desk.house.office.listed(reference).state is State.VERIFIED


def test_the_answer_to_sending_a_code_is_the_same_whether_there_is_an_address(desk: Desk) -> None:
    answers = {}
    for customer in ("C-1", "C-404"):
        reference = desk.opened(f"customer_id={customer}")
        answer = desk.does(reference, "ada", "send-code")
        same = {name: text for name, text in answer.headers.items() if name not in {"date", "location"}}
        answers[customer] = (answer.status, answer.body, same)
        desk.until_noted(
            reference,
            SENT,
            NO_ADDRESS,
            TOO_MANY,
        )
    assert answers["C-1"] == answers["C-404"]


def test_the_answer_to_sending_a_code_waits_for_no_source(desk: Desk) -> None:
    outcomes, reference = (
        (
            SENT,
            NO_ADDRESS,
            NOT_LOOKED_UP,
        ),
        desk.opened("customer_id=C-404"),
    )
    with closing(sqlite3.connect(desk.database)) as busy:
        busy.execute("BEGIN EXCLUSIVE")
        assert desk.does(reference, "ada", "send-code").status == 303
        assert not any(f"<td>{outcome}</td>" in desk.page(reference) for outcome in outcomes)
    desk.until_noted(reference, *outcomes)


def test_corrected_identifiers_replace_the_others_and_must_be_verified_anew(desk: Desk) -> None:
    reference = desk.house.office.verified()
    answer = desk.does(reference, "ada", "correct", **{"kind-2": "customer_id", "value-2": "C-2"})
    assert answer.status == 303
    assert desk.house.office.listed(reference).state is State.RECEIVED
    assert desk.proven(reference) == [("customer_id", None)]


def test_what_was_typed_for_a_correction_is_not_lost(desk: Desk) -> None:
    reference = desk.opened()
    answer = desk.does(reference, "ada", "correct", **{"kind-3": "shoe_size", "value-3": "typed before"})
    assert answer.status == 422
    assert 'value="typed before"' in answer.text
    assert desk.does(reference, "ada", "correct").status == 422
    assert desk.proven(reference) == [("email", None)]


def test_a_mandate_is_added_and_only_what_is_filled_in_is_corrected(desk: Desk) -> None:
    reference = desk.opened()
    first = {"agent": "Mo Example", "mandate-dataset": "records"}
    assert desk.does(reference, "ada", "mandate", **first).status == 303
    assert desk.does(reference, "ada", "mandate", **{"mandate-until": "2026-12-31"}).status == 303
    mandate = desk.file(reference).request.subject.mandate
    assert mandate is not None
    assert (mandate.agent, mandate.scope) == ("Mo Example", ("records",))
    assert mandate.until == datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert desk.does(reference, "ada", "mandate", **{"mandate-dataset": ["records", "*"]}).status == 303
    mandate = desk.file(reference).request.subject.mandate
    assert mandate is not None
    assert mandate.scope == ()
    assert desk.does(reference, "ada", "mandate").status == 422


def test_what_was_typed_is_shown_also_where_the_form_is_possible_no_more(desk: Desk) -> None:
    reference = desk.opened()
    assert desk.does(reference, "ada", "cancel").status == 303
    answer = desk.does(reference, "ada", "mandate", agent="Mo", **{"mandate-dataset": ["records", "extras"]})
    assert answer.status == 409
    assert "What you typed" in answer.text
    assert "records\nextras" in answer.text


def test_it_is_recorded_to_whom_something_was_handed_on(desk: Desk) -> None:
    reference = desk.opened()
    assert desk.does(reference, "ada", "hand-on", right="erasure", contact="the archive").status == 303
    assert [each.contact for each in desk.file(reference).request.subject.handed_on] == ["the archive"]
    for wrong in ({"right": "revenge", "contact": "typed"}, {"right": "erasure", "contact": " "}):
        assert desk.does(reference, "ada", "hand-on", **wrong).status == 422


def test_who_is_behind_the_identifiers_is_shown_masked_and_only_on_a_button(desk: Desk) -> None:
    reference, path = desk.house.office.verified(), ">looked for the person</td>"
    visitor = desk.house.visitor("ada")
    asked = visitor.get(f"/requests/{reference}/identify")
    assert asked.status == 200
    assert path not in desk.page(reference)
    found = visitor.post(f"/requests/{reference}/identify")
    assert found.status == 200
    assert "One person is behind these identifiers" in found.text
    assert not [marker for marker in MARKERS if marker in found.text]
    assert path in desk.page(reference)
    assert desk.house.office.listed(reference).state is State.VERIFIED


def test_nobody_is_sought_before_somebody_is_verified_or_by_a_reviewer(desk: Desk) -> None:
    opened, verified = desk.opened(), desk.house.office.verified()
    visitor = desk.house.visitor
    assert visitor("ada").post(f"/requests/{opened}/identify").status == 409
    assert visitor("ray").post(f"/requests/{verified}/identify").status == 403
    assert visitor("ada").post(f"/requests/{verified}/identify", csrf="guessed").status == 403
    assert ">looked for the person</td>" not in desk.page(verified)


def test_a_candidate_is_chosen_after_looking_who_they_are(desk: Desk) -> None:
    reference = desk.ambiguous()
    seen = desk.house.visitor("ada").post(f"/requests/{reference}/identify").text
    assert "Several people are behind these identifiers" in seen
    assert all(f'name="chosen" value="{key}"' in seen for key in ("C-8", "C-9"))
    assert desk.does(reference, "ada", "choose", chosen="C-9", reason="knows the order").status == 303
    assert desk.house.office.listed(reference).state is State.VERIFIED
    assert "knows the order" in desk.page(reference)


def test_several_keys_are_written_one_a_line(desk: Desk) -> None:
    reference = desk.ambiguous()
    assert desk.does(reference, "ada", "choose", chosen="C-8\r\nC-9\r\n", reason="merged").status == 303
    assert [each.chosen for each in desk.file(reference).decisions] == [("C-8", "C-9")]


@pytest.mark.parametrize(
    "wrong", [{"chosen": "C-1", "reason": "typed before"}, {"reason": "typed before"}, {"chosen": "C-9"}]
)
def test_a_choice_that_cannot_be_changes_nothing_and_loses_nothing(desk: Desk, wrong: dict[str, str]) -> None:
    reference = desk.ambiguous()
    answer = desk.does(reference, "ada", "choose", **wrong)
    assert answer.status == 422
    assert all(text in answer.text for text in wrong.values())
    assert desk.house.office.listed(reference).state is State.AMBIGUOUS


def test_a_choice_is_kept_on_the_page_while_no_source_answers(desk: Desk) -> None:
    reference, file = desk.ambiguous(), desk.database
    hidden = file.rename(file.with_suffix(".hidden"))
    try:
        answer = desk.does(reference, "ada", "choose", chosen="C-9", reason="typed before")
        assert answer.status == 503
        assert "typed before" in answer.text
        assert desk.house.visitor("ada").post(f"/requests/{reference}/identify").status == 503
    finally:
        hidden.rename(file)


OFFERED = [
    ("ada", {"verify", "correct", "mandate", "hand-on", "send-code", "cancel", "note"}, {"refuse"}),
    ("ray", {"refuse", "note", "assign"}, {"verify", "correct", "mandate", "hand-on", "send-code", "cancel"}),
    ("aud", {"evidence"}, {"verify", "note", "assign", "refuse", "cancel", "hand-on"}),
    ("kim", {"verify", "refuse", "cancel"}, set[str]()),
]


@pytest.mark.parametrize(("name", "offered", "hidden"), OFFERED)
def test_a_reader_is_offered_what_their_roles_allow(
    desk: Desk, name: str, offered: set[str], hidden: set[str]
) -> None:
    page = desk.page(desk.opened(), name)
    actions = set(re.findall(r'action="/staff/requests/[^/"]+/([a-z-]+)"', page))
    assert offered <= actions
    assert not hidden & actions
    assert ("What you can do" in page) is bool(offered)


def test_what_comes_before_collecting_is_offered_when_it_is_possible(desk: Desk) -> None:
    opened, verified, ambiguous = desk.opened(), desk.house.office.verified(), desk.ambiguous()
    cancelled = desk.opened()
    assert desk.does(cancelled, "ada", "cancel").status == 303
    assert "/identify" not in desk.page(opened)
    assert "/identify" in desk.page(verified)
    assert "/verify" not in desk.page(verified)
    assert "/choose" not in desk.page(verified)
    assert "/choose" in desk.page(ambiguous)
    for action in ("hand-on", "mandate", "correct", "send-code", "identify"):
        assert f"/{action}" not in desk.page(cancelled)


def test_each_route_about_a_request_is_closed_to_staff_of_another_controller(desk: Desk) -> None:
    reference = desk.house.reviewed()
    before, visitor = desk.house.office.listed(reference), desk.house.visitor("bea", proven=True)
    routes = [r for r in console_routes(Console(desk.house.place, BASE)) if r.rule.of_request]
    assert len(routes) > 20
    for route in routes:
        answers = []
        for each in (reference, "DSAR-20260101-NEVERWAS"):
            path = re.sub(r"\{[^}]*\}", "records", route.path.replace("{reference}", each))
            path = path.removeprefix(BASE)
            answers.append(visitor.get(path) if route.method == "GET" else visitor.post(path))
        assert [each.status for each in answers] == [404, 404], route.path
        assert len({each.text for each in answers}) == 1, route.path
    assert desk.house.office.listed(reference) == before


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_page_of_a_new_request_has_a_label_for_each_field(desk: Desk, language: str) -> None:
    page = desk.house.visitor("kim", language=language).get(f"/requests/{desk.opened()}").text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    fields = re.findall(r"<(?:input|select|textarea)([^>]*)>", page)
    named = {found[1] for each in fields if (found := re.search(r' id="([^"]+)"', each))}
    assert named == set(re.findall(r'<label[^>]* for="([^"]+)"', page))
