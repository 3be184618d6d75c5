"""Replaces the keys that seal columns and Drafts; those of the index and of the trail stay."""

from dataclasses import dataclass
from pathlib import Path

from dsar_export.errors import StateError, WrongUseError
from dsar_export.model.people import Role
from dsar_export.requests import trail
from dsar_export.requests.database import writing
from dsar_export.requests.installation import dropped_keys, note_dropped_keys
from dsar_export.requests.key_file import read_key_file, replace_key_file, with_new_key, without_keys
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.requests.requests import requests_at_work
from dsar_export.requests.rotation import seal_anew
from dsar_export.requests.vault import Vault
from dsar_export.use_cases.desk import Act, Desk


@dataclass(frozen=True)
class Rotation:
    """What a rotation did."""

    column: str
    """The id of the key that seals columns from now on."""
    draft: str
    """The id of the key that wraps the keys of Drafts from now on."""
    values: int
    """How many values were sealed anew."""
    earlier: int
    """How many earlier keys the file still has."""


def rotate_keys(desk: Desk, key_path: Path) -> Rotation:
    """Puts new keys into the key file, then seals every value anew in one transaction.

    After a crash in between, everything is readable, because the earlier keys are still in the file.
    """
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        # Read here, under the lock: of two rotations at once, the later keeps the keys of the other.
        rotated = with_new_key(read_key_file(key_path))
        replace_key_file(key_path, rotated)
        values = seal_anew(act.connection, Vault(rotated))
        column, draft = rotated.column, rotated.draft
        details: dict[str, str | int] = {
            "key_id": column.current,
            "draft_key_id": draft.current,
            "values": values,
        }
        act.append("rotate_keys", None, None, details)
    return Rotation(column.current, draft.current, values, len(column.earlier) + len(draft.earlier))


def drop_earlier_keys(desk: Desk, key_path: Path) -> Rotation:
    """Removes earlier keys from the file, after nothing is sealed with them and nobody can seal with them again."""
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        held = read_key_file(key_path)
        earlier = held.column.earlier + held.draft.earlier
        if not earlier:
            raise WrongUseError("the key file has no earlier keys; nothing was changed")
        _refuse_work(act)
        values = seal_anew(act.connection, Vault(held))
        note_dropped_keys(act.connection, earlier)
        act.append("drop_keys", None, None, {"entries": len(earlier), "values": values})
    # Only now, and from the file as it is: before the commit, a crash would leave values without their key.
    with writing(desk.engine) as connection:
        trail.take_turn(connection)
        rest = without_keys(read_key_file(key_path), dropped_keys(connection))
        replace_key_file(key_path, rest)
    left = len(rest.column.earlier) + len(rest.draft.earlier)
    return Rotation(rest.column.current, rest.draft.current, values, left)


def _refuse_work(act: Act) -> None:
    """A process at work has read the keys already, and could not end its work without them."""
    if working := requests_at_work(act.connection, act.at):
        raise StateError(
            f"a process works on {', '.join(working)}; nothing was changed, drop the earlier keys when it has ended"
        )
