"""Exports one verified person's data, from register to package in one go."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from dsar_export.delivery.page_beside import page_beside
from dsar_export.delivery.passphrases import refuse_existing
from dsar_export.errors import WrongUseError
from dsar_export.export.pipeline import count_dataset, seal_dataset, unread_dataset
from dsar_export.model.outcome import Gap
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.request import SubjectRequest
from dsar_export.register_check.decisions import is_undecided
from dsar_export.sealing.archive import withdrawn_on_failure
from dsar_export.sealing.writer import Sealer
from dsar_export.use_cases.find_subject import found_subject, retried_if_lost, without_unreadable
from dsar_export.use_cases.package import (
    ExportResult,
    PackageOrder,
    publish_package,
    refuse_nobody,
)
from dsar_export.use_cases.services import Services


def count_only(services: Services, request: SubjectRequest, *, gaps_accepted: bool = False) -> ExportResult:
    """A dry run: runs every stage and writes nothing."""
    return _tried(partial(_count, services, request), gaps_accepted=gaps_accepted)


@contextmanager
def exported_package(
    services: Services, request: SubjectRequest, order: PackageOrder
) -> Iterator[ExportResult]:
    """Builds one package and publishes it at `order.out` under the request's reference.

    If the block fails, for example because the passphrase could not be shown, the package is deleted. The page that
    opens it lies beside it.
    """
    refuse_existing(order.passphrase_file)
    package = order.out / f"{request.reference}.zip"
    kept = [] if order.passphrase_file is None else [order.passphrase_file]
    with withdrawn_on_failure(package, *kept):
        attempt = partial(_export, services, request, order, package)
        result = _tried(attempt, gaps_accepted=order.gaps_accepted)
        if order.page is None:
            yield result
        else:
            with page_beside(order.out, order.page) as opener:
                yield replace(result, opener=opener)


def _tried(attempt: Callable[[frozenset[str]], ExportResult], *, gaps_accepted: bool) -> ExportResult:
    """Without the sources that can't be read, if somebody accepts that they are missing."""
    return without_unreadable(attempt) if gaps_accepted else retried_if_lost(partial(attempt, frozenset()))


def _count(services: Services, request: SubjectRequest, unread: frozenset[str]) -> ExportResult:
    with found_subject(services, request, unread) as (sources, subject, findings):
        answers = tuple(
            unread_dataset(plan)
            if plan.dataset.source in unread
            else count_dataset(subject, plan, services.progress)
            for plan in sources.plans.values()
        )
    refuse_nobody(answers)
    return findings.counted(answers)


def _export(
    services: Services, request: SubjectRequest, order: PackageOrder, package: Path, unread: frozenset[str]
) -> ExportResult:
    with found_subject(services, request, unread) as (sources, subject, findings):
        if not order.gaps_accepted:
            _refuse_undecided(gap for gap in findings.source_gaps if not gap.within_rows)

        def sealed(sealer: Sealer) -> tuple[DatasetAnswer, ...]:
            answers = tuple(
                unread_dataset(plan)
                if plan.dataset.source in unread
                else seal_dataset(subject, plan, services.renderers, sealer, services.progress)
                for plan in sources.plans.values()
            )
            if not order.gaps_accepted:
                _refuse_undecided(findings.counted(answers).gaps)
            return answers

        return publish_package(services, findings, sealed, order, package)


def _refuse_undecided(gaps: Iterable[Gap]) -> None:
    """Raises WrongUseError if the package would lack what nobody has decided on, and nobody has accepted that."""
    undecided = ", ".join(sorted({repr(gap.dataset or gap.source) for gap in gaps if is_undecided(gap)}))
    if undecided:
        raise WrongUseError(
            f"nobody has decided yet on tables or columns of {undecided}, so the package would lack them; no package "
            "was made. Decide on them in the register, or accept the gaps with --accept-gaps REASON"
        )
