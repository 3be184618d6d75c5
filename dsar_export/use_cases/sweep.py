"""Removes what a killed process left of Drafts and packages: whatever the row of its request does not name."""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from dsar_export.requests import trail
from dsar_export.requests.installation import sweeps_wait
from dsar_export.requests.requests import Filters, ListedRequest, list_requests
from dsar_export.requests.states import State
from dsar_export.use_cases.desk import Desk

_PART: Final = re.compile(r"(?P<reference>[^/]+)/(?P<attempt>[0-9]+)/.+")
_PACKAGE: Final = re.compile(r"(?P<reference>.+)-(?P<attempt>[0-9]+)\.zip")


def package_name(reference: str, attempt: int) -> str:
    """Each attempt has a file of its own: one that lost the request can't touch what another one published."""
    return f"{reference}-{attempt}.zip"


def sweep(desk: Desk) -> None:
    """Deletes parts of Drafts and packages that the row of their request does not name, unless it is at work on them.

    What belongs to no request at all stays: after the restore of an older database it may be all that is left. Nothing
    is deleted until staff accept a restored database, and some days longer.
    """
    if not _may_sweep(desk):
        return
    # First the files, then the rows: an attempt is in its row before its first file is written.
    parts = [found for name in desk.drafts.names("") if (found := _PART.fullmatch(name))]
    packages = [found for file in desk.packages.glob("*.zip") if (found := _PACKAGE.fullmatch(file.name))]
    rows = _rows(desk, *parts, *packages)
    for part in parts:
        if not _part_needed(rows, part):
            with suppress(OSError):  # another user's, in a folder without a group
                desk.drafts.delete(part.string)
    for package in packages:
        if not _package_needed(rows, package):
            with suppress(OSError):
                Path(desk.packages, package.string).unlink(missing_ok=True)
    with suppress(OSError):
        desk.drafts.sweep(lambda name: _unfinished_needed(desk, name))


def _may_sweep(desk: Desk) -> bool:
    with desk.looking() as act:
        continues = trail.continues(act.connection, desk.keys.trail, desk.anchor)
        return continues and not sweeps_wait(act.connection, act.at)


def _unfinished_needed(desk: Desk, name: str) -> bool:
    found = _PART.fullmatch(name)
    return found is None or _part_needed(_rows(desk, found), found)


def _rows(desk: Desk, *found: re.Match[str]) -> Mapping[str, ListedRequest]:
    references = frozenset(one["reference"] for one in found)
    with desk.looking() as act:
        listed = list_requests(act.connection, Filters(frozenset(State), references=references))
    return {one.reference: one for one in listed}


def _part_needed(rows: Mapping[str, ListedRequest], part: re.Match[str]) -> bool:
    row = rows.get(part["reference"])
    if row is None:
        return True
    named = row.draft is not None and row.draft.startswith(f"{part['reference']}/{part['attempt']}/")
    return named or (row.state is State.COLLECTING and row.attempt == int(part["attempt"]))


def _package_needed(rows: Mapping[str, ListedRequest], package: re.Match[str]) -> bool:
    row = rows.get(package["reference"])
    if row is None:
        return True
    return row.package == package.string or (
        row.state is State.BUILDING and row.attempt == int(package["attempt"])
    )
