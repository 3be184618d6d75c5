"""Exports one verified person's data, from register to package in one go."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from dsar_export import VERSION
from dsar_export.delivery.passphrases import refuse_existing, write_passphrase
from dsar_export.errors import NobodyFoundError, SourceLostError
from dsar_export.export.gaps import identity_gaps
from dsar_export.export.pipeline import Subject, count_dataset, seal_dataset
from dsar_export.identities.search import identify
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Gap
from dsar_export.model.package import (
    DatasetAnswer,
    MemberRole,
    PackageContents,
    ReportChoices,
    SourceMoment,
)
from dsar_export.model.register import Register
from dsar_export.model.request import SubjectRequest
from dsar_export.register_check.undecided import undecided_gaps
from dsar_export.sealing.archive import assemble, publish, withdrawn_on_failure
from dsar_export.sealing.documents import seal_documents
from dsar_export.sealing.workspace import workspace
from dsar_export.sealing.writer import Sealer
from dsar_export.use_cases.open_sources import OpenSources, opened_sources
from dsar_export.use_cases.promises import answer_promises
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.stated_gaps import split_gaps

T = TypeVar("T")

ATTEMPTS: Final = 3  # a conflict on a replica is temporary; a database that is down usually stays down


@dataclass(frozen=True)
class PackageOrder:
    """Where a package goes, its passphrase, the choices for its report, and whether it may be empty."""

    out: Path
    passphrase: str
    report: ReportChoices
    passphrase_file: Path | None = None
    nothing_held_confirmed: bool = False


@dataclass(frozen=True)
class ExportResult:
    """The result of an export; `package` is None after a dry run.

    `register_behind` are tables and columns that the register does not mention and that do not concern this person.
    """

    request: SubjectRequest
    package: Path | None
    identity: Identity
    datasets: tuple[DatasetAnswer, ...]
    gaps: tuple[Gap, ...]
    register_behind: tuple[Gap, ...] = ()
    moments: tuple[SourceMoment, ...] = ()
    time_zone: str = "UTC"
    """The controller's."""


def count_only(services: Services, request: SubjectRequest) -> ExportResult:
    """A dry run: runs every stage and writes nothing."""
    return _retried_if_lost(lambda: _count(services, request))


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
        yield _retried_if_lost(lambda: _export(services, request, order, package))


def _retried_if_lost(attempt: Callable[[], T]) -> T:
    """Starts again if a source was lost before its rows were used; from the beginning, with new snapshots."""
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except SourceLostError:
            continue
    return attempt()


def _count(services: Services, request: SubjectRequest) -> ExportResult:
    with _opened_subject(services, request) as (sources, subject):
        source_gaps = _source_gaps(services, sources, subject)
        answers = tuple(count_dataset(subject, p, services.progress) for p in sources.plans.values())
    _refuse_nobody(answers)
    zone = services.time_zone(request.controller)
    return _counted(request, subject.identity, answers, source_gaps, sources, zone)


def _counted(
    request: SubjectRequest,
    identity: Identity,
    answers: tuple[DatasetAnswer, ...],
    source_gaps: Sequence[Gap],
    sources: OpenSources,
    zone: str,
) -> ExportResult:
    """The result before there is a package."""
    gaps = split_gaps(source_gaps, answers)
    return ExportResult(
        request, None, identity, answers, gaps.stated, gaps.register_behind, sources.moments, zone
    )


def _export(services: Services, request: SubjectRequest, order: PackageOrder, package: Path) -> ExportResult:
    with ExitStack() as stack:
        sources, subject = stack.enter_context(_opened_subject(services, request))
        source_gaps = _source_gaps(services, sources, subject)
        folder = stack.enter_context(workspace(order.out, request.reference))
        sealer = Sealer(folder, order.passphrase)
        answers = tuple(
            seal_dataset(subject, p, services.renderers, sealer, services.progress)
            for p in sources.plans.values()
        )
        if not order.nothing_held_confirmed:
            _refuse_nobody(answers)
        zone = services.time_zone(request.controller)
        counted = _counted(request, subject.identity, answers, source_gaps, sources, zone)
        result = replace(counted, package=package)
        contents = _contents(services, order, sources.register, result, sealer)
        plain = seal_documents(contents, services.renderers.documents, sealer)
        # Documents first: a person who opens the package sees the report before the data.
        parts = sorted(sealer.parts, key=lambda p: p.member.role is not MemberRole.DOCUMENT)
        temporary = assemble(plain, parts, folder)
        if order.passphrase_file is not None:
            # Not earlier: a SIGKILL would have left it beside ciphertext that it opens.
            write_passphrase(order.passphrase_file, order.passphrase)
        publish(temporary, package)
    return result


@contextmanager
def _opened_subject(services: Services, request: SubjectRequest) -> Iterator[tuple[OpenSources, Subject]]:
    """Opens the sources and identifies the subject in their snapshots."""
    with opened_sources(services, request) as sources:
        yield sources, sources.subject(services, identify(sources.reader, request))


def _refuse_nobody(answers: Sequence[DatasetAnswer]) -> None:
    if not any(a.outcome.read for a in answers):
        raise NobodyFoundError(
            "no dataset has data under these identifiers; no package was made. Ask for another identifier, "
            "or use --confirm-nothing-held for a package that states that nothing is held"
        )


def _source_gaps(services: Services, sources: OpenSources, subject: Subject) -> tuple[Gap, ...]:
    """Identifiers that were not followed, and tables and columns that the register does not mention."""
    gaps = [*identity_gaps(subject.identity)]
    organisation = services.register.organisation
    for name, description in sources.descriptions.items():
        own = [d for d in sources.datasets if d.source == name]
        gaps += undecided_gaps(name, organisation.sources[name], description, own, organisation.subject)
    return tuple(gaps)


def _contents(
    services: Services, order: PackageOrder, register: Register, result: ExportResult, sealer: Sealer
) -> PackageContents:
    return PackageContents(
        request=result.request,
        register=register,
        controller=register.organisation.controllers[result.request.controller],
        datasets=result.datasets,
        promises=answer_promises(register, result.datasets, result.gaps),
        gaps=result.gaps,
        created=services.clock(),
        software=f"dsar-export {VERSION}",
        identity=result.identity,
        report=order.report,
        records=sealer.records,
        moments=result.moments,
    )
