"""What keeps the office itself: its people, its keys, holds, and the erasure of what is past its storage period."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from dsar_export.model.people import Grant, Role
from dsar_export.requests.key_file import read_key_file
from dsar_export.use_cases import staff
from dsar_export.use_cases.hold import end_hold, place_hold
from dsar_export.use_cases.keys import drop_earlier_keys, rotate_keys
from dsar_export.use_cases.purge import purge
from tests.use_cases.machine_rules.every_step import (
    ABOVE,
    ADMINISTRATOR,
    AGENT,
    REVIEWER,
    SOMEBODY,
    WHICH,
    BaseMachine,
)
from tests.use_cases.machine_rules.staff_model import Held
from tests.use_cases.offices import SPOKEN, identifier


class UpkeepRules(BaseMachine):
    """Mostly for administrators."""

    @precondition(lambda self: self.cases)
    @rule(who=st.sampled_from(["ray", "fay", "kim", "ada"]), which=WHICH, days=st.sampled_from([2, 200, 0]))
    def hold(self, who: str, which: int, days: int) -> None:
        """Keeps everything about a request for some days, or no longer."""
        case, desk, now = self.case(which), self.office.desk(who), self.office.now
        until = now + timedelta(days=days)
        allowed = self.handles(who, case, REVIEWER, ADMINISTRATOR)
        if days:
            call: Callable[[], object] = lambda: place_hold(desk, case.reference, until, SPOKEN)  # noqa: E731 - one of two
        else:
            call, allowed = (lambda: end_hold(desk, case.reference)), allowed and case.is_held(now)
        if self.tried(call, allowed=allowed):
            case.hold_until = until if days else None

    @rule(who=ABOVE, later=st.sampled_from([0, 0, 31, 31, 3 * 366]))
    def purge(self, who: str, later: int) -> None:
        """Nothing goes before its period is over, nor what a hold or an open complaint keeps."""
        self.office.now += timedelta(days=later if self.is_administrator(who) else 0)
        desk, register, now = self.office.desk(who), self.office.services.register, self.office.now
        if not self.is_administrator(who):
            self.tried(lambda: purge(desk, register), allowed=False)
            return
        self.looked(lambda: purge(desk, register, dry_run=True), allowed=True)
        free = [case for case in self.cases if not case.is_held(now) and not case.is_complained_about]
        drafts = [case for case in free if case.is_over("drafts", now) and case.leaves_something]
        over = [case for case in free if case.is_over("requests", now)]
        unfetched = [case for case in self.cases if case.is_unfetched(now) and not case.is_held(now)]
        with self.trying(allowed=True, noted=bool(drafts or unfetched)):
            done = purge(desk, register)
        assert {*done.expired} == {case.reference for case in unfetched}
        for case in unfetched:
            case.go("expire", self.office.now)
        assert {*done.drafts} == {case.reference for case in drafts}
        assert {*done.requests} == {case.reference for case in over}
        event(f"purged: {bool(drafts)} {bool(over)}")
        for case in drafts:
            case.draft, case.has_files = None, False
        self.cases = [case for case in self.cases if case not in over]

    @rule(who=ABOVE, goes_on=st.booleans())
    def rotate(self, who: str, *, goes_on: bool) -> None:
        """A process that has read the earlier keys may go on."""
        desk = self.office.desk(who)
        if (
            self.tried(lambda: rotate_keys(desk, self.keys), allowed=self.is_administrator(who))
            and not goes_on
        ):
            self.reopen()

    @rule(who=ABOVE)
    def drop_keys(self, who: str) -> None:
        """Not while a process works that has read the earlier keys."""
        desk, now, held = self.office.desk(who), self.office.now, read_key_file(self.keys)
        earlier = held.column.earlier + held.draft.earlier
        at_work = any(case.lease_until is not None and case.lease_until >= now for case in self.cases)
        allowed = self.is_administrator(who) and bool(earlier) and not at_work
        if self.tried(lambda: drop_earlier_keys(desk, self.keys), allowed=allowed):
            event("keys: dropped")
            self.reopen()

    @rule(who=ABOVE, name=st.sampled_from(["kim", "abe", "nia", "eve", "fay"]), ends=st.booleans(),
          role=st.sampled_from([AGENT, REVIEWER, ADMINISTRATOR]))  # fmt: skip
    def give_role(self, who: str, name: str, role: Role, *, ends: bool) -> None:
        """Somebody is always left who administers."""
        desk, now = self.office.desk(who), self.office.now
        place = "*" if role is ADMINISTRATOR else "acme"
        allowed = self.staff.may(who, now, [ADMINISTRATOR], place) and name in self.staff.names
        if not ends:
            given = Grant(name, place, role, now)
            if self.tried(lambda: staff.give_role(desk, given), allowed=allowed):
                self.staff.grants.append(Held(name, place, role, since=self.office.now))
            return
        last = role is ADMINISTRATOR and self.staff.is_last_administrator(name, now)
        left = [h for h in self.staff.grants if (h.name, h.controller, h.role) != (name, place, role)]
        allowed = allowed and not last and left != self.staff.grants
        if self.tried(lambda: staff.end_role(desk, name, place, role), allowed=allowed):
            self.staff.grants = left

    @rule(who=ABOVE, name=st.sampled_from(["abe", "eve", "rex", "fay"]), adds=st.booleans())
    def add_or_disable(self, who: str, name: str, *, adds: bool) -> None:
        desk, now = self.office.desk(who), self.office.now
        allowed = self.is_administrator(who)
        if adds:
            allowed = allowed and name not in self.staff.names
            if self.tried(lambda: staff.add_colleague(desk, name, 6000), allowed=allowed):
                self.staff.names.add(name)
            return
        allowed = allowed and name in self.staff.names and name != who
        allowed = allowed and not self.staff.is_last_administrator(name, now)
        if self.tried(lambda: staff.disable_colleague(desk, name), allowed=allowed):
            self.staff.disabled.setdefault(name, self.office.now)

    @rule(
        who=SOMEBODY,
        name=st.sampled_from(["ada", "kim", "ray"]),
        own=st.sampled_from(
            [("email=Robin@example.org", "customer_id=C-2"), ("email=Nobody@example.org",), ()]
        ),
    )
    def own_identifiers(self, who: str, name: str, own: tuple[str, ...]) -> None:
        """Whoever is a customer too handles no request about themself from then on."""
        desk, register = self.office.desk(who), self.office.services.register
        allowed = who == name or self.is_administrator(who)
        given = [identifier(text) for text in own]
        if self.tried(lambda: staff.state_own_identifiers(desk, register, name, given), allowed=allowed):
            self.staff.own[name] = frozenset(text.lower() for text in own)
