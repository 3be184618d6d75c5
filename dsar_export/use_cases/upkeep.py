"""What administrators do with the whole database: upgrade it, and accept one that was restored from a backup."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dsar_export import VERSION
from dsar_export.errors import StateError
from dsar_export.interfaces import Clock
from dsar_export.model.people import Role
from dsar_export.requests import trail
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation, begin_epoch
from dsar_export.requests.migrations import newest_revision, revision, upgrade
from dsar_export.requests.outbox import doubt_all
from dsar_export.requests.people import EVERY_CONTROLLER, person_of_uid, require
from dsar_export.requests.requests import requests_at_work
from dsar_export.requests.times import microseconds
from dsar_export.requests.transitions import pass_attempts, void_passphrases
from dsar_export.requests.work import park_all
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.post import note_end
from dsar_export.use_cases.webhooks import stop_all_webhooks


@dataclass(frozen=True)
class Upgrade:
    """The revisions of the database before and after; the same if there was nothing to do."""

    before: str
    after: str


def upgrade_database(installation: Installation, anchor: Path, uid: int, clock: Clock) -> Upgrade:
    """Brings the tables to this version, in one transaction: an error, also a missing role, leaves all as it was."""
    before, after = str(revision(installation.engine)), newest_revision()
    if before == after:
        return Upgrade(before, after)
    with writing(installation.engine) as connection:
        trail.take_turn(connection)
        upgrade(connection)
        at = clock()
        person = person_of_uid(connection, uid)
        require(connection, person.name, EVERY_CONTROLLER, Role.ADMINISTRATOR, at)
        if working := requests_at_work(connection, at):
            raise StateError(
                f"a process of the earlier version works on {', '.join(working)}; upgrade when it has ended"
            )
        happening = trail.Happening(
            microseconds(at), person.name, "upgrade_database", details={"software": VERSION}
        )
        trail.append(connection, installation.keys.trail, happening)
    with reading(installation.engine) as connection:
        trail.advance(connection, installation.keys.trail, anchor)
    return Upgrade(before, after)


def accept_restored(desk: Desk, verdict: trail.Verdict) -> int:
    """Begins a new epoch after a restore, and puts the anchor at the trail's end; returns how many requests moved on.

    The store may have Draft parts from after the backup. A request whose next attempt would have the name of such
    parts gets a later number.
    """
    latest = _latest_attempts(desk.drafts.names(""))
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        begin_epoch(act.connection, act.at)
        void_passphrases(act.connection)
        park_all(act.connection, act.at, "a backup was restored; see what became of it since, then ask again")
        for mail in doubt_all(act.connection, act.at):
            note_end(act, mail.reference, mail.controller, mail.kind, mail.state)
        stop_all_webhooks(act)
        moved = sum(
            pass_attempts(act.connection, reference, last, act.at) for reference, last in latest.items()
        )
        fault = None if verdict.fault is None else verdict.fault.value
        act.append("restore_database", None, None, {"requests": moved}, fault)
    with reading(desk.engine) as connection:
        trail.place(connection, desk.keys.trail, desk.anchor)
    return moved


def _latest_attempts(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for reference, attempt, *_ in (name.split("/") for name in names if name.count("/") > 1):
        if attempt.isdigit():
            found[reference] = max(found.get(reference, 0), int(attempt))
    return found
