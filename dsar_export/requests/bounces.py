"""Mail that a server took over and sent back later."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, select, update

from dsar_export.model.mail import MailState
from dsar_export.requests.tables import OUTBOX

_AWAY: Final = frozenset({MailState.WAITING, MailState.PERHAPS_SENT, MailState.SENT})
"""The states of mail that may have left here; one that waits is perhaps being sent at this moment."""


def may_have_left(connection: Connection, mail_id: str) -> MailState | None:
    """The state of a mail that was offered to a server at least once, locked; None for any other id."""
    row = _row(connection, mail_id)
    return None if row is None or not row["attempts"] else MailState(row["state"])


def mark_bounced(connection: Connection, mail_id: str, status: str, at: datetime) -> bool:
    """Ends a mail as bounced, and wipes what is left of it; False if that was known, or it never left."""
    values = {
        "state": MailState.BOUNCED,
        "ended_at": at,
        "failure": status,
        "mail_sealed": None,
        "not_before": None,
        "lease_until": None,
    }
    away = (OUTBOX.c.id == mail_id, OUTBOX.c.state.in_(sorted(_AWAY)))
    return connection.execute(update(OUTBOX).where(*away).values(values)).rowcount == 1


def _row(connection: Connection, mail_id: str) -> RowMapping | None:
    query = select(OUTBOX.c.state, OUTBOX.c.attempts).where(OUTBOX.c.id == mail_id).with_for_update()
    return connection.execute(query).mappings().one_or_none()
