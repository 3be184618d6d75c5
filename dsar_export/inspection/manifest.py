"""Reads datapackage.json back: the resources, and the outcome of each dataset."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from dsar_export.errors import PackageUnreadableError
from dsar_export.inspection.archive import Archive
from dsar_export.inspection.records import MemberCheck
from dsar_export.model.finding import Finding
from dsar_export.model.outcome import Outcome

DATA_PACKAGE: Final = "datapackage.json"


@dataclass(frozen=True)
class PackageManifest:
    """The contents of datapackage.json that are checked."""

    reference: str
    resources: tuple[Mapping[str, object], ...]
    outcomes: tuple[Outcome, ...]
    time_zone: str = "UTC"

    def resource_findings(self, members: Mapping[str, MemberCheck]) -> Iterator[Finding]:
        """Checks that every resource has the stated hash and size, and that every payload file is a resource."""
        paths = {str(r.get("path")) for r in self.resources}
        for resource in self.resources:
            path = str(resource.get("path"))
            if path not in members:
                yield Finding(DATA_PACKAGE, path, "is listed but not in the package")
                continue
            if resource.get("hash") != f"sha256:{members[path].sha256}":
                yield Finding(DATA_PACKAGE, path, "has a different hash than the manifest states")
            if resource.get("bytes", members[path].size) != members[path].size:
                yield Finding(DATA_PACKAGE, path, "has a different size than the manifest states")
        for name in members:
            if name.startswith("data/") and name not in paths:
                yield Finding(DATA_PACKAGE, name, "is in the package but not listed")


def read_manifest(archive: Archive) -> tuple[PackageManifest, list[Finding]]:
    """The manifest; if it is missing or can't be read, an empty one and a finding."""
    empty = PackageManifest("unknown", (), ())
    if DATA_PACKAGE not in archive.names:
        return empty, [Finding(DATA_PACKAGE, "", "is missing")]
    try:
        content = orjson.loads(archive.read(DATA_PACKAGE))
        dsar = content["dsar"]
        outcomes = tuple(_outcome(o) for o in dsar["outcomes"])
        resources = tuple(dict(r) for r in content["resources"])
        zone = str(dsar["controller"].get("time_zone", "UTC"))
        return PackageManifest(str(dsar["reference"]), resources, outcomes, zone), []
    except (ValueError, KeyError, TypeError, AttributeError, PackageUnreadableError):
        return empty, [Finding(DATA_PACKAGE, "", "can't be read as a manifest of this tool")]


def _outcome(entry: Mapping[str, Any]) -> Outcome:
    first, last = entry.get("from"), entry.get("to")
    return Outcome(
        dataset=str(entry["dataset"]),
        read=int(str(entry["read"])),
        written=int(str(entry["written"])),
        withheld=int(str(entry["withheld"])),
        nonconforming=int(str(entry["nonconforming"])),
        first=None if first is None else str(first),
        last=None if last is None else str(last),
        kept_back=int(str(entry["kept_back"])),
        marked=tuple((str(mark), int(rows)) for mark, rows in entry["marked"].items()),
    )


def _without_outcome(manifest: PackageManifest, members: Mapping[str, MemberCheck]) -> Iterator[Finding]:
    listed = {outcome.dataset for outcome in manifest.outcomes}
    for path, member in members.items():
        if member.records is not None and Path(path).stem not in listed:
            yield Finding(DATA_PACKAGE, path, "has records, but the manifest has no outcome for them")


def outcome_findings(manifest: PackageManifest, members: Mapping[str, MemberCheck]) -> Iterator[Finding]:
    """Checks that the counts of each outcome add up and match the records that were counted."""
    yield from _without_outcome(manifest, members)
    for outcome in manifest.outcomes:
        name = outcome.dataset
        if not outcome.balanced:
            yield Finding(DATA_PACKAGE, name, "read does not equal written + withheld + nonconforming")
        counted = {
            f"data/json/{name}.json": outcome.written,
            f"data/csv/{name}.csv": outcome.written,
            f"data/nonconforming/{name}.json": outcome.nonconforming,
        }
        for path, expected in counted.items():
            found = members[path].records if path in members else 0
            if found is not None and found != expected:  # None: an unreadable member was already reported
                yield Finding(path, name, f"contains {found} records, but the manifest states {expected}")
