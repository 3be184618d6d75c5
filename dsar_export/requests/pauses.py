"""When staff waited for the person: proof of identity, clarification or a fee that was asked for."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from dsar_export.model.clock import Ground, Pause
from dsar_export.requests.numbers import next_number
from dsar_export.requests.requests import ListedRequest
from dsar_export.requests.tables import PAUSES

_MOST_NAMED: Final = 500
"""Above this, all pauses are read: a statement takes only so many parameters."""
_ALL: Final = select(PAUSES).order_by(PAUSES.c.reference, PAUSES.c.number)
_OF: Final = _ALL.where(PAUSES.c.reference.in_(bindparam("references", expanding=True)))


def begin_pause(connection: Connection, reference: str, pause: Pause, by: str) -> None:
    """Records that something was asked for; the caller has locked the request's row by changing it."""
    connection.execute(
        insert(PAUSES).values(
            reference=reference,
            number=next_number(connection, PAUSES, reference),
            ground=pause.ground,
            since=pause.since,
            until=pause.until,
            by=by,
        )
    )


def end_pause(connection: Connection, reference: str, ground: Ground, until: datetime) -> bool:
    """Ends the open pause on a ground, not before it began; False if there is none."""
    is_open = (PAUSES.c.reference == reference, PAUSES.c.ground == ground, PAUSES.c.until.is_(None))
    since = connection.scalar(select(PAUSES.c.since).where(*is_open))
    if since is None:
        return False
    connection.execute(update(PAUSES).where(*is_open).values(until=max(since, until)))
    return True


def pauses_of(connection: Connection, requests: Collection[ListedRequest]) -> Mapping[str, tuple[Pause, ...]]:
    """The pauses of each request by its reference, in their order."""
    references = [request.reference for request in requests]
    found: dict[str, list[Pause]] = {reference: [] for reference in references}
    of_all = len(references) > _MOST_NAMED
    rows = connection.execute(_ALL) if of_all else connection.execute(_OF, {"references": references})
    for row in rows.mappings():
        if row["reference"] in found:
            found[row["reference"]].append(Pause(row["ground"], row["since"], row["until"]))
    return {request.reference: _completed(request, found[request.reference]) for request in requests}


def _completed(request: ListedRequest, recorded: list[Pause]) -> tuple[Pause, ...]:
    """With what only the request's row has: who is verified need no longer prove who they are."""
    asked = {Ground.IDENTITY: request.identity_asked_at, Ground.FEE: request.fee_asked_at}
    grounds = {pause.ground for pause in recorded}
    pauses = [*recorded, *(Pause(g, at) for g, at in asked.items() if at is not None and g not in grounds)]
    return tuple(Pause(p.ground, p.since, p.until or _end_by_row(request, p)) for p in pauses)


def _end_by_row(request: ListedRequest, pause: Pause) -> datetime | None:
    if pause.ground is Ground.IDENTITY and request.verified_at is not None:
        return max(pause.since, request.verified_at)  # nobody is asked who is verified, so it came later
    paid = request.fee_paid_at if pause.ground is Ground.FEE else None
    # A payment before the fee was asked for is that of an earlier fee.
    return None if paid is None or paid < pause.since else paid
