"""Compares open.html with the pages that this program knows: it is where the passphrase is typed."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from dsar_export.inspection.archive import OPENER
from dsar_export.inspection.records import MemberCheck
from dsar_export.model.finding import Finding

_STRANGE: Final = (
    "is no page of this program or of an earlier version; whoever swaps the page gets the passphrase, so do not open "
    "it. If a newer version made the package, inspect it with that one"
)


def opener_findings(
    package: Path, members: Mapping[str, MemberCheck], known: frozenset[str]
) -> Iterator[Finding]:
    """The page in the package, and one that lies beside it; `known` has the SHA-256 of each good page."""
    if OPENER in members and members[OPENER].sha256 not in known:
        yield Finding(OPENER, "in the package", _STRANGE)
    beside = package.parent / OPENER
    try:
        digest = hashlib.sha256(beside.read_bytes()).hexdigest()
    except FileNotFoundError:
        return
    except OSError:
        digest = ""
    if digest not in known:
        yield Finding(OPENER, "beside the package", _STRANGE)
