"""Sees every change of a request's state as it is written, and holds it against the table of all transitions."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor

from dsar_export.requests.states import ENDED, TRANSITIONS, State

_WAYS: Final = frozenset((source, way.target) for way in TRANSITIONS.values() for source in way.sources)
_UNVERIFIED: Final = frozenset({State.RECEIVED, State.REFUSED, State.CANCELLED})
_BUILT: Final = frozenset({State.BUILDING, State.AVAILABLE, State.DELIVERED})
_ROWS: Final = "SELECT reference, state, verified_by, approved_by, approved_ledger_hash FROM requests"


class StateWatch:
    """Watches one engine; a change that the table lacks fails where it is made, inside a transaction too."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: dict[str, State] = {}
        self._committed: dict[str, State] = {}
        self._listeners: dict[str, Callable[..., None]] = {
            "after_cursor_execute": self._executed,
            "commit": self._commit,
            "rollback": self._rollback,
        }
        for name, listener in self._listeners.items():
            event.listen(engine, name, listener)

    def stop(self) -> None:
        for name, listener in self._listeners.items():
            event.remove(self._engine, name, listener)

    def _executed(
        self,
        connection: Connection,
        cursor: DBAPICursor,
        statement: str,
        parameters: object,
        context: object,
        executemany: bool,  # noqa: FBT001 - as the library calls it
    ) -> None:
        verb, *rest = statement.split(maxsplit=3)
        table = rest[0] if verb == "UPDATE" else rest[1] if verb in {"INSERT", "DELETE"} else ""
        if table != "requests":
            return
        looking = connection.connection.cursor()
        looking.execute(_ROWS)
        rows = looking.fetchall()
        looking.close()
        found = {str(reference): State(state) for reference, state, *_ in rows}
        for reference, before in self._seen.items():
            after = found.get(reference)
            assert before in ENDED if after is None else before is after or (before, after) in _WAYS
        assert all(found[new] is State.RECEIVED for new in found.keys() - self._seen.keys())
        for _, state, verified_by, approved_by, ledger_hash in rows:
            assert state in _UNVERIFIED or verified_by is not None
            assert state not in _BUILT or (approved_by is not None and ledger_hash is not None)
        self._seen = found

    def _commit(self, _: Connection) -> None:
        self._committed = self._seen

    def _rollback(self, _: Connection) -> None:
        self._seen = self._committed
