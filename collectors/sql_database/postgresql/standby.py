"""Which moment a PostgreSQL standby shows: it replays what its primary sent, and may be behind."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

# One that is connected and has replayed all that it received shows today, however long ago the last change was; a role
# without pg_read_all_stats sees that there is a receiver, and no more of it. Nothing may have been replayed since the
# start: the checkpoint that it began from is the moment then.
_AS_OF: Final = """
SELECT extract(epoch FROM coalesce(
  pg_last_xact_replay_timestamp(), (SELECT checkpoint_time FROM pg_control_checkpoint())))::float8
WHERE pg_is_in_recovery() AND NOT (
  coalesce(pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn(), false)
  AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE coalesce(status, 'streaming') = 'streaming'))
"""


def standby_as_of(connection: Connection) -> datetime | None:
    """The last moment that a standby knows of; None for a primary, and for a standby that has caught up."""
    seconds = connection.exec_driver_sql(_AS_OF).scalar_one_or_none()
    return None if seconds is None else datetime.fromtimestamp(float(seconds), UTC)
