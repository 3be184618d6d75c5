"""Looks whether everything about requests fits together, and finds what to do where it does not."""

import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from dsar_export.errors import DsarExportError
from dsar_export.model.draft import attempt_folder, attempt_of
from dsar_export.model.work import Work
from dsar_export.requests import trail
from dsar_export.requests.database import file_of, reading
from dsar_export.requests.installation import open_existing, require_own_keys
from dsar_export.requests.key_file import KeyFile, read_key_file
from dsar_export.requests.migrations import newest_revision, require_current
from dsar_export.requests.outbox import TRIED, list_mails
from dsar_export.requests.packages import Packages, packages_with_files
from dsar_export.requests.people import person_of_uid
from dsar_export.requests.requests import Filters, ListedRequest, list_requests
from dsar_export.requests.states import AT_WORK, ENDED, State
from dsar_export.requests.times import moment
from dsar_export.requests.work import works
from dsar_export.requests.workers import somebody_lives
from dsar_export.sealing.workspace import writing
from dsar_export.use_cases.premises import Premises, Stored

_PROBE: Final = b"dsar-export doctor"
_OTHERS: Final = 0o007
_SHOWN: Final = 5
_MAIL_LATE: Final = timedelta(hours=1)


class _ProblemError(DsarExportError):
    """What a check found, with what to do."""


@dataclass(frozen=True)
class Check:
    """What was looked at and what was found; a problem comes with what to do."""

    name: str
    passed: bool
    finding: str


@dataclass(frozen=True)
class Diagnosis:
    """All checks, and what a backup must hold."""

    checks: tuple[Check, ...]
    together: tuple[str, ...]
    """What is backed up at one time, or a restore finds rows without their Drafts."""
    apart: str
    """The key file: backed up elsewhere, because it opens all the rest."""

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)


def diagnose(premises: Premises) -> Diagnosis:
    """Makes every check that is possible. Nothing is changed; a probe comes to the store and goes again."""
    file = file_of(premises.database)
    database = "the database of DSAR_DATABASE_URL" if file is None else str(file)
    together = (database, str(premises.anchor), premises.drafts.place, premises.packages.place)
    return Diagnosis(tuple(_checks(premises)), together, str(premises.keys))


def _checks(premises: Premises) -> Iterator[Check]:
    yield _tried("modes", lambda: _modes(premises))
    try:
        engine = open_existing(premises.database)
    except DsarExportError as error:
        yield Check("database", passed=False, finding=str(error))
        yield _tried("key file", lambda: _keys_alone(premises.keys))
        return
    try:
        yield from _with_database(engine, premises)
    finally:
        engine.dispose()


def _with_database(engine: Engine, premises: Premises) -> Iterator[Check]:
    database = _tried("database", lambda: _database(engine))
    keys = _tried("key file", lambda: _keys_fit(engine, premises.keys))
    yield from (database, keys)
    yield _tried("Draft store", lambda: _store(premises.drafts))
    yield _tried("package store", lambda: _store(premises.packages))
    if not database.passed:
        return  # everything else reads columns that an older database may lack
    yield _tried("user account", lambda: _person(engine, premises.uid))
    yield _tried("clock", lambda: _clock(engine, premises))
    if keys.passed:
        yield _tried("trail", lambda: _trail(engine, read_key_file(premises.keys), premises.anchor))
    # Before the rows, which then name whatever is complete.
    drafts, sealed = (_listed(stored) for stored in (premises.drafts, premises.packages))
    with reading(engine) as connection:
        requests = list_requests(connection, Filters(frozenset(State)))
        packages = packages_with_files(connection)
        asked = works(connection)
        somebody = somebody_lives(connection, premises.clock())
    yield _tried("work", lambda: _leases(requests, asked if somebody else {}, premises))
    yield _tried("Drafts", lambda: _drafts(requests, premises.drafts, drafts))
    yield _tried("packages", lambda: _packages(requests, packages, premises.packages, sealed))
    yield _tried("orphans", lambda: _orphans(requests, asked, drafts))
    yield _tried("mail", lambda: _mail(engine, premises))


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, passed=True, finding=look())
    except DsarExportError as error:
        return Check(name, passed=False, finding=str(error))
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        return Check(name, passed=False, finding=f"{error.filename} can't be read: {reason}")


