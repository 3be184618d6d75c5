"""The moment that a PostgreSQL standby shows: it replays its primary's changes and may be behind."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

# A standby that is connected and has replayed everything it received is up to date, however old the last change is. A
# role without pg_read_all_stats sees only that a receiver exists. If nothing has been replayed since the start, the
# moment is that of the checkpoint from which the standby started.
_AS_OF: Final = """
SELECT extract(epoch FROM coalesce(
  pg_last_xact_replay_timestamp(), (SELECT checkpoint_time FROM pg_control_checkpoint())))::float8
WHERE pg_is_in_recovery() AND NOT (
  coalesce(pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn(), false)
  AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE coalesce(status, 'streaming') = 'streaming'))
"""


def standby_as_of(connection: Connection) -> datetime | None:
    """The last moment that a standby knows; None for a primary, and for a standby that has caught up."""
    seconds = connection.exec_driver_sql(_AS_OF).scalar_one_or_none()
    return None if seconds is None else datetime.fromtimestamp(float(seconds), UTC)
