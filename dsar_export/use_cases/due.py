"""When a request is due, and what moves that day: an extension, and waits for the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from dsar_export.errors import WrongUseError
from dsar_export.model.clock import ClockRules, DueDate, Effect, Ground, Milestones, Pause
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.requests.due_dates import due_date
from dsar_export.requests.packages import first_answers
from dsar_export.requests.pauses import begin_pause, end_pause, pauses_of
from dsar_export.requests.requests import ListedRequest, StoredRequest, request_cell
from dsar_export.requests.states import State
from dsar_export.requests.times import microseconds
from dsar_export.requests.transitions import NOT_ENDED, change
from dsar_export.use_cases.clocks import moment_within, rules_for
from dsar_export.use_cases.desk import Act, Desk

UNANSWERED: Final = NOT_ENDED - {State.AVAILABLE, State.DELIVERED}
"""Where the due day still can be moved; a request that is reissued is in one of them, although it was answered."""
_ASKED: Final = {Ground.IDENTITY: "identity_asked_at", Ground.FEE: "fee_asked_at"}


@dataclass(frozen=True)
class _Clock:
    """A request's clock as it stands in one transaction."""

    rules: ClockRules
    pauses: tuple[Pause, ...]
    due: DueDate
    today: date

    @property
    def open_pause(self) -> Pause | None:
        """The wait that has not ended, of those that do something to the clock."""
        waits = (p for p in self.pauses if self.rules.effect_of(p.ground) is not Effect.NOTHING)
        return next((pause for pause in waits if pause.until is None), None)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.rules.time_zone)

    def day_of(self, moment: datetime) -> date:
        return _local_day(self.rules, moment)


def due_of(desk: Desk, register: Register, reference: str) -> DueDate:
    """When a request is due, for anybody with a role at its controller.

    Of one that was answered or ended, as it was then.
    """
    with desk.looking() as act:
        return due_in(act, register, act.request(reference, Role.AGENT, Role.REVIEWER, Role.AUDITOR))


def due_in(act: Act, register: Register, request: StoredRequest) -> DueDate:
    """The same in a transaction that has read the request."""
    return _clock_of(act, register, request).due


def due_dates(act: Act, register: Register, requests: Sequence[ListedRequest]) -> dict[str, DueDate]:
    """When each of several requests is due, by reference; without those of a controller that left the register.

    Those that were answered or ended as it was then.
    """
    known = [r for r in requests if r.controller in register.organisation.controllers]
    rules = {name: rules_for(register, name) for name in {request.controller for request in known}}
    pauses = pauses_of(act.connection, known)
    answered = first_answers(act.connection, [request.reference for request in known])
    return {
        request.reference: _due(
            request,
            rules[request.controller],
            pauses[request.reference],
            answered.get(request.reference) or request.ended_at or act.at,
        )
        for request in known
    }


def may_extend(desk: Desk, register: Register, reference: str) -> bool:
    """Whether an extension is possible yet: once, and while the person can still be informed of it in time."""
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER, Role.AUDITOR)
        clock = _clock_of(act, register, request)
        return request.listed.extended_at is None and clock.today <= clock.due.latest_to_extend


def extend(desk: Desk, register: Register, reference: str, reason: str) -> None:
    """Extends the time limit, once and while the person can still be informed of it in time."""
    if not reason.strip():
        raise WrongUseError(
            f"{reference}: an extension needs a reason, of which the person is informed; write one"
        )
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        clock = _clock_of(act, register, request)
        if request.listed.extended_at is not None:
            raise WrongUseError(f"{reference} is extended already; that is possible once")
        if clock.today > clock.due.latest_to_extend:
            raise WrongUseError(
                f"{reference} could be extended until {clock.due.latest_to_extend}; answer it as soon as you can"
            )
        cell = request_cell(reference, "extension_reason_sealed")
        _changed(
            act,
            request,
            extended_at=act.at,
            extended_by=desk.person.name,
            extension_reason_sealed=desk.vault.seal(reason, cell),
        )
        act.note("extend", request)


def pause(
    desk: Desk, register: Register, reference: str, ground: Ground, since: datetime | None = None
) -> None:
    """Records that the person was asked for something without which the clock does not run."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        listed, clock = request.listed, _clock_of(act, register, request)
        _refuse_pause(listed, clock, ground)
        asked_at = moment_within(clock.zone, since, (listed.received_at, act.at), "it was asked for")
        columns: dict[str, object] = {}
        if ground in _ASKED:
            columns[_ASKED[ground]] = getattr(listed, _ASKED[ground]) or asked_at
        _changed(act, request, **columns)
        begin_pause(act.connection, reference, Pause(ground, asked_at), desk.person.name)
        act.note("pause", request, ground=ground.value, since=microseconds(asked_at))


def resume(desk: Desk, register: Register, reference: str, until: datetime | None = None) -> None:
    """Records that what was asked for has arrived."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        clock = _clock_of(act, register, request)
        pause = clock.open_pause
        if pause is None:
            raise WrongUseError(f"{reference}: the clock runs, and nothing is awaited; nothing was changed")
        arrived_at = moment_within(clock.zone, until, (pause.since, act.at), "it arrived")
        columns: dict[str, object] = {"fee_paid_at": arrived_at} if pause.ground is Ground.FEE else {}
        _changed(act, request, **columns)
        if not end_pause(act.connection, reference, pause.ground, arrived_at):
            begin_pause(
                act.connection, reference, Pause(pause.ground, pause.since, arrived_at), desk.person.name
            )
        act.note("resume", request, ground=pause.ground.value, until=microseconds(arrived_at))


def _clock_of(act: Act, register: Register, request: StoredRequest) -> _Clock:
    listed = request.listed
    rules = rules_for(register, listed.controller)
    pauses = pauses_of(act.connection, [listed])[listed.reference]
    answered = first_answers(act.connection, [listed.reference]).get(listed.reference)
    due = _due(listed, rules, pauses, answered or listed.ended_at or act.at)
    return _Clock(rules, pauses, due, _local_day(rules, act.at))


def _due(request: ListedRequest, rules: ClockRules, pauses: tuple[Pause, ...], at: datetime) -> DueDate:
    milestones = Milestones(request.received_at, pauses, request.extended_at is not None)
    return due_date(rules, milestones, _local_day(rules, at))


def _local_day(rules: ClockRules, at: datetime) -> date:
    return at.astimezone(ZoneInfo(rules.time_zone)).date()


def _refuse_pause(request: ListedRequest, clock: _Clock, ground: Ground) -> None:
    reference, open_pause = request.reference, clock.open_pause
    if clock.rules.effect_of(ground) is Effect.NOTHING:
        allowed = [g.value for g in Ground if clock.rules.effect_of(g) is not Effect.NOTHING]
        raise WrongUseError(
            f"{reference}: by the rules of {request.controller}, a wait for {ground.value} does not stop the clock; "
            f"one for {', '.join(allowed) or 'nothing'} does"
        )
    if open_pause is not None:
        raise WrongUseError(
            f"{reference} already waits for {open_pause.ground.value}; record that it arrived"
        )
    if ground is Ground.IDENTITY and request.verified_at is not None:
        raise WrongUseError(f"{reference}: the person is verified; nothing is asked for any more")
    if clock.today > clock.due.day:
        raise WrongUseError(f"{reference} was due on {clock.due.day}; nothing stops its clock any more")


def _changed(act: Act, request: StoredRequest, **columns: object) -> None:
    listed = request.listed
    change(act.connection, listed.reference, listed.version, act.at, UNANSWERED, **columns)
