"""Exports one verified person's data, from register to package in one go."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dsar_export.delivery.passphrases import refuse_existing
from dsar_export.export.pipeline import count_dataset, seal_dataset
from dsar_export.model.request import SubjectRequest
from dsar_export.sealing.archive import withdrawn_on_failure
from dsar_export.use_cases.find_subject import found_subject, retried_if_lost
from dsar_export.use_cases.package import (
    ExportResult,
    PackageOrder,
    publish_package,
    refuse_nobody,
)
from dsar_export.use_cases.services import Services


def count_only(services: Services, request: SubjectRequest) -> ExportResult:
    """A dry run: runs every stage and writes nothing."""
    return retried_if_lost(lambda: _count(services, request))


@contextmanager
def exported_package(
    services: Services, request: SubjectRequest, order: PackageOrder
) -> Iterator[ExportResult]:
    """Builds one package and publishes it at `order.out` under the request's reference.

    If the block fails, for example because the passphrase could not be shown, the package is deleted.
    """
    refuse_existing(order.passphrase_file)
    package = order.out / f"{request.reference}.zip"
    kept = [] if order.passphrase_file is None else [order.passphrase_file]
    with withdrawn_on_failure(package, *kept):
        yield retried_if_lost(lambda: _export(services, request, order, package))


def _count(services: Services, request: SubjectRequest) -> ExportResult:
    with found_subject(services, request) as (sources, subject, findings):
        answers = tuple(count_dataset(subject, p, services.progress) for p in sources.plans.values())
    refuse_nobody(answers)
    return findings.counted(answers)


def _export(services: Services, request: SubjectRequest, order: PackageOrder, package: Path) -> ExportResult:
    with found_subject(services, request) as (sources, subject, findings):
        return publish_package(
            services,
            findings,
            lambda sealer: tuple(
                seal_dataset(subject, plan, services.renderers, sealer, services.progress)
                for plan in sources.plans.values()
            ),
            order,
            package,
        )
