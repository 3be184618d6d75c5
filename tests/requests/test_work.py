"""The queue: what waits, in which order, and who may take it up."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import Connection, update

from dsar_export.errors import SourceBusyError
from dsar_export.model.work import Position, Task, Work, WorkStep
from dsar_export.requests import work as queue
from dsar_export.requests.database import writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.states import Action, State
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.transitions import change, move
from tests.replacing import replace
from tests.requests.installations import AT, opened, put

A, B, C = (f"DSAR-20261102-0000000{number}" for number in (1, 2, 3))
MINUTE: Final = timedelta(minutes=1)


def work(reference: str = A, task: Task = Task.COLLECT, **details: object) -> Work:
    return replace(Work(reference, task, "ada", AT, AT + timedelta(days=30)), **details)


@pytest.fixture
def connection(installation: Installation) -> Iterator[Connection]:
    """Three verified requests, in one transaction."""
    for reference in (A, B, C):
        opened(installation, reference)
    with writing(installation.engine) as connection:
        for reference in (A, B, C):
            put(connection, installation, State.VERIFIED, reference)
        yield connection


def set_row(connection: Connection, reference: str, **columns: object) -> None:
    connection.execute(update(REQUESTS).where(REQUESTS.c.reference == reference).values(**columns))


def waiting(connection: Connection, **options: object) -> list[str]:
    chosen = {"heavy": False, "most": 9, **options}
    return [each.reference for each in queue.waiting(connection, AT, **chosen)]  # type: ignore[arg-type] # chosen


def test_what_is_due_soonest_waits_in_front_then_what_was_asked_first(connection: Connection) -> None:
    queue.ask(connection, work(A, due_at=AT + 3 * MINUTE, asked_at=AT - 2 * MINUTE))
    queue.ask(connection, work(B, due_at=AT + 2 * MINUTE, asked_at=AT))
    queue.ask(connection, work(C, due_at=AT + 2 * MINUTE, asked_at=AT - MINUTE))
    assert waiting(connection) == [C, B, A]
    assert waiting(connection, most=1) == [C]


@pytest.mark.parametrize(
    ("details", "waits"),
    [
        ({"not_before": AT + MINUTE}, False),
        ({"not_before": AT}, True),
        ({"parked_at": AT - MINUTE}, False),
        ({"heavy": True}, False),
    ],
)
def test_what_is_put_off_parked_or_heavy_does_not_wait_among_the_small_ones(
    connection: Connection,
    details: dict[str, object],
    waits: bool,  # noqa: FBT001
) -> None:
    queue.ask(connection, work(A, Task.COLLECT, **details))
    assert waiting(connection) == ([A] if waits else [])
    assert waiting(connection, heavy=True) == ([A] if "heavy" in details else [])


@pytest.mark.parametrize(("lease", "waits"), [(AT + MINUTE, False), (AT - MINUTE, True), (None, True)])
def test_what_somebody_works_on_does_not_wait_before_the_lease_has_ended(
    connection: Connection,
    lease: object,
    waits: bool,  # noqa: FBT001
) -> None:
    queue.ask(connection, work(A))
    set_row(connection, A, state=State.COLLECTING, lease_until=lease)
    assert waiting(connection) == ([A] if waits else [])


def test_what_the_state_of_its_request_does_not_allow_does_not_wait(connection: Connection) -> None:
    queue.ask(connection, work(A, Task.BUILD))
    queue.ask(connection, work(B))
    set_row(connection, B, state=State.AVAILABLE)
    assert waiting(connection) == []
    set_row(connection, A, state=State.APPROVED)
    assert waiting(connection) == [A]


def test_while_sources_of_a_controller_are_busy_only_builds_of_it_wait(connection: Connection) -> None:
    queue.ask(connection, work(A))
    queue.ask(connection, work(B, Task.BUILD))
    queue.ask(connection, work(C))
    set_row(connection, B, state=State.APPROVED)
    set_row(connection, C, controller="beta")
    assert waiting(connection, busy={"acme"}) == [B, C]


def test_who_asks_again_for_the_same_keeps_what_was_read_and_begins_with_no_tries(
    connection: Connection,
) -> None:
    queue.ask(connection, work(A, tries=4, parked_at=AT, failure="OSError"))
    queue.save_checkpoint(connection, A, f"{A}/4/ledger-1", "0" * 64)
    queue.ask(connection, work(A))
    found = queue.work_of(connection, A)
    assert found == work(A, checkpoint=f"{A}/4/ledger-1", checkpoint_hash="0" * 64)


def test_who_asks_for_something_else_or_anew_drops_what_was_read(connection: Connection) -> None:
    for again, anew in ((work(A, Task.BUILD), False), (work(A), True)):
        queue.ask(connection, work(A))
        queue.save_checkpoint(connection, A, f"{A}/4/ledger-1", "0" * 64)
        queue.ask(connection, again, anew=anew)
        assert queue.work_of(connection, A) == again


@pytest.mark.parametrize("action", [Action.CORRECT, Action.CANCEL, Action.REFUSE])
def test_any_other_step_of_a_request_ends_what_was_asked(connection: Connection, action: Action) -> None:
    queue.ask(connection, work(A))
    queue.ask(connection, work(B))
    move(connection, A, 1, action, AT)
    assert queue.works(connection).keys() == {B}


def test_the_beginning_and_the_failure_of_an_attempt_and_what_moves_nothing_keep_it(
    connection: Connection,
) -> None:
    queue.ask(connection, work(A))
    version = change(connection, A, 1, AT, assigned_to="abe")
    version = move(connection, A, version, Action.COLLECT, AT, collected_by="ada", lease_until=AT)
    move(connection, A, version, Action.FAIL, AT, failed_step="collect")
    assert queue.work_of(connection, A) is not None


def test_a_try_is_counted_and_shows_nothing_of_the_one_before(connection: Connection) -> None:
    queue.ask(connection, work(A, not_before=AT, tries=2, step=WorkStep.READ, dataset="records", rows=7))
    begun = queue.begin_try(connection, A, Task.COLLECT, AT)
    assert begun == work(A, tries=3, signs=1, alive_at=AT)
    assert queue.work_of(connection, A) == begun


def test_no_try_begins_that_is_put_off_parked_of_another_task_or_not_asked(connection: Connection) -> None:
    queue.ask(connection, work(A, not_before=AT + MINUTE))
    queue.ask(connection, work(B, parked_at=AT))
    assert queue.begin_try(connection, A, Task.COLLECT, AT) is None
    assert queue.begin_try(connection, B, Task.COLLECT, AT) is None
    assert queue.begin_try(connection, C, Task.COLLECT, AT) is None
    queue.ask(connection, work(C))
    assert queue.begin_try(connection, C, Task.BUILD, AT) is None


def test_a_sign_of_life_counts_and_holds_step_dataset_and_rows(connection: Connection) -> None:
    queue.ask(connection, work(A))
    queue.show_sign(connection, A, Position(WorkStep.READ, "records", 12), AT)
    queue.show_sign(connection, A, None, AT + MINUTE)
    found = queue.work_of(connection, A)
    shown = {"step": WorkStep.READ, "dataset": "records", "rows": 12, "signs": 2, "alive_at": AT + MINUTE}
    assert found == work(A, Task.COLLECT, **shown)


def test_only_a_try_that_failed_counts(connection: Connection) -> None:
    queue.ask(connection, work(A, tries=2))
    queue.put_off(connection, A, AT + MINUTE, "OSError")
    assert queue.work_of(connection, A) == work(A, tries=2, not_before=AT + MINUTE, failure="OSError")
    queue.put_off(connection, A, AT, None, heavy=True)
    assert queue.work_of(connection, A) == work(A, tries=1, not_before=AT, heavy=True)


def test_a_source_is_full_while_as_many_as_it_allows_have_a_lease(connection: Connection) -> None:
    for reference in (A, B):
        set_row(connection, reference, state=State.COLLECTING, lease_until=AT + MINUTE)
    queue.take_places(connection, A, {"main": 2, "second": 1}, AT)
    queue.take_places(connection, A, {"main": 2, "second": 1}, AT)  # its own place is not another's
    queue.take_places(connection, B, {"main": 2}, AT)
    with pytest.raises(SourceBusyError, match="source main is read by 2 requests"):
        queue.take_places(connection, C, {"main": 2}, AT)
    queue.take_places(connection, C, {"main": 3}, AT)
    with pytest.raises(SourceBusyError, match="source second"):
        queue.take_places(connection, C, {"second": 1}, AT)
    set_row(connection, A, lease_until=AT - MINUTE)
    queue.take_places(connection, C, {"main": 2, "second": 1}, AT)
    set_row(connection, B, state=State.BUILDING)  # it reads its Draft, and no source any more
    queue.take_places(connection, C, {"main": 1}, AT)


def test_the_signs_of_attempts_are_shown_where_a_lease_ends_later_than_any_can(
    connection: Connection,
) -> None:
    for reference, until in ((A, AT + MINUTE), (B, AT + 2 * MINUTE), (C, None)):
        queue.ask(connection, work(reference, signs=5))
        set_row(connection, reference, lease_until=until, attempt=3)
    assert queue.leased_beyond(connection, AT + MINUTE) == {B: (3, 5)}
