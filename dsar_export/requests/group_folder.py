"""Four eyes are two users: the state folder may belong to a group, and then its files do too."""

import stat
from pathlib import Path
from typing import Final

_SHARED: Final = stat.S_ISGID | stat.S_IWGRP


def is_shared(folder: Path) -> bool:
    """Whether a folder is made to be shared by a group (mode 2770), so that new files in it belong to the group."""
    return folder.stat().st_mode & _SHARED == _SHARED
