"""What a worker does with what is asked: it ends with it, tries again, gives up, and always goes on with the next."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from dsar_export.errors import (
    DatabaseUnusableError,
    NotWritableError,
    RegisterError,
    SourceUnreadableError,
    StaleError,
    TrailBrokenError,
    WorkStoppedError,
)
from dsar_export.interfaces import ObjectStore
from dsar_export.model.draft import PartFacts
from dsar_export.model.people import Role
from dsar_export.model.work import LEASE
from dsar_export.requests.database import writing
from dsar_export.requests.requests import request_cell
from dsar_export.requests.states import Action, State
from dsar_export.requests.tables import GRANTS, REQUESTS
from dsar_export.requests.transitions import renew_lease
from dsar_export.requests.work import park_all, show_sign
from dsar_export.use_cases import decide
from dsar_export.use_cases.attempt import BACKOFF, MOST_TRIES
from dsar_export.use_cases.audit import trail_entries
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.perform import Sweeper, perform_next
from tests.use_cases.flaky import Flaky
from tests.use_cases.offices import LEASE_ENDS, CallingProgress, Office
from tests.use_cases.workbenches import FailingProgress, Steady, Workplace, at_most
from tests.worlds import open_package

MARKER = "a value from the data"
SOON = timedelta(seconds=1)


@pytest.fixture
def place(each_office: Office) -> Workplace:
    return Workplace(each_office)


@pytest.fixture
def slow_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each source takes so long that a checkpoint is worth it."""
    passing = Steady(time.monotonic() + 1000, step=3.0)
    monkeypatch.setattr("dsar_export.use_cases.collect.time", SimpleNamespace(monotonic=passing))


def actions(place: Workplace, reference: str) -> list[str]:
    return [str(entry.values["action"]) for entry in trail_entries(place.office.desk("aud"), reference)]


def unreadable(place: Workplace, source: str = "second", times: int = 99) -> Flaky:
    """A source that can't be read so many times."""
    honest = place.office.services.collectors[source]
    flaky = Flaky(honest, "chunks", times, SourceUnreadableError)
    place.office.collectors[source] = flaky
    return flaky


def counted(place: Workplace, source: str = "main") -> Flaky:
    """A source that counts how often it is opened."""
    return unreadable(place, source, times=0)


def test_a_worker_collects_and_builds_what_is_asked(place: Workplace) -> None:
    reference = place.asked()
    done = place.perform()
    assert done is not None
    assert (done.reference, done.tries, done.failure) == (reference, 1, None)
    assert place.office.listed(reference).state is State.IN_REVIEW
    assert place.work_or_none(reference) is None
    assert place.perform() is None
    decide.approve(place.office.desk("ray"), place.office.services.register, reference)
    place.ask_build(reference)
    done = place.perform()
    assert done is not None
    assert done.failure is None
    assert place.office.listed(reference).state is State.AVAILABLE
    assert actions(place, reference)[2:] == ["ask", "collect", "submit", "approve", "ask", "build", "publish"]
    with place.office.desk("ada").looking() as act:
        sealed = act.request(reference, Role.AGENT).passphrase_sealed
    assert sealed is not None
    passphrase = place.office.installation.vault.open(sealed, request_cell(reference, "passphrase_sealed"))
    (package,) = place.office.packages.glob("*.zip")
    assert len(open_package(package, passphrase).json()) == 2


def test_a_try_that_fails_is_put_off_longer_each_time_and_given_up_after_the_fifth(place: Workplace) -> None:
    reference = place.asked()
    place.progress = FailingProgress(RuntimeError(MARKER))
    for number, pause in enumerate(BACKOFF, start=1):
        done = place.perform()
        assert done is not None
        assert done.failure == "RuntimeError"
        work = place.work(reference)
        assert work.not_before is not None
        assert timedelta(0) <= place.office.now - (work.not_before - pause) < SOON
        assert (work.tries, work.parked_at, work.failure) == (number, None, "RuntimeError")
        assert place.office.listed(reference).state is State.COLLECTING
        assert place.perform() is None
        place.time_passes(pause)
    assert place.perform() is not None
    work, row = place.work(reference), place.office.listed(reference)
    assert (work.tries, row.state, row.failed_step) == (MOST_TRIES, State.FAILED, "collect")
    assert work.parked_at is not None
    place.time_passes(timedelta(days=1))
    assert place.perform() is None
    assert actions(place, reference)[3:] == [*["collect", "put_off"] * len(BACKOFF), "collect", "fail"]
    assert MARKER not in str(place.office.rows())


