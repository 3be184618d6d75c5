"""Asks workers to collect or build: first the row is committed, then a worker is woken."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dsar_export.export.ledger import Ledger
from dsar_export.interfaces import Waker
from dsar_export.model.clock import DueDate
from dsar_export.model.register import Register
from dsar_export.model.work import Task, Work
from dsar_export.requests import work as queue
from dsar_export.requests.states import TRANSITIONS, Action
from dsar_export.requests.transitions import pass_attempts, require_possible
from dsar_export.use_cases.attempt import HEAVY_ROWS, ROLES
from dsar_export.use_cases.build_request import refuse_changed
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.desk import Desk, draft_of
from dsar_export.use_cases.due import due_in
from dsar_export.use_cases.mandates import refuse_ended_mandate
from dsar_export.use_cases.report_choices import ReportOptions
from dsar_export.use_cases.services import known_controller
from dsar_export.use_cases.undecided_terms import refuse_undecided_request


@dataclass(frozen=True)
class Asked:
    """What was asked, and whether a worker was woken for it."""

    work: Work
    woken: bool


def ask_to_collect(
    desk: Desk, register: Register, reference: str, order: CollectOrder, waker: Waker
) -> Asked:
    """Has a worker collect a request; StateError if that is not possible now."""
    return _asked(desk, register, reference, Task.COLLECT, order, waker)


def ask_to_build(
    desk: Desk, register: Register, reference: str, options: ReportOptions, waker: Waker
) -> Asked:
    """Has a worker build the packages of a request; StateError if that is not possible now."""
    return _asked(desk, register, reference, Task.BUILD, options, waker)


def collect_order(work: Work) -> CollectOrder:
    """What was chosen when it was asked."""
    return CollectOrder(**json.loads(work.options))


def report_options(work: Work) -> ReportOptions:
    """What was chosen when it was asked."""
    return ReportOptions(**json.loads(work.options))


def _asked(
    desk: Desk,
    register: Register,
    reference: str,
    task: Task,
    options: CollectOrder | ReportOptions,
    waker: Waker,
) -> Asked:
    with desk.acting() as act:
        request = act.request(reference, *ROLES[task])
        listed = request.listed
        require_possible(act.connection, reference, listed.version, Action(task.value), act.at)
        refuse_ended_mandate(request, act.at)
        if task is Task.BUILD:
            refuse_changed(desk, act, request)
        else:
            refuse_undecided_request(register, request)
        heavy = task is Task.BUILD and _rows(draft_of(desk, request).ledger) > HEAVY_ROWS
        due = due_in(act, register, request)
        due_at = _end_of(due, ZoneInfo(known_controller(register, listed.controller).time_zone))
        work = Work(reference, task, desk.person.name, act.at, due_at, json.dumps(vars(options)), heavy)
        if listed.state is TRANSITIONS[Action(task.value)].target:  # a frozen attempt writes nothing any more
            pass_attempts(act.connection, reference, listed.attempt + 1, act.at)
        queue.ask(act.connection, work, anew=isinstance(options, CollectOrder) and options.anew)
        act.note("ask", request, step=task.value)
    return Asked(work, waker.wake(reference, heavy=work.heavy))


def _rows(ledger: Ledger) -> int:
    return sum(entry.tally.read for entry in ledger.datasets.values())


def _end_of(due: DueDate, zone: ZoneInfo) -> datetime:
    return datetime.combine(due.day + timedelta(days=1), time(), zone)
