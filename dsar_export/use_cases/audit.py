"""Reads and verifies the trail, for auditors and administrators."""

from collections.abc import Iterator

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.people import Role
from dsar_export.requests import trail
from dsar_export.requests.database import reading
from dsar_export.requests.people import grants_at
from dsar_export.use_cases.desk import Desk

_READERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


def trail_entries(desk: Desk, reference: str | None = None) -> tuple[trail.Entry, ...]:
    """The entries, or those of one request; WrongUseError for a reference that the trail does not know."""
    _refuse_others(desk)
    with reading(desk.engine) as connection:
        found = tuple(trail.entries(connection, reference))
    if reference is not None and not found:
        raise WrongUseError(
            f"the trail has no entry about {reference}; `request list --all` shows all requests"
        )
    return found


def entries_about(desk: Desk, reference: str) -> tuple[trail.Entry, ...]:
    """The entries about one request, for anybody who may see the request; none if they were erased."""
    with desk.looking() as act:
        act.request(reference, Role.AGENT, Role.REVIEWER, Role.AUDITOR)
        return tuple(trail.entries(act.connection, reference))


def trail_verdict(desk: Desk) -> trail.Verdict:
    """Whether the trail is as it was written."""
    _refuse_others(desk)
    with reading(desk.engine) as connection:
        return trail.verify(connection, desk.keys.trail, desk.anchor)


def trail_lines(desk: Desk) -> Iterator[bytes]:
    """The trail as lines of JSON, which another program can verify."""
    _refuse_others(desk)
    with reading(desk.engine) as connection:
        yield from trail.exported(connection, desk.keys.trail, desk.anchor)


def trail_key(desk: Desk) -> str:
    """The key of the trail as hexadecimal digits, for `docs/verify_trail.py`; that somebody took it is in the trail.

    Whoever has it can verify the trail, and could also write another one.
    """
    _refuse_others(desk)
    with desk.acting() as act:
        act.append("take_trail_key", None, None, {})
    return desk.keys.trail.hex()


def _refuse_others(desk: Desk) -> None:
    with desk.looking() as act:
        held = {one.role for one in grants_at(act.connection, act.at) if one.person == desk.person.name}
    if not held & _READERS:
        raise NotPermittedError("only auditors and administrators read the trail; ask an administrator")