def test_what_failed_is_tried_anew_when_somebody_asks_again(place: Workplace) -> None:
    reference = place.asked()
    place.progress = FailingProgress(RegisterError("a dataset has no source"), times=1)
    assert place.perform() is not None
    assert place.office.listed(reference).state is State.FAILED
    place.ask(reference)
    assert place.perform() is not None
    assert place.office.listed(reference).state is State.IN_REVIEW


def test_what_another_try_can_not_mend_is_given_up_at_once(place: Workplace) -> None:
    reference = place.asked()
    place.progress = FailingProgress(RegisterError("a dataset has no source"))
    place.perform()
    row, work = place.office.listed(reference), place.work(reference)
    assert (row.state, row.failed_step, work.tries) == (State.FAILED, "collect", 1)
    assert work.failure == "a dataset has no source"


def test_work_that_is_given_back_because_the_worker_stops_is_no_try(place: Workplace) -> None:
    reference = place.asked()
    place.progress = FailingProgress(WorkStoppedError("the worker stops"), times=1)
    place.perform()
    work = place.work(reference)
    assert (work.tries, work.parked_at, work.failure, work.step) == (0, None, None, None)
    assert place.office.listed(reference).lease_until is None
    assert actions(place, reference)[-1] == "collect"
    assert place.perform() is not None
    assert place.office.listed(reference).state is State.IN_REVIEW


def ended_role(place: Workplace, reference: str) -> None:
    with writing(place.office.installation.engine) as connection:
        connection.execute(update(GRANTS).where(GRANTS.c.person == "ada").values(until=place.office.now))


def changed_row(place: Workplace, reference: str, **columns: object) -> None:
    with writing(place.office.installation.engine) as connection:
        connection.execute(update(REQUESTS).where(REQUESTS.c.reference == reference).values(**columns))


def tampered(place: Workplace, reference: str) -> None:
    changed_row(place, reference, subject_sealed=b"what nobody sealed")


@pytest.mark.parametrize("spoil", [ended_role, tampered])
def test_work_that_can_not_begin_is_parked_and_others_go_on(
    place: Workplace, spoil: Callable[[Workplace, str], None]
) -> None:
    reference, other = place.asked(), place.office.verified("email=robin@example.org")
    place.ask(other, by="abe")
    spoil(place, reference)
    done = place.perform()
    assert done is not None
    assert (done.reference, done.failure is not None) == (reference, True)
    assert place.work(reference).parked_at is not None
    done = place.perform()
    assert done is not None
    assert (done.reference, done.failure) == (other, None)
    assert place.perform() is None


def test_a_wrong_register_parks_nothing_and_what_waits_goes_on_when_it_is_right(place: Workplace) -> None:
    reference, right = place.asked(), place.changed

    def refused(_: object) -> object:
        raise RegisterError("register.toml: no such key")

    place.changed = refused  # type: ignore[assignment] # it never returns
    for _ in range(MOST_TRIES + 1):
        with pytest.raises(RegisterError):
            place.perform()
    work = place.work(reference)
    assert (work.tries, work.failure, work.parked_at) == (0, None, None)
    place.changed = right
    place.perform()
    assert place.office.listed(reference).state is State.IN_REVIEW


def test_nothing_is_taken_up_after_the_restore_of_a_backup_until_staff_accept_it(place: Workplace) -> None:
    reference = place.asked()
    place.office.anchor.unlink()
    with pytest.raises(TrailBrokenError, match="as after the restore of a backup"):
        place.perform()
    work = place.work(reference)
    assert (work.tries, work.parked_at) == (0, None)


def test_whoever_asks_again_fences_an_attempt_that_is_frozen(place: Workplace) -> None:
    reference = place.asked()
    frozen = place.begun(reference)
    place.time_passes(LEASE_ENDS)
    place.ask(reference, CollectOrder(anew=True))
    with writing(place.office.installation.engine) as connection:
        assert not renew_lease(connection, reference, frozen.number, place.office.now)
    place.perform()
    assert place.office.listed(reference).state is State.IN_REVIEW