def _modes(premises: Premises) -> str:
    """The key file has stricter rules of its own, and is looked at when it is read."""
    file = file_of(premises.database)
    beside = () if file is None else (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm")))
    folders = (premises.drafts.folder, premises.packages.folder)
    places = (premises.state, *beside, premises.anchor, *folders)
    bare = [str(place) for place in places if place and place.exists() and place.stat().st_mode & _OTHERS]
    if bare:
        raise _ProblemError(f"open to everybody: {', '.join(bare)}; chmod o= them")
    return "nothing is open to everybody"


def _store(stored: Stored) -> str:
    name = f"doctor/{secrets.token_hex(8)}"
    with writing(stored.place):
        stored.store.put(name, [_PROBE])
        read = stored.store.read(name, 0, len(_PROBE))
        stored.store.delete(name)
    if read != _PROBE:
        raise _ProblemError("what was put there was read back changed; look at its disk")
    return "a probe was put, read and deleted"


def _listed(stored: Stored) -> Set[str]:
    try:
        return frozenset(stored.store.names(""))
    except DsarExportError:  # its own check names what is wrong
        return frozenset()


def _database(engine: Engine) -> str:
    require_current(engine)  # SQLite's settings, WAL too, were read back when it was opened
    kind = "SQLite with WAL" if engine.dialect.name == "sqlite" else "PostgreSQL"
    return f"{kind}, revision {newest_revision()}"


def _keys_fit(engine: Engine, path: Path) -> str:
    keys = read_key_file(path)
    with reading(engine) as connection:
        require_own_keys(connection, keys, path)
    earlier = len(keys.column.earlier) + len(keys.draft.earlier)
    return f"fits the database, mode {_mode(path)}, {earlier} earlier keys"


def _keys_alone(path: Path) -> str:
    read_key_file(path)
    return f"mode {_mode(path)}; there is no database to compare it with"


def _mode(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):04o}"


def _person(engine: Engine, uid: int) -> str:
    with reading(engine) as connection:
        return f"is {person_of_uid(connection, uid).name} here"


def _clock(engine: Engine, premises: Premises) -> str:
    with reading(engine) as connection:
        newest = trail.newest_moment(connection)
    now = premises.clock()
    if newest is not None and moment(newest) > now:
        behind = str(moment(newest) - now).split(".", maxsplit=1)[0]
        raise _ProblemError(f"{behind} behind the newest entry of the trail; set it right")
    return "not behind the newest entry of the trail"


def _trail(engine: Engine, keys: KeyFile, anchor: Path) -> str:
    with reading(engine) as connection:
        verdict = trail.verify(connection, keys.trail, anchor)
    advice = "; compare it with a backup, or run `dsar-export database restored` if this is one"
    if not verdict.passed:
        raise _ProblemError(verdict.sentence + advice)
    return verdict.sentence


def _leases(requests: Sequence[ListedRequest], asked: Mapping[str, Work], premises: Premises) -> str:
    """What is `asked` of workers that are there is not left half done, unless they have given it up."""
    now = premises.clock()
    alone = [r for r in requests if r.state in AT_WORK and not r.worked_on_at(now)]
    left = [r for r in alone if r.reference not in asked or asked[r.reference].parked_at is not None]
    if left:
        again = _few([f"`request {AT_WORK[r.state]} {r.reference}`" for r in left])
        raise _ProblemError(f"processes ended before their work did; run {again}")
    return "no work was left half done"


def _drafts(requests: Sequence[ListedRequest], drafts: Stored, seen: Set[str]) -> str:
    lost = [r for r in requests if r.state not in ENDED and r.draft and not _is_there(drafts, r.draft, seen)]
    if lost:
        named = _few([r.reference for r in lost])
        raise _ProblemError(f"missing in the store: {named}; restore it, or collect again")
    return "every request finds its own"


def _packages(
    requests: Sequence[ListedRequest], packages: Mapping[str, Packages], stored: Stored, seen: Set[str]
) -> str:
    alive = [package for r in requests if r.state not in ENDED for package in packages.get(r.reference, ())]
    lost = [p.file for p in alive if p.file is not None and not _is_there(stored, p.file, seen)]
    if lost:
        raise _ProblemError(f"missing in {stored.place}: {_few(lost)}; restore them from a backup")
    return "every request finds its own"


def _is_there(stored: Stored, name: str, seen: Set[str]) -> bool:
    """Whether it was seen in the list, or has come since."""
    if name in seen:
        return True
    try:
        stored.store.size(name)
    except FileNotFoundError:
        return False
    return True


def _orphans(requests: Sequence[ListedRequest], asked: Mapping[str, Work], stored: Set[str]) -> str:
    """What a crash left is ciphertext without a key or a use; it does no harm but takes space."""
    ledgers = (*(r.draft for r in requests), *(work.checkpoint for work in asked.values()))
    named = {attempt_of(name) for name in ledgers if name}
    named |= {attempt_folder(r.reference, r.attempt) for r in requests if r.state is State.COLLECTING}
    count = sum(attempt_of(name) not in named for name in stored)
    return f"{count} Draft parts that no request names"


def _mail(engine: Engine, premises: Premises) -> str:
    with reading(engine) as connection:
        waiting = [mail for mail in list_mails(connection, states=TRIED) if mail.ended_at is None]
    way, count = premises.mail_way(), f"mails waiting: {len(waiting)}"
    if way is None:
        advice = "no mail server is set (DSAR_SMTP_URL), so mail is kept until it expires"
        if waiting:
            raise _ProblemError(f"{count}, but {advice}")
        return advice
    late = [mail for mail in waiting if mail.created_at < premises.clock() - _MAIL_LATE]
    if late:
        codes = ", ".join(sorted({mail.failure or "never tried" for mail in late}))
        raise _ProblemError(
            f"mails waiting for more than an hour: {len(late)} ({codes}); run `dsar-export mail send` from cron"
        )
    return f"{count}; {way}"


def _few(texts: Sequence[str]) -> str:
    more = len(texts) - _SHOWN
    return ", ".join(texts[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
