"""Checks a package against its own manifest; trusts only the passphrase."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dsar_export.inspection.archive import Archive, opened_package
from dsar_export.inspection.bag import bag_findings
from dsar_export.inspection.manifest import PackageManifest, outcome_findings, read_manifest
from dsar_export.inspection.opener import opener_findings
from dsar_export.inspection.records import MemberCheck, check_member
from dsar_export.model.finding import Finding
from dsar_export.model.outcome import Outcome


@dataclass(frozen=True)
class Inspection:
    """A package's reference and outcomes according to its manifest, and the problems found in it."""

    reference: str
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    time_zone: str = "UTC"
    """The controller's, for the days of the outcomes."""


def inspect_package(package: Path, passphrase: str, pages: frozenset[str] | None = None) -> Inspection:
    """Checks encryption, hashes, bag, manifest, records and sums; reads every member once.

    `pages` has the SHA-256 of each good open.html; without it, only the package's own manifest decides about that page.

    Raises PackageUnreadableError for a file that is not a package, and WrongUseError for a wrong passphrase.
    """
    with opened_package(package, passphrase) as archive:
        manifest, unreadable = read_manifest(archive)
        checks = {name: check_member(archive, name) for name in archive.names}
        findings = [*unreadable, *_findings(archive, manifest, checks)]
    if pages is not None:
        findings += opener_findings(package, checks, pages)
    return Inspection(manifest.reference, manifest.outcomes, tuple(findings), manifest.time_zone)


def _findings(
    archive: Archive, manifest: PackageManifest, checks: dict[str, MemberCheck]
) -> Iterator[Finding]:
    yield from archive.encryption_findings()
    for check in checks.values():
        yield from check.findings
    yield from bag_findings(archive, checks)
    yield from manifest.resource_findings(checks)
    yield from outcome_findings(manifest, checks)
