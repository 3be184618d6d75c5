"""`python -m benchmarks.payloads ORGANISATION FILE [PEOPLE]`: the payload of the demo's people, to compare versions.

Writes, for each of the first PEOPLE customers (200), both rights and every language, the SHA-256 of the package's
`manifest-sha256.txt` as JSON. The same data gives the same payload on the same day, and the day is fixed here: two
versions that should write the same bytes write the same file. `dsar-export demo --out DIR` makes the organisation,
DIR/organisation.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyzipper

from benchmarks.people import customers, verification
from dsar_export.language.catalogue import languages
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Right, SubjectRequest
from dsar_export.use_cases.export_once import exported_package
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.services import Services, SilentProgress
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_services

_PASSPHRASE = "a-phrase-for-invented-data"  # noqa: S105 - of packages that are gone at once
_MANIFEST = "manifest-sha256.txt"
# Whether a record is past its storage period depends on the day.
_NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def main() -> None:
    organisation, file = Path(sys.argv[1]), Path(sys.argv[2])
    people = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    services = replace(_without_report(build_services(organisation, SilentProgress())), clock=lambda: _NOW)
    with tempfile.TemporaryDirectory() as out:
        found = dict(_manifests(services, organisation, people, Path(out)))
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _manifests(services: Services, organisation: Path, people: int, out: Path) -> Iterator[tuple[str, str]]:
    for controller, customer in customers(organisation, people):
        for right in Right:
            for language in languages():
                request = verified_request(
                    right, controller, (Identifier("customer_id", customer),), verification(), (customer,)
                )
                yield (
                    f"{controller} {customer} {right} {language}",
                    _manifest(services, request, language, out),
                )


def _manifest(services: Services, request: SubjectRequest, language: str, out: Path) -> str:
    order = PackageOrder(out, _PASSPHRASE, ReportChoices(language), nothing_held_confirmed=True)
    with exported_package(services, request, order) as result:
        if result.package is None:
            raise RuntimeError("an export writes a package")
        with pyzipper.AESZipFile(result.package) as archive:
            manifest: bytes = archive.read(_MANIFEST, pwd=_PASSPHRASE.encode())
        result.package.unlink()
    return hashlib.sha256(manifest).hexdigest()


def _without_report(services: Services) -> Services:
    """Without the report, which is not part of the payload and takes most of the time."""
    documents = [r for r in services.renderers.documents if type(r).__name__ != "ReportPdf"]
    return replace(services, renderers=replace(services.renderers, documents=documents))


if __name__ == "__main__":
    main()
