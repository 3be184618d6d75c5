"""Erases what this tool itself keeps about requests, after the storage periods of the register and unless held."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from dsar_export.errors import StaleError, StateError
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.requests import trail
from dsar_export.requests.complaints import complained_about, last_answers, open_complaints
from dsar_export.requests.outbox import erase_mails
from dsar_export.requests.packages import forget_files, packages_of, packages_with_files
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.requests.requests import Filters, ListedRequest, list_requests
from dsar_export.requests.states import ENDED, Action, State
from dsar_export.requests.times import microseconds
from dsar_export.requests.transitions import change, erase_request, move
from dsar_export.use_cases.collect import erase_draft
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.own_periods import OwnPeriods
from dsar_export.use_cases.sweep import packages_on_disk

_AT_ONCE: Final = 100
"""Requests in one transaction, so that colleagues do not wait long."""


@dataclass(frozen=True)
class Purged:
    """What was erased, or would be; requests by their references."""

    drafts: tuple[str, ...]
    """Those whose Draft or packages were erased."""
    requests: tuple[str, ...]
    trail_entries: int
    held: tuple[str, ...]
    """Those of which something is past its period, but a hold keeps it."""
    complained_about: tuple[str, ...] = ()
    """The same, but a complaint that has no answer keeps it."""
    expired: tuple[str, ...] = ()
    """Those that ended because nobody fetched their packages; these go some days later, as after any end."""


def purge(desk: Desk, register: Register, *, dry_run: bool = False) -> Purged:
    """Ends requests that nobody fetched; erases Drafts and packages, then requests, then old entries of the trail.

    A second run finds nothing to do, and one after a crash does the rest: a request goes only when the stores have
    nothing of it any more.
    """
    due = _due(desk, register)
    if dry_run:
        return due
    periods = OwnPeriods(register, desk.clock())
    expired = tuple(_expired(desk, due.expired))
    drafts = tuple(_erased_drafts(desk, due.drafts))
    requests = tuple(_erased_requests(desk, due.requests))
    return Purged(drafts, requests, _pruned(desk, periods), due.held, due.complained_about, expired)


def _due(desk: Desk, register: Register) -> Purged:
    stored = {name.split("/")[0] for name in desk.drafts.names("")}
    stored |= {file["reference"] for file in packages_on_disk(desk)}
    with desk.looking() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        periods = OwnPeriods(register, act.at, last_answers(act.connection))
        everything = list_requests(act.connection, Filters(frozenset(State)))
        kept = {*stored, *packages_with_files(act.connection)}
        parts = {r.reference for r in everything if r.draft or r.reference in kept}
        drafts = [r for r in everything if periods.draft_is_over(r) and r.reference in parts]
        rows = [r for r in everything if periods.request_is_over(r)]
        unfetched = [r.reference for r in everything if _is_unfetched(act, periods, r)]
        over = {r.reference for r in (*drafts, *rows)}
        held = {r.reference for r in (*drafts, *rows) if r.held_at(act.at)}
        waiting = over & complained_about(open_complaints(act.connection))
        going = {r.reference for r in rows} - held - waiting
        cut = periods.trail_before(r for r in everything if r.reference not in going)
        entries = trail.prunable(act.connection, microseconds(cut))
    free = tuple(r.reference for r in drafts if r.reference not in held | waiting)
    return Purged(
        free, tuple(sorted(going)), entries, tuple(sorted(held)), tuple(sorted(waiting)), tuple(unfetched)
    )


def _is_unfetched(act: Act, periods: OwnPeriods, request: ListedRequest) -> bool:
    if request.state is not State.AVAILABLE or request.held_at(act.at):
        return False
    published = packages_of(act.connection, [request.reference]).get(request.reference, ())
    return bool(published) and periods.is_unfetched(request, max(each.published_at for each in published))


def _expired(desk: Desk, references: Sequence[str]) -> Iterator[str]:
    for reference in references:
        with suppress(StateError, StaleError), desk.acting() as act:  # it was fetched meanwhile
            wanted = Filters(frozenset({State.AVAILABLE}), references=frozenset({reference}))
            for request in list_requests(act.connection, wanted):
                move(act.connection, reference, request.version, Action.EXPIRE, act.at)
                act.append("expire", reference, request.controller, {})
                yield reference


def _erased_drafts(desk: Desk, references: Sequence[str]) -> Iterator[str]:
    """Forgets the Draft's key, then erases its parts and the packages; the hashes stay as proof of what was sent."""
    gone = {"draft": None, "draft_key_sealed": None}
    for some in _batches(references):
        with desk.acting() as act:
            found = _not_kept(act, some)
            named = packages_with_files(act.connection)
            for request in (r for r in found if r.draft or r.reference in named):
                change(act.connection, request.reference, request.version, act.at, ENDED, **gone)
                forget_files(act.connection, request.reference)
                act.append("erase_draft", request.reference, request.controller, {})
        on_disk = packages_on_disk(desk)
        for request in found:
            erase_draft(desk.drafts, request.reference)
            for package in (p for p in on_disk if p["reference"] == request.reference):
                desk.packages.delete(package.string)
            yield request.reference


def _erased_requests(desk: Desk, references: Sequence[str]) -> Iterator[str]:
    for some in _batches(references):
        with desk.acting() as act:
            found = _not_kept(act, some)
            for request in found:
                erase_request(act.connection, request.reference, request.version)
                act.append("erase_request", request.reference, request.controller, {})
        yield from (request.reference for request in found)


def _pruned(desk: Desk, periods: OwnPeriods) -> int:
    with desk.acting() as act:
        remaining = list_requests(act.connection, Filters(frozenset(State)))
        before = microseconds(periods.trail_before(remaining))
        if mails := erase_mails(act.connection, periods.mail_before()):
            act.append("erase_mail", None, None, {"entries": mails})
        if not trail.prunable(act.connection, before):
            return 0
        pruned = trail.prune(act.connection, desk.keys.trail, before)
        act.append("prune_trail", None, None, {"entries": pruned})
    return pruned


def _not_kept(act: Act, references: frozenset[str]) -> list[ListedRequest]:
    """Somebody may have put one on hold, or complained, since it was found due."""
    waiting = complained_about(open_complaints(act.connection))
    found = list_requests(act.connection, Filters(ENDED, references=references - waiting))
    return [request for request in found if not request.held_at(act.at)]


def _batches(references: Sequence[str]) -> Iterator[frozenset[str]]:
    for start in range(0, len(references), _AT_ONCE):
        yield frozenset(references[start : start + _AT_ONCE])