def test_a_build_without_its_approval_is_parked(place: Workplace) -> None:
    reference = place.office.approved()
    place.ask_build(reference)
    changed_row(place, reference, approved_decisions_hash="of other decisions")
    done = place.perform()
    assert done is not None
    assert "review it again" in str(done.failure)
    assert place.work(reference).parked_at is not None
    assert place.office.listed(reference).state is State.APPROVED


def test_what_kills_its_worker_at_every_try_is_parked_and_others_go_on(place: Workplace) -> None:
    reference = place.asked()
    for _ in range(MOST_TRIES):
        place.begun(reference)
        assert place.perform() is None
        place.time_passes(LEASE_ENDS)
    other = place.asked()
    done = place.perform()
    assert done is not None
    assert (done.reference, done.tries) == (reference, MOST_TRIES)
    assert "killed" in str(done.failure)
    assert place.office.listed(reference).state is State.FAILED
    done = place.perform()
    assert done is not None
    assert done.reference == other


@pytest.mark.usefixtures("slow_reading")
def test_after_a_source_that_does_not_answer_the_next_try_reads_only_what_is_missing(
    place: Workplace,
) -> None:
    reference = place.asked()
    main, second = counted(place), unreadable(place, times=1)
    place.perform()
    work = place.work(reference)
    assert (work.tries, work.checkpoint is not None) == (1, True)
    assert (main.opened, second.opened) == (1, 1)
    place.time_passes(BACKOFF[0])
    place.perform()
    assert (main.opened, second.opened) == (1, 2)
    assert place.office.listed(reference).state is State.IN_REVIEW
    submitted = trail_entries(place.office.desk("aud"), reference)[-1].values["details"]
    assert isinstance(submitted, dict)
    assert (submitted["carried"], submitted["gaps"]) == (1, 0)
    assert {name.split("/")[1] for name in place.office.drafts.names(reference)} == {"2"}


@dataclass(frozen=True)
class FullStore:
    """A store that takes no object whose name ends so."""

    honest: ObjectStore
    ending: str

    def __getattr__(self, name: str) -> object:
        return getattr(self.honest, name)

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        if name.endswith(self.ending):
            raise NotWritableError("the disk is full")
        self.honest.put(name, pieces)


@pytest.mark.usefixtures("slow_reading")
def test_if_all_was_read_when_a_try_failed_the_next_one_reads_nothing(place: Workplace) -> None:
    reference = place.asked()
    main, second = counted(place), counted(place, "second")
    bench = place.bench
    full = replace(bench.desk, drafts=FullStore(bench.desk.drafts, "/ledger"))  # type: ignore[arg-type] # __getattr__
    perform_next(replace(bench, desk=full), heavy=False)
    assert place.work(reference).failure == "the disk is full"
    place.time_passes(BACKOFF[0])
    place.perform()
    assert (main.opened, second.opened) == (1, 1)
    assert place.office.listed(reference).state is State.IN_REVIEW
    assert {name.split("/")[1] for name in place.office.drafts.names(reference)} == {"2"}


