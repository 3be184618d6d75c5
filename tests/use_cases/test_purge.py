"""`purge` keeps the storage periods of the tool's own data, and a hold defers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.errors import NotPermittedError, StaleError, WrongUseError
from dsar_export.model.complaint import NewComplaint
from dsar_export.model.mail import Mail, MailKind
from dsar_export.model.people import Person, Role
from dsar_export.model.refusal import Refusal
from dsar_export.requests.complaints import open_complaints
from dsar_export.requests.database import reading, writing
from dsar_export.requests.outbox import end_overdue
from dsar_export.requests.packages import Packages, packages_of
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.requests.states import Action, State
from dsar_export.requests.tables import COMPLAINTS, DECISIONS, IDENTIFIERS, NOTES
from dsar_export.requests.trail import entries, verify
from dsar_export.requests.transitions import erase_request, move
from dsar_export.use_cases.complaining import acknowledge, answer, complain
from dsar_export.use_cases.decide import cancel, note
from dsar_export.use_cases.desk import Desk, draft_of
from dsar_export.use_cases.hold import end_hold, place_hold
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.post import mails_here, post_mail
from dsar_export.use_cases.purge import Purged, purge
from dsar_export.use_cases.refusing import refuse
from tests.replacing import replace
from tests.sites import Site

PARTS = 4
"""Those of a Draft in this world: one dataset, earlier requests, the register and the ledger."""
NOTHING = Purged((), (), 0, ())


@dataclass(frozen=True)
class Interrupted(FolderStore):
    """A store whose process is stopped when it first deletes."""

    def delete(self, name: str) -> None:
        raise KeyboardInterrupt


@dataclass(frozen=True)
class Meanwhile(FolderStore):
    """A store that calls somebody when it deletes: who else may be at work then."""

    calls: Callable[[], object] = field(kw_only=True)

    def delete(self, name: str) -> None:
        self.calls()
        super().delete(name)


def references(desk: Desk) -> list[str]:
    with reading(desk.engine) as connection:
        return [r.reference for r in list_requests(connection, Filters(frozenset(State)))]


def actions(desk: Desk) -> list[object]:
    with reading(desk.engine) as connection:
        return [entry.values["action"] for entry in entries(connection)]


def passes(desk: Desk) -> bool:
    with reading(desk.engine) as connection:
        return verify(connection, desk.keys.trail, desk.anchor).passed


def packages(desk: Desk, reference: str) -> Packages:
    with reading(desk.engine) as connection:
        return packages_of(connection).get(reference, ())


def expired(desk: Desk, reference: str) -> str:
    """The same request once nobody fetched its packages in time."""
    with desk.acting() as act:
        version = act.request(reference, Role.AGENT).listed.version
        move(act.connection, reference, version, Action.EXPIRE, act.at)
    return reference


def test_a_draft_goes_thirty_days_after_the_end_and_the_request_after_three_years(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    note(desk, reference, "a note")
    site.days_pass(30)
    assert purge(desk, site.register) == NOTHING
    assert len(site.parts(reference)) == PARTS
    site.days_pass(1)
    assert purge(desk, site.register) == replace(NOTHING, drafts=(reference,))
    assert site.parts() == []
    site.days_pass(3 * 366)
    assert purge(desk, site.register) == replace(NOTHING, requests=(reference,))
    assert references(desk) == []
    with reading(desk.engine) as connection:
        for table in (IDENTIFIERS, DECISIONS, NOTES):
            assert connection.execute(table.select()).all() == []
    assert actions(desk)[-2:] == ["erase_draft", "erase_request"]
    assert passes(desk)


def test_packages_go_with_the_draft_and_their_hashes_stay_as_proof(site: Site) -> None:
    desk = site.desk()
    reference = expired(desk, site.available(desk))
    before = packages(desk, reference)
    assert {package.file for package in before} == set(desk.packages.names(""))
    site.days_pass(31)
    assert purge(desk, site.register) == replace(NOTHING, drafts=(reference,))
    assert (site.parts(), list(desk.packages.names(""))) == ([], [])
    assert packages(desk, reference) == tuple(replace(package, file=None) for package in before)
    assert len(before) == 2
    assert purge(desk, site.register) == NOTHING


def test_packages_that_nobody_fetched_expire_after_ninety_days_and_go_thirty_days_later(site: Site) -> None:
    desk = site.desk()
    reference = site.available(desk)
    site.days_pass(90)
    assert purge(desk, site.register) == NOTHING
    site.days_pass(1)
    assert purge(desk, site.register, dry_run=True) == replace(NOTHING, expired=(reference,))
    assert purge(desk, site.register) == replace(NOTHING, expired=(reference,))
    assert request_file(desk, reference).request.listed.state is State.EXPIRED
    assert actions(desk)[-1] == "expire"
    assert purge(desk, site.register) == NOTHING
    site.days_pass(31)
    assert purge(desk, site.register) == replace(NOTHING, drafts=(reference,))
    assert list(desk.packages.names("")) == []


def test_a_hold_keeps_packages_that_nobody_fetched(site: Site) -> None:
    desk = site.desk()
    reference = site.available(desk)
    place_hold(desk, reference, site.now + timedelta(days=400), "a lawsuit")
    site.days_pass(91)
    assert purge(desk, site.register) == NOTHING


def test_packages_that_a_crash_left_go_with_the_next_purge(site: Site) -> None:
    desk = site.desk()
    reference = expired(desk, site.available(desk))
    site.days_pass(31)
    left = {file: file.read_bytes() for file in desk.workspace.iterdir()}
    purge(desk, site.register)
    for file, content in left.items():
        file.write_bytes(content)
    assert purge(desk, site.register) == replace(NOTHING, drafts=(reference,))
    assert list(desk.workspace.iterdir()) == []


def test_a_second_purge_finds_nothing_and_writes_nothing(site: Site) -> None:
    desk = site.desk()
    site.cancelled(desk)
    site.days_pass(31)
    purge(desk, site.register)
    seen = actions(desk)
    assert purge(desk, site.register) == NOTHING
    assert actions(desk) == seen


def test_the_trail_is_pruned_after_its_period_and_still_verifies(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    count = len(actions(desk))
    site.days_pass(6 * 366)
    found = purge(desk, site.register)
    assert found == Purged((reference,), (reference,), count, ())
    assert actions(desk) == ["erase_draft", "erase_request", "prune_trail"]
    assert passes(desk)


def test_the_trail_of_a_request_that_is_still_here_stays_with_it(site: Site) -> None:
    desk = site.desk()
    site.opened(desk)
    site.days_pass(7 * 366)
    assert purge(desk, site.register, dry_run=True) == NOTHING
    assert purge(desk, site.register) == NOTHING
    assert actions(desk) == ["open"]


def test_mail_goes_with_its_request_and_other_mail_after_the_longest_period(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    with desk.acting() as act:
        for about in (reference, None):
            post_mail(act, Mail("sam@example.org", "s", "t", "en"), MailKind.NOTICE, about)
    site.days_pass(9)
    with writing(desk.engine) as connection:
        assert len(end_overdue(connection, site.now)) == 2
    site.days_pass(3 * 365 - 30)
    purge(desk, site.register)
    assert len(mails_here(desk)) == 2
    site.days_pass(60)
    purge(desk, site.register)
    assert mails_here(desk) == ()
    assert actions(desk)[-1] == "erase_mail"


def test_a_hold_that_comes_during_a_purge_still_counts(site: Site) -> None:
    desk, colleague = site.desk(), site.desk()
    reference = site.cancelled(desk)
    site.days_pass(4 * 366)
    moments = iter([site.now])  # for what looks at what is due

    def clock() -> datetime:
        if (at := next(moments, None)) is not None:
            return at
        if actions(colleague)[-1] != "hold":
            place_hold(colleague, reference, site.now + timedelta(days=1), "a lawsuit")
        return site.now

    found = purge(replace(desk, clock=clock), site.register)
    assert (found.drafts, found.requests) == ((), ())
    assert len(site.parts(reference)) == PARTS
    assert references(desk) == [reference]


def test_the_register_sets_the_periods_of_each_controller(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    site.days_pass(2)
    register = site.keeps(drafts="P10D", requests="P1D", trail="P1D")
    found = purge(desk, register)
    assert (found.drafts, found.requests) == ((reference,), (reference,))
    assert site.parts() == []
    assert found.trail_entries > 0


def test_a_dry_run_counts_the_same_and_changes_nothing(site: Site) -> None:
    desk = site.desk()
    site.cancelled(desk)
    site.days_pass(6 * 366)
    before = (references(desk), actions(desk), site.parts())
    planned = purge(desk, site.register, dry_run=True)
    assert (references(desk), actions(desk), site.parts()) == before
    assert purge(desk, site.register) == planned


def test_a_request_that_has_not_ended_is_never_purged(site: Site) -> None:
    desk = site.desk()
    reference = site.collected(desk)
    site.days_pass(20 * 366)
    assert purge(desk, site.register) == NOTHING
    assert references(desk) == [reference]
    assert len(site.parts(reference)) == PARTS


def test_a_hold_defers_until_it_ends(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    place_hold(desk, reference, site.now + timedelta(days=4 * 366), "a lawsuit")
    site.days_pass(4 * 365)
    assert purge(desk, site.register, dry_run=True) == replace(NOTHING, held=(reference,))
    assert purge(desk, site.register) == replace(NOTHING, held=(reference,))
    assert len(site.parts(reference)) == PARTS
    site.days_pass(5)
    found = purge(desk, site.register)
    assert (found.drafts, found.requests, found.held) == ((reference,), (reference,), ())


def test_a_hold_that_was_ended_defers_no_longer(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    place_hold(desk, reference, site.now + timedelta(days=400), "a lawsuit")
    site.days_pass(31)
    end_hold(desk, reference)
    assert purge(desk, site.register).drafts == (reference,)
    assert actions(desk)[-3:] == ["hold", "end_hold", "erase_draft"]


@pytest.mark.parametrize("ends", [cancel, lambda desk, ref: refuse(desk, ref, Refusal("unfounded", "no"))])
def test_under_a_hold_the_end_of_a_request_leaves_its_draft(site: Site, ends: object) -> None:
    assert callable(ends)
    desk = site.desk()
    reference = site.collected(desk)
    place_hold(desk, reference, site.now + timedelta(days=2), "a lawsuit")
    ends(desk, reference)
    assert len(site.parts(reference)) == PARTS
    assert draft_of(desk, request_file(desk, reference).request).page("records", 0, 1)
    site.days_pass(31)
    assert purge(desk, site.register).drafts == (reference,)
    assert site.parts() == []


def test_the_reason_of_a_hold_is_sealed(site: Site) -> None:
    desk = site.desk()
    reference = site.opened(desk)
    place_hold(desk, reference, site.now + timedelta(days=2), "a lawsuit")
    with desk.looking() as act:
        found = act.request(reference, Role.REVIEWER)
        assert found.hold_reason == "a lawsuit"
        assert found.listed.held_at(site.now)
    with reading(desk.engine) as connection:
        assert b"a lawsuit" not in repr(connection.exec_driver_sql("SELECT * FROM requests").all()).encode()


@pytest.mark.parametrize(
    ("days", "reason", "advice"), [(0, "a lawsuit", "ends in the future"), (3, " \n", "needs a reason")]
)
def test_a_hold_has_a_reason_and_an_end_that_comes(site: Site, days: int, reason: str, advice: str) -> None:
    desk = site.desk()
    reference = site.opened(desk)
    with pytest.raises(WrongUseError, match=advice):
        place_hold(desk, reference, site.now + timedelta(days=days), reason)
    with pytest.raises(WrongUseError, match="is on no hold"):
        end_hold(desk, reference)
    assert actions(desk) == ["open"]


def test_only_an_administrator_of_all_controllers_purges(site: Site) -> None:
    stranger = replace(site.desk(), person=Person("robin", None))
    with pytest.raises(NotPermittedError, match="robin is no administrator"):
        purge(stranger, site.register, dry_run=True)
    with pytest.raises(NotPermittedError, match="robin is no reviewer"):
        place_hold(stranger, site.opened(site.desk()), site.now + timedelta(days=1), "a lawsuit")


def test_a_purge_that_was_cut_short_is_made_up_for(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    site.days_pass(31)
    with pytest.raises(KeyboardInterrupt):
        purge(replace(desk, drafts=Interrupted(site.settings.drafts)), site.register)
    assert len(site.parts(reference)) == PARTS  # the key is forgotten, the parts are still there
    assert purge(desk, site.register).drafts == (reference,)
    assert site.parts() == []
    assert purge(desk, site.register) == NOTHING


def test_a_complaint_without_an_answer_keeps_its_request_with_draft_and_packages(site: Site) -> None:
    desk = site.desk()
    reference = expired(desk, site.available(desk))
    complain(desk, site.register, reference, NewComplaint("a page is missing"))
    for days in (31, 3 * 366):
        site.days_pass(days)
        for dry_run in (True, False):
            found = purge(desk, site.register, dry_run=dry_run)
            assert found == replace(NOTHING, complained_about=(reference,))
    assert len(desk.packages.names("")) == 2
    with desk.acting() as act:  # past all looks at complaints, the statement itself refuses
        version = act.request(reference, Role.AGENT).listed.version
        with pytest.raises(StaleError):
            erase_request(act.connection, reference, version)
    acknowledge(desk, site.register, reference)
    assert purge(desk, site.register) == replace(NOTHING, complained_about=(reference,))


def test_an_answered_complaint_goes_with_its_request(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    complain(desk, site.register, reference, NewComplaint("too slow"))
    answer(desk, reference, "we are sorry")
    site.days_pass(3 * 366)
    assert purge(desk, site.register, dry_run=True).requests == (reference,)
    assert purge(desk, site.register).requests == (reference,)
    with reading(desk.engine) as connection:
        assert connection.execute(COMPLAINTS.select()).all() == []


def test_the_periods_count_from_the_last_answer_to_a_complaint(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    other = site.cancelled(desk)
    site.days_pass(20)
    for _ in range(2):
        complain(desk, site.register, reference, NewComplaint("too slow"))
    answer(desk, reference, "we are sorry", 2)
    site.days_pass(10)
    answer(desk, reference, "we are sorry", 1)
    site.days_pass(30)
    assert purge(desk, site.register).drafts == (other,)
    site.days_pass(1)
    assert purge(desk, site.register).drafts == (reference,)
    site.days_pass(3 * 366 - 61)  # three years after the end, but not after the answer
    assert purge(desk, site.register).requests == (other,)
    site.days_pass(61)
    assert purge(desk, site.register).requests == (reference,)


def test_an_answer_before_the_end_shortens_no_period(site: Site) -> None:
    desk = site.desk()
    reference = site.opened(desk)
    complain(desk, site.register, reference, NewComplaint("too slow"))
    answer(desk, reference, "we are sorry")
    site.days_pass(20)
    cancel(desk, reference)
    site.days_pass(3 * 366 - 10)  # three years after the answer, but not after the end
    assert purge(desk, site.register).requests == ()
    site.days_pass(10)
    assert purge(desk, site.register).requests == (reference,)


def test_a_complaint_that_arrives_during_a_purge_still_keeps_its_request(site: Site) -> None:
    desk = site.desk()
    reference = site.cancelled(desk)
    site.days_pass(3 * 366)

    def complained() -> None:
        with desk.looking() as act:
            if open_complaints(act.connection):
                return
        complain(desk, site.register, reference, NewComplaint("a page is missing"))

    store = Meanwhile(site.settings.drafts, calls=complained)
    assert purge(replace(desk, drafts=store), site.register).requests == ()
    assert references(desk) == [reference]
