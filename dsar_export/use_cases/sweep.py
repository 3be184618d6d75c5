"""Removes what a killed process left of Drafts and packages: whatever the row of its request does not name."""

import re
import secrets
from collections.abc import Iterable, Mapping, Set
from contextlib import suppress
from typing import Final

from dsar_export.errors import NotWritableError, StoreUnusableError
from dsar_export.model.draft import attempt_of
from dsar_export.model.request import Right
from dsar_export.requests import trail
from dsar_export.requests.installation import sweeps_wait
from dsar_export.requests.packages import packages_of
from dsar_export.requests.requests import Filters, ListedRequest, list_requests
from dsar_export.requests.states import State
from dsar_export.requests.work import works
from dsar_export.use_cases.desk import Desk

_PART: Final = re.compile(r"(?P<reference>[^/]+)/(?P<attempt>[0-9]+)/.+")
_PACKAGE: Final = re.compile(
    rf"(?P<reference>[^/]+)-(?P<attempt>[0-9]+)-(?P<right>{'|'.join(Right)})(?:-[0-9a-f]{{32}})?\.zip"
)


def package_name(reference: str, attempt: int, right: Right) -> str:
    """A name that nobody guesses: one attempt can't touch what another one published, and no link leads to it."""
    return f"{reference}-{attempt}-{right}-{secrets.token_hex(16)}.zip"


def packages_on_disk(desk: Desk) -> list[re.Match[str]]:
    """What is named as packages of requests in their store, with reference, attempt and right."""
    return [found for name in desk.packages.names("") if (found := _PACKAGE.fullmatch(name))]


def sweep(desk: Desk) -> None:
    """Deletes parts of Drafts and packages that the row of their request does not name, unless it is at work on them.

    What belongs to no request at all stays: after the restore of an older database it may be all that is left. Nothing
    is deleted until staff accept a restored database, and some days longer.
    """
    if not _may_sweep(desk):
        return
    # First the files, then the rows: an attempt is in its row before its first file is written.
    parts = [found for name in desk.drafts.names("") if (found := _PART.fullmatch(name))]
    packages = packages_on_disk(desk)
    rows = _rows(desk, *parts, *packages)
    saved = _checkpoints(desk)
    named = _named(desk, rows)  # after the rows: packages are named when the work on them ends
    for part in parts:
        if not (_part_needed(rows, part) or attempt_of(part.string) in saved):
            with suppress(
                NotWritableError, StoreUnusableError
            ):  # another user's, in a folder without a group
                desk.drafts.delete(part.string)
    for package in packages:
        if package.string not in named and not _at_work(rows, package):
            with suppress(NotWritableError, StoreUnusableError):
                desk.packages.delete(package.string)
    with suppress(OSError):
        desk.drafts.sweep(lambda name: _unfinished_needed(desk, name))


def _may_sweep(desk: Desk) -> bool:
    with desk.looking() as act:
        continues = trail.continues(act.connection, desk.keys.trail, desk.anchor)
        return continues and not sweeps_wait(act.connection, act.at)


def _checkpoints(desk: Desk) -> Set[str]:
    """The attempts of which a checkpoint names parts, from which another one goes on."""
    with desk.looking() as act:
        names = [work.checkpoint for work in works(act.connection).values()]
    return {attempt_of(name) for name in names if name is not None}


def _unfinished_needed(desk: Desk, name: str) -> bool:
    found = _PART.fullmatch(name)
    return found is None or _part_needed(_rows(desk, found), found)


def _named(desk: Desk, references: Iterable[str]) -> Set[str | None]:
    with desk.looking() as act:
        return {p.file for each in packages_of(act.connection, references).values() for p in each}


def _rows(desk: Desk, *found: re.Match[str]) -> Mapping[str, ListedRequest]:
    references = frozenset(one["reference"] for one in found)
    with desk.looking() as act:
        listed = list_requests(act.connection, Filters(frozenset(State), references=references))
    return {one.reference: one for one in listed}


def _part_needed(rows: Mapping[str, ListedRequest], part: re.Match[str]) -> bool:
    row = rows.get(part["reference"])
    if row is None:
        return True
    named = row.draft is not None and attempt_of(row.draft) == attempt_of(part.string)
    return named or (row.state is State.COLLECTING and row.attempt == int(part["attempt"]))


def _at_work(rows: Mapping[str, ListedRequest], package: re.Match[str]) -> bool:
    row = rows.get(package["reference"])
    return row is None or (row.state is State.BUILDING and row.attempt == int(package["attempt"]))
