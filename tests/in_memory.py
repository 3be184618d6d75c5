"""Temporary folders of tests in memory, because whoever commits waits for the disk, and no test can cut the power."""

import os
from pathlib import Path
from typing import Final

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own in it
_ROOM: Final = 2 << 30
_PYTESTS_CHOICE: Final = "PYTEST_DEBUG_TEMPROOT"


def folders_in_memory() -> None:
    """Lets pytest make its folders in memory, if the system has room there and nobody has chosen a place."""
    if _PYTESTS_CHOICE not in os.environ and _has_room(_SHARED_MEMORY):
        os.environ[_PYTESTS_CHOICE] = str(_SHARED_MEMORY)


def _has_room(folder: Path) -> bool:
    """Whether the folder takes what tests write, programs that are started from it too."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize >= _ROOM and not found.f_flag & os.ST_NOEXEC
