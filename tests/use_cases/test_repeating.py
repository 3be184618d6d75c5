"""What another system asks twice by one key is done once."""

from datetime import timedelta

import pytest

from dsar_export.errors import RepeatedKeyError, StateError, WrongUseError
from dsar_export.requests.answers import KEPT
from dsar_export.use_cases.repeating import Reply, answered_once
from tests.use_cases.offices import Office


def answered(
    office: Office, key: str | None, asked: str, body: str = "SECRET-ANSWER", by: str = "ada"
) -> Reply:
    return answered_once(office.desk(by), key, asked, lambda: Reply(201, body))


def test_the_second_try_gets_the_answer_of_the_first(office: Office) -> None:
    assert (
        answered(office, "k", "open")
        == answered(office, "k", "open", "another")
        == Reply(201, "SECRET-ANSWER")
    )


def test_without_a_key_it_is_done_again(office: Office) -> None:
    assert [answered(office, None, "open", body).body for body in ("a", "b")] == ["a", "b"]


def test_a_key_for_something_else_is_refused(office: Office) -> None:
    answered(office, "k", "open")
    with pytest.raises(RepeatedKeyError):
        answered(office, "k", "open another")


def test_a_key_of_another_token_is_another_key(office: Office) -> None:
    answered(office, "k", "open")
    assert answered(office, "k", "open", "mine", by="abe").body == "mine"


def test_after_a_day_it_is_forgotten(office: Office) -> None:
    answered(office, "k", "open")
    office.now += KEPT + timedelta(seconds=1)
    assert answered(office, "k", "open another", "new").body == "new"


def test_what_was_refused_may_be_tried_again_and_what_was_cut_off_may_not(office: Office) -> None:
    def refused() -> Reply:
        raise WrongUseError("correct it")

    def cut_off() -> Reply:
        raise KeyboardInterrupt

    with pytest.raises(WrongUseError):
        answered_once(office.desk("ada"), "k", "open", refused)
    assert answered(office, "k", "open").status == 201
    with pytest.raises(KeyboardInterrupt):
        answered_once(office.desk("ada"), "l", "open", cut_off)
    with pytest.raises(StateError, match="cut off"):
        answered(office, "l", "open")


def test_neither_key_nor_what_was_asked_nor_the_answer_is_readable(office: Office) -> None:
    answered(office, "KEY-MARKER", "ASKED-MARKER")
    rows = str(office.rows())
    assert not any(marker in rows for marker in ("KEY-MARKER", "ASKED-MARKER", "SECRET-ANSWER"))