@pytest.mark.usefixtures("slow_reading")
def test_if_submitting_failed_the_next_try_reads_nothing(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = place.asked()
    main = counted(place)
    with monkeypatch.context() as patch:
        patch.setattr("dsar_export.use_cases.collect_request.approve_by_policy", None)
        place.perform()
    assert place.work(reference).failure == "TypeError"
    place.time_passes(BACKOFF[0])
    place.perform()
    assert main.opened == 1
    assert place.office.listed(reference).state is State.IN_REVIEW


@pytest.mark.usefixtures("slow_reading")
def test_what_is_asked_anew_goes_on_from_its_own_checkpoint_alone(place: Workplace) -> None:
    reference = place.asked()
    main, second = counted(place), unreadable(place, times=2)
    place.perform()
    place.ask(reference, CollectOrder(anew=True))
    assert place.work(reference).checkpoint is None
    place.perform()
    assert (main.opened, second.opened) == (2, 2)
    place.time_passes(BACKOFF[0])
    place.perform()
    assert (main.opened, second.opened) == (2, 3)
    assert place.office.listed(reference).state is State.IN_REVIEW


def test_a_source_that_fails_the_last_try_leads_to_review_with_a_gap(place: Workplace) -> None:
    reference = place.asked()
    unreadable(place)
    for pause in BACKOFF:
        place.perform()
        place.time_passes(pause)
    assert place.office.listed(reference).state is State.COLLECTING
    place.perform()
    assert place.office.listed(reference).state is State.IN_REVIEW
    details = trail_entries(place.office.desk("aud"), reference)[-1].values["details"]
    assert isinstance(details, dict)
    assert details["gaps"] == 1


@pytest.mark.usefixtures("slow_reading")
def test_a_request_with_many_rows_goes_on_in_the_queue_of_heavy_ones_from_its_checkpoint(
    place: Workplace,
) -> None:
    reference = place.asked()
    main = counted(place)
    place.heavy_rows = 2
    place.perform()
    work = place.work(reference)
    assert (work.heavy, work.tries, work.parked_at) == (True, 0, None)
    assert (place.waits(), place.waits(heavy=True)) == (False, True)
    assert place.perform() is None
    place.perform(heavy=True)
    assert place.office.listed(reference).state is State.IN_REVIEW
    assert main.opened == 1


def test_a_worker_of_both_queues_takes_up_what_is_due_soonest_in_either(place: Workplace) -> None:
    first = place.asked()
    place.heavy_rows = 2
    place.perform()
    place.heavy_rows = 1000
    place.time_passes(timedelta(days=3))
    second, third = place.asked(), place.asked()
    assert [place.work(each).heavy for each in (first, second, third)] == [True, False, False]
    due = sorted(
        (first, second, third), key=lambda each: (place.work(each).due_at, place.work(each).asked_at)
    )
    done = [place.perform(heavy=None) for _ in range(3)]
    assert due[0] == first
    assert [each.reference for each in done if each is not None] == due


def test_one_process_of_several_leaves_heavy_requests_to_the_others(place: Workplace) -> None:
    at_work, heavy, small = place.asked(), place.asked(), place.asked()
    place.heavy_rows = 2
    for _ in range(2):
        place.perform()
    place.heavy_rows = 1000
    assert [place.work(each).heavy for each in (at_work, heavy, small)] == [True, True, False]
    place.begun(at_work)
    for name in ("one", "two"):
        place.lives(name)
    taken = place.perform(heavy=None)
    assert taken is not None
    assert taken.reference == small
    assert place.perform(heavy=None) is None
    place.lives("three")
    taken = place.perform(heavy=None)
    assert taken is not None
    assert taken.reference == heavy


def test_no_more_requests_than_the_register_allows_read_a_source_at_once(place: Workplace) -> None:
    place.changed = at_most(1)
    first, second = place.asked(), place.asked()
    place.begun(first, limits={"main": 1})
    assert place.waits()
    assert place.perform() is None
    assert place.office.listed(second).state is State.VERIFIED
    place.time_passes(LEASE_ENDS)
    done = [place.perform(), place.perform()]
    assert [each.reference for each in done if each is not None] == [first, second]


def test_a_place_comes_free_when_its_request_is_cancelled(place: Workplace) -> None:
    place.changed = at_most(1)
    dead, other = place.asked(), place.asked()
    place.begun(dead, limits={"main": 1})
    assert place.perform() is None
    decide.cancel(place.office.desk("ada"), dead)
    done = place.perform()
    assert done is not None
    assert done.reference == other


def test_where_the_clock_was_set_back_an_attempt_is_dead_when_it_shows_no_sign_for_a_lease(
    place: Workplace,
) -> None:
    reference = place.asked()
    place.begun(reference)
    place.time_passes(timedelta(hours=-1))
    lease = LEASE.total_seconds()
    assert place.perform() is None
    place.steady.now += lease - 1
    assert place.perform() is None
    place.steady.now += 1
    assert place.perform() is not None
    assert place.office.listed(reference).state is State.IN_REVIEW


def test_where_the_clock_was_set_back_an_attempt_that_shows_signs_is_left_alone(place: Workplace) -> None:
    reference = place.asked()
    attempt = place.begun(reference)
    place.time_passes(timedelta(hours=-1))
    for _ in range(4):
        assert place.perform() is None
        place.steady.now += LEASE.total_seconds() - 1
        with writing(place.office.installation.engine) as connection:
            show_sign(connection, reference, None, place.office.now)
            renew_lease(connection, reference, attempt.number, place.office.now + timedelta(hours=1))
    assert place.work(reference).tries == 1


def test_an_attempt_that_lost_its_request_changes_nothing_any_more(place: Workplace) -> None:
    reference = place.asked()
    late = place.begun(reference)
    place.time_passes(LEASE_ENDS)
    taken_over = place.begun(reference)
    before = place.office.rows()
    with pytest.raises(StaleError):
        late.save(PartFacts("a ledger", 1, "0" * 64, "0" * 32))
    draft = {"draft": f"{reference}/1/ledger", "ledger_hash": "0" * 64}
    for action, columns in (
        (Action.SUBMIT, draft),
        (Action.PUBLISH, {}),
        (Action.FAIL, {"failed_step": "collect"}),
    ):
        with pytest.raises(StaleError), place.office.desk("ada").acting() as act:
            late.moved(act, action, **columns)
    for error in (OSError(), WorkStoppedError("stop"), RegisterError("wrong")):
        with pytest.raises(StaleError):
            late.failed(error)
    assert place.office.rows() == before
    taken_over.failed(OSError())
    assert place.work(reference).failure == "OSError"


@pytest.mark.usefixtures("slow_reading")
def test_an_attempt_that_was_overtaken_leaves_the_parts_from_which_the_other_goes_on(
    place: Workplace,
) -> None:
    reference = place.asked()

    class Overtaking(FailingProgress):
        def finished(self, dataset: str, rows: int) -> None:
            if dataset == "extras":
                place.time_passes(LEASE_ENDS)
                place.begun(reference)

    place.progress = Overtaking(OSError())
    place.steady.step = 1.0
    place.perform()
    work = place.work(reference)
    assert work.checkpoint is not None
    assert work.checkpoint in place.office.drafts.names(reference)
    main = counted(place)
    place.progress = FailingProgress(OSError(), times=0)
    place.time_passes(LEASE_ENDS)
    assert place.perform() is not None
    assert place.office.listed(reference).state is State.IN_REVIEW
    assert main.opened == 0


def test_the_stores_are_swept_now_and_then_and_not_for_each_request(office: Office) -> None:
    reference, steady = office.verified(), Steady()
    sweeper, left = Sweeper(every=600.0, steady=steady), f"{reference}/9/data/records"

    def stays_after(seconds: float) -> bool:
        steady.now += seconds
        if left not in office.drafts.names(""):
            office.drafts.put(left, [b"of an attempt that was killed"])
        sweeper.sweep_if_due(office.desk("ada"))
        return left in office.drafts.names("")

    assert [stays_after(seconds) for seconds in (0, 1, 598, 1, 599, 1)] == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]


def test_a_database_that_fails_to_take_a_sign_of_life_ends_no_attempt(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = place.asked()
    place.steady.step = 1.0  # each look is time for a sign

    def unusable(_: object) -> object:
        raise DatabaseUnusableError("the database of requests does not answer")

    monkeypatch.setattr("dsar_export.use_cases.lease.writing", unusable)
    done = place.perform()
    assert done is not None
    assert done.failure is None
    assert place.office.listed(reference).state is State.IN_REVIEW


def test_what_a_killed_command_was_to_do_is_known_to_the_worker_that_goes_on(place: Workplace) -> None:
    reference = place.office.verified()
    options: list[str] = []
    look = CallingProgress(lambda: options.append(place.work(reference).options))
    place.office.collect("ada", reference, look, anew=True)
    assert [json.loads(found) for found in options] == [{"nothing_held_confirmed": False, "anew": True}]


def test_after_a_restored_database_was_accepted_whoever_wants_work_asks_again(place: Workplace) -> None:
    reference = place.asked()
    with place.office.desk("fay").acting() as act:
        assert park_all(act.connection, act.at, "a backup was restored") == 1
    assert place.perform() is None
    place.ask(reference)
    place.perform()
    assert place.office.listed(reference).state is State.IN_REVIEW
