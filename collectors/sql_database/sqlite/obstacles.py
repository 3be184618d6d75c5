"""Finds out why a SQLite file can't be opened."""

import os
from pathlib import Path
from typing import Final

_REASONS: Final = {
    "SQLITE_NOTADB": "the file of {url} is no SQLite database, or it is encrypted; name another, or decrypt a copy",
    "SQLITE_CORRUPT": "the file of {url} is damaged; recover it with SQLite's own .recover, or name a backup",
    "SQLITE_BUSY": "another program has locked the file of {url}; run this again later, or name a copy",
    "SQLITE_CANTOPEN": (
        "the file of {url} can't be opened, as if it were in WAL mode in a folder where this user may not write; "
        "run this as the user who owns it, or name a copy that .backup made"
    ),
}


def obstacle_to(file: Path, name: str) -> str:
    """Why a file can't be opened; `name` is SQLite's name for the error."""
    try:
        there, is_folder = file.exists(), file.is_dir()
    except PermissionError:
        return "this user may not enter the folder of the file of {url}; run this as the user who owns it"
    if is_folder:
        return "{url} names a folder; name a file in it"
    if not there:
        return (
            "there is no file with the name in {url}; correct it: a relative one begins at the register's folder, and "
            "an absolute one has four slashes (sqlite:////…)"
        )
    if not os.access(file, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        return "this user may not read the file of {url}; run this as the user who owns it, or grant reading"
    # Extended names, such as SQLITE_CANTOPEN_FULLPATH, begin with the plain one.
    found = next((reason for begin, reason in _REASONS.items() if name.startswith(begin)), None)
    return found or f"SQLite reports {name} for the file of {{url}}; look at the disk, or name a copy"
