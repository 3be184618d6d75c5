"""datapackage.json, read back: resources, and the ledger of each dataset."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import orjson

from dsar_export.errors import PackageUnreadableError
from dsar_export.inspection.archive import Archive
from dsar_export.model.finding import Finding

DATA_PACKAGE: Final = "datapackage.json"


class Hashed(Protocol):
    """What was found out about a member by reading it."""

    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...


@dataclass(frozen=True)
class DatasetLedger:
    """What the manifest says became of a dataset's rows."""

    dataset: str
    read: int
    written: int
    withheld: int
    nonconforming: int
    first: str | None
    last: str | None


@dataclass(frozen=True)
class PackageManifest:
    """What the package says of itself."""

    reference: str
    resources: tuple[Mapping[str, object], ...]
    ledgers: tuple[DatasetLedger, ...]

    def resource_findings(self, members: Mapping[str, Hashed]) -> Iterator[Finding]:
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
        ledgers = tuple(_ledger(o) for o in dsar["outcomes"])
        resources = tuple(dict(r) for r in content["resources"])
        return PackageManifest(str(dsar["reference"]), resources, ledgers), []
    except (ValueError, KeyError, TypeError, PackageUnreadableError):
        return empty, [Finding(DATA_PACKAGE, "", "can't be read as this tool's manifest")]


def _ledger(outcome: Mapping[str, object]) -> DatasetLedger:
    counts = {name: outcome[name] for name in ("read", "written", "withheld", "nonconforming")}
    return DatasetLedger(
        dataset=str(outcome["dataset"]),
        first=_text_or_none(outcome.get("from")),
        last=_text_or_none(outcome.get("to")),
        **{name: int(str(count)) for name, count in counts.items()},
    )


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)
