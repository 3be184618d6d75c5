"""datapackage.json, read back: resources, and what became of each dataset's rows."""

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
    """What the package says of itself."""

    reference: str
    resources: tuple[Mapping[str, object], ...]
    outcomes: tuple[Outcome, ...]

    def resource_findings(self, members: Mapping[str, MemberCheck]) -> Iterator[Finding]:
        """Every resource is there, with the hash and size that the manifest says; no payload is without one."""
        paths = {str(r.get("path")) for r in self.resources}
        for resource in self.resources:
            path = str(resource.get("path"))
            if path not in members:
                yield Finding(DATA_PACKAGE, path, "is listed, but not in the package")
                continue
            if resource.get("hash") != f"sha256:{members[path].sha256}":
                yield Finding(DATA_PACKAGE, path, "has another hash than the manifest says")
            if resource.get("bytes", members[path].size) != members[path].size:
                yield Finding(DATA_PACKAGE, path, "has another size than the manifest says")
        for name in members:
            if name.startswith("data/") and name not in paths:
                yield Finding(DATA_PACKAGE, name, "is in the package, but not listed")


def read_manifest(archive: Archive) -> tuple[PackageManifest, list[Finding]]:
    """The manifest, empty with a finding where there is none that can be read."""
    empty = PackageManifest("unknown", (), ())
    if DATA_PACKAGE not in archive.names:
        return empty, [Finding(DATA_PACKAGE, "", "is missing")]
    try:
        content = orjson.loads(archive.read(DATA_PACKAGE))
        dsar = content["dsar"]
        outcomes = tuple(_outcome(o) for o in dsar["outcomes"])
        resources = tuple(dict(r) for r in content["resources"])
        return PackageManifest(str(dsar["reference"]), resources, outcomes), []
    except (ValueError, KeyError, TypeError, AttributeError, PackageUnreadableError):
        return empty, [Finding(DATA_PACKAGE, "", "can't be read as this tool's manifest")]


def _outcome(told: Mapping[str, Any]) -> Outcome:
    first, last = told.get("from"), told.get("to")
    return Outcome(
        dataset=str(told["dataset"]),
        read=int(str(told["read"])),
        written=int(str(told["written"])),
        withheld=int(str(told["withheld"])),
        nonconforming=int(str(told["nonconforming"])),
        first=None if first is None else str(first),
        last=None if last is None else str(last),
        kept_back=int(str(told["kept_back"])),
        marked=tuple((str(mark), int(rows)) for mark, rows in told["marked"].items()),
    )


def _without_outcome(manifest: PackageManifest, members: Mapping[str, MemberCheck]) -> Iterator[Finding]:
    told = {outcome.dataset for outcome in manifest.outcomes}
    for path, member in members.items():
        if member.records is not None and Path(path).stem not in told:
            yield Finding(DATA_PACKAGE, path, "has records, but no outcome says what became of them")


def outcome_findings(manifest: PackageManifest, members: Mapping[str, MemberCheck]) -> Iterator[Finding]:
    """The sums agree, in themselves and with what was counted."""
    yield from _without_outcome(manifest, members)
    for outcome in manifest.outcomes:
        name = outcome.dataset
        if not outcome.balanced:
            yield Finding(DATA_PACKAGE, name, "read is not written + withheld + nonconforming")
        counted = {
            f"data/json/{name}.json": outcome.written,
            f"data/csv/{name}.csv": outcome.written,
            f"data/nonconforming/{name}.json": outcome.nonconforming,
        }
        for path, expected in counted.items():
            found = members[path].records if path in members else 0
            if found is not None and found != expected:  # one that can't be read has been told
                yield Finding(path, name, f"holds {found} records, the manifest says {expected}")
