"""`purge` keeps the storage periods of the tool's own data, and a hold defers it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.people import Person, Role
from dsar_export.requests.database import reading
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.requests.states import State
from dsar_export.requests.tables import DECISIONS, IDENTIFIERS, NOTES
from dsar_export.requests.trail import entries, verify
from dsar_export.use_cases.decide import cancel, note, refuse
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.hold import end_hold, place_hold
from dsar_export.use_cases.purge import Purged, purge
from tests.offices import Office
from tests.replacing import replace

NOTHING = Purged((), (), 0, ())


@dataclass(frozen=True)
class Interrupted(FolderStore):
    """A store whose process is stopped when it first deletes."""

    def delete(self, name: str) -> None:
        raise KeyboardInterrupt


def references(desk: Desk) -> list[str]:
    with reading(desk.engine) as connection:
        return [r.reference for r in list_requests(connection, Filters(frozenset(State)))]


def actions(desk: Desk) -> list[object]:
    with reading(desk.engine) as connection:
        return [entry.values["action"] for entry in entries(connection)]


def passes(desk: Desk) -> bool:
    with reading(desk.engine) as connection:
        return verify(connection, desk.keys.trail, desk.anchor).passed


def test_a_draft_goes_thirty_days_after_the_end_and_the_request_after_three_years(office: Office) -> None:
    desk = office.desk()
    reference = office.cancelled(desk)
    note(desk, reference, "a note")
    office.days_pass(30)
    assert purge(desk, office.register) == NOTHING
    assert len(office.parts(reference)) == 3
    office.days_pass(1)
    assert purge(desk, office.register) == replace(NOTHING, drafts=(reference,))
    assert office.parts() == []
    office.days_pass(3 * 366)
    assert purge(desk, office.register) == replace(NOTHING, requests=(reference,))
    assert references(desk) == []
    with reading(desk.engine) as connection:
        for table in (IDENTIFIERS, DECISIONS, NOTES):
            assert connection.execute(table.select()).all() == []
    assert actions(desk)[-2:] == ["erase_draft", "erase_request"]
    assert passes(desk)


def test_a_second_purge_finds_nothing_and_writes_nothing(office: Office) -> None:
    desk = office.desk()
    office.cancelled(desk)
    office.days_pass(31)
    purge(desk, office.register)
    seen = actions(desk)
    assert purge(desk, office.register) == NOTHING
    assert actions(desk) == seen


def test_the_trail_is_pruned_after_its_period_and_still_verifies(office: Office) -> None:
    desk = office.desk()
    reference = office.cancelled(desk)
    count = len(actions(desk))
    office.days_pass(6 * 366)
    found = purge(desk, office.register)
    assert found == Purged((reference,), (reference,), count, ())
    assert actions(desk) == ["erase_draft", "erase_request", "prune_trail"]
    assert passes(desk)


def test_the_trail_of_a_request_that_is_still_here_stays_with_it(office: Office) -> None:
    desk = office.desk()
    office.opened(desk)
    office.days_pass(7 * 366)
    assert purge(desk, office.register, dry_run=True) == NOTHING
    assert purge(desk, office.register) == NOTHING
    assert actions(desk) == ["open"]


def test_a_hold_that_comes_during_a_purge_still_counts(office: Office) -> None:
    desk, colleague = office.desk(), office.desk()
    reference = office.cancelled(desk)
    office.days_pass(4 * 366)
    moments = iter([office.now])  # for what looks at what is due

    def clock() -> datetime:
        if (at := next(moments, None)) is not None:
            return at
        if "hold" not in actions(colleague):
            place_hold(colleague, reference, office.now + timedelta(days=1), "a lawsuit")
        return office.now

    found = purge(replace(desk, clock=clock), office.register)
    assert (found.drafts, found.requests) == ((), ())
    assert len(office.parts(reference)) == 3
    assert references(desk) == [reference]


def test_the_register_sets_the_periods_of_each_controller(office: Office) -> None:
    desk = office.desk()
    reference = office.cancelled(desk)
    office.days_pass(2)
    register = office.keeps(drafts="P10D", requests="P1D", trail="P1D")
    found = purge(desk, register)
    assert (found.drafts, found.requests) == ((reference,), (reference,))
    assert office.parts() == []
    assert found.trail_entries > 0


def test_a_dry_run_counts_the_same_and_changes_nothing(office: Office) -> None:
    desk = office.desk()
    office.cancelled(desk)
    office.days_pass(6 * 366)
    before = (references(desk), actions(desk), office.parts())
    planned = purge(desk, office.register, dry_run=True)
    assert (references(desk), actions(desk), office.parts()) == before
    assert purge(desk, office.register) == planned


def test_a_request_that_has_not_ended_is_never_purged(office: Office) -> None:
    desk = office.desk()
    reference = office.collected(desk)
    office.days_pass(20 * 366)
    assert purge(desk, office.register) == NOTHING
    assert references(desk) == [reference]
    assert len(office.parts(reference)) == 3


def test_a_hold_defers_until_it_ends(office: Office) -> None:
    desk = office.desk()
    reference = office.cancelled(desk)
    place_hold(desk, reference, office.now + timedelta(days=4 * 366), "a lawsuit")
    office.days_pass(4 * 365)
    assert purge(desk, office.register, dry_run=True) == replace(NOTHING, held=(reference,))
    assert purge(desk, office.register) == replace(NOTHING, held=(reference,))
    assert len(office.parts(reference)) == 3
    office.days_pass(5)
    found = purge(desk, office.register)
    assert (found.drafts, found.requests, found.held) == ((reference,), (reference,), ())


def test_a_hold_that_was_ended_defers_no_longer(office: Office) -> None:
    desk = office.desk()
    reference = office.cancelled(desk)
    place_hold(desk, reference, office.now + timedelta(days=400), "a lawsuit")
    office.days_pass(31)
    end_hold(desk, reference)
    assert purge(desk, office.register).drafts == (reference,)
    assert actions(desk)[-3:] == ["hold", "end_hold", "erase_draft"]


@pytest.mark.parametrize("ends", [cancel, lambda desk, ref: refuse(desk, ref, "manifestly unfounded")])
def test_under_a_hold_the_end_of_a_request_leaves_its_draft(office: Office, ends: object) -> None:
    assert callable(ends)
    desk = office.desk()
    reference = office.collected(desk)
    place_hold(desk, reference, office.now + timedelta(days=2), "a lawsuit")
    ends(desk, reference)
    assert len(office.parts(reference)) == 3
    office.days_pass(31)
    assert purge(desk, office.register).drafts == (reference,)
    assert office.parts() == []


def test_the_reason_of_a_hold_is_sealed(office: Office) -> None:
    desk = office.desk()
    reference = office.opened(desk)
    place_hold(desk, reference, office.now + timedelta(days=2), "a lawsuit")
    with desk.looking() as act:
        found = act.request(reference, Role.REVIEWER)
        assert found.hold_reason == "a lawsuit"
        assert found.listed.held_at(office.now)
    with reading(desk.engine) as connection:
        assert b"a lawsuit" not in repr(connection.exec_driver_sql("SELECT * FROM requests").all()).encode()


@pytest.mark.parametrize(
    ("days", "reason", "advice"), [(0, "a lawsuit", "ends in the future"), (3, " \n", "needs a reason")]
)
def test_a_hold_has_a_reason_and_an_end_that_comes(
    office: Office, days: int, reason: str, advice: str
) -> None:
    desk = office.desk()
    reference = office.opened(desk)
    with pytest.raises(WrongUseError, match=advice):
        place_hold(desk, reference, office.now + timedelta(days=days), reason)
    with pytest.raises(WrongUseError, match="is on no hold"):
        end_hold(desk, reference)
    assert actions(desk) == ["open"]


def test_only_an_administrator_of_all_controllers_purges(office: Office) -> None:
    stranger = replace(office.desk(), person=Person("robin", None))
    with pytest.raises(NotPermittedError, match="robin is no administrator"):
        purge(stranger, office.register, dry_run=True)
    with pytest.raises(NotPermittedError, match="robin is no reviewer"):
        place_hold(stranger, office.opened(office.desk()), office.now + timedelta(days=1), "a lawsuit")


def test_a_purge_that_was_cut_short_is_made_up_for(office: Office) -> None:
    desk = office.desk()
    reference = office.cancelled(desk)
    office.days_pass(31)
    with pytest.raises(KeyboardInterrupt):
        purge(replace(desk, drafts=Interrupted(office.settings.drafts)), office.register)
    assert len(office.parts(reference)) == 3  # the key is forgotten, the parts are still there
    assert purge(desk, office.register).drafts == (reference,)
    assert office.parts() == []
    assert purge(desk, office.register) == NOTHING
