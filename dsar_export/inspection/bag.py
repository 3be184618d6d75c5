"""Checks the package as a BagIt bag (RFC 8493): complete manifests, nothing added, nothing changed."""

from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.errors import PackageUnreadableError
from dsar_export.inspection.archive import Archive
from dsar_export.inspection.records import MemberCheck
from dsar_export.model.finding import Finding

_MANIFEST: Final = "manifest-sha256.txt"
_TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
_DECLARATION: Final = "bagit.txt"


def bag_findings(archive: Archive, members: Mapping[str, MemberCheck]) -> Iterator[Finding]:
    """Compares both manifests with the members that were read."""
    for needed in (_DECLARATION, "bag-info.txt", _MANIFEST, _TAG_MANIFEST):
        if needed not in members:
            yield Finding(needed, "", "is missing")
    payload = {n for n in members if n.startswith("data/")}
    yield from _manifest(archive, _MANIFEST, payload, members)
    yield from _manifest(archive, _TAG_MANIFEST, set(members) - payload - {_TAG_MANIFEST}, members)


def _manifest(
    archive: Archive, name: str, expected: set[str], members: Mapping[str, MemberCheck]
) -> Iterator[Finding]:
    if name not in members:
        return
    try:
        lines = archive.read(name).decode().splitlines()
    except (PackageUnreadableError, UnicodeDecodeError):
        return  # the check of the member has already reported it
    listed = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    for path, digest in listed.items():
        if path not in members:
            yield Finding(name, path, "is listed but not in the package")
        elif members[path].sha256 != digest:
            yield Finding(name, path, "has a different hash than the manifest states")
    for path in sorted(expected - set(listed)):
        yield Finding(name, path, "is in the package but not listed")
