"""Builds the package of an approved request from its Draft, and from nothing else."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dsar_export.delivery.passphrases import refuse_existing
from dsar_export.errors import StaleError
from dsar_export.model.people import Role
from dsar_export.register.files import PartsOf
from dsar_export.requests.decisions import decisions_hash, decisions_of
from dsar_export.requests.requests import StoredRequest, read_request
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import move, version_of_attempt
from dsar_export.use_cases.build import built_package, open_draft, with_kept_register
from dsar_export.use_cases.collect_request import LEASE, LeasedProgress, subject_request
from dsar_export.use_cases.desk import Desk, draft_place
from dsar_export.use_cases.mandates import refuse_ended_mandate
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.services import Services, with_progress
from dsar_export.use_cases.sweep import package_name, sweep


@contextmanager
def built_request(
    desk: Desk, services: Services, parts_of: PartsOf, reference: str, order: PackageOrder
) -> Iterator[ExportResult]:
    """Builds and publishes; if the block fails, for example because the passphrase could not be shown, it is undone."""
    refuse_existing(order.passphrase_file)  # before the request is changed for nothing
    request = _begun(desk, reference)
    with _failure_noted(desk, request):
        sweep(desk)
        result = _built(desk, services, parts_of, request, order)
    with _failure_noted(desk, request), _withdrawn_unless_published(desk, request, order):
        yield result
        _published(desk, request, result)


def _built(
    desk: Desk, services: Services, parts_of: PartsOf, request: StoredRequest, order: PackageOrder
) -> ExportResult:
    listed = request.listed
    ledger_hash = listed.approved_ledger_hash or ""
    draft = open_draft(draft_place(desk, request), listed.draft or "", ledger_hash, listed.reference)
    progress = LeasedProgress(desk, listed.reference, listed.attempt, services.progress)
    own = with_kept_register(with_progress(services, progress), draft, parts_of)
    return built_package(own, subject_request(desk, request), draft, order, _package(request, order))


def _package(request: StoredRequest, order: PackageOrder) -> Path:
    return order.out / package_name(request.listed.reference, request.listed.attempt)


@contextmanager
def _failure_noted(desk: Desk, request: StoredRequest) -> Iterator[None]:
    try:
        yield
    except StaleError:
        raise
    except BaseException:  # an interruption too: the package can be built again at once
        if not _is_published(desk, request):
            _failed(desk, request)
        raise


@contextmanager
def _withdrawn_unless_published(desk: Desk, request: StoredRequest, order: PackageOrder) -> Iterator[None]:
    """Deletes the package of a block that failed, but not one that the row names: what failed came after that."""
    try:
        yield
    except BaseException:
        if not _is_published(desk, request):
            for file in (_package(request, order), order.passphrase_file):
                with suppress(OSError):
                    if file is not None:
                        file.unlink()
        raise


def _is_published(desk: Desk, request: StoredRequest) -> bool:
    reference, attempt = request.listed.reference, request.listed.attempt
    with desk.looking() as act:
        row = read_request(act.connection, reference, desk.vault).listed
    return row.package == package_name(reference, attempt)


def _begun(desk: Desk, reference: str) -> StoredRequest:
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        listed = request.listed
        _refuse_changed(request, decisions_hash(decisions_of(act.connection, reference, desk.vault)))
        move(act.connection, reference, listed.version, Action.BUILD, act.at, lease_until=act.at + LEASE)
        refuse_ended_mandate(request, act.at)
        begun = act.request(reference, Role.AGENT, Role.REVIEWER)
        act.note("build", begun, attempt=begun.listed.attempt)
    return begun


def _refuse_changed(request: StoredRequest, decisions: str) -> None:
    """An approval is of one Draft and of the decisions that it saw."""
    listed = request.listed
    if listed.approved_ledger_hash is None:
        return  # the transition refuses it, and names what is possible
    if (listed.approved_ledger_hash, listed.approved_decisions_hash) != (listed.ledger_hash, decisions):
        raise StaleError(
            f"{listed.reference}: the Draft or a decision changed after the approval; review it again"
        )


def _published(desk: Desk, request: StoredRequest, result: ExportResult) -> None:
    package = result.package
    if package is None:
        raise ValueError("a built package has a file")
    sha256 = _hash(package)
    reference, attempt = request.listed.reference, request.listed.attempt
    with desk.acting() as act:
        version = version_of_attempt(act.connection, reference, attempt)
        move(
            act.connection,
            reference,
            version,
            Action.PUBLISH,
            act.at,
            package=package.name,
            package_sha256=sha256,
        )
        act.note("publish", request, package=sha256, gaps=len(result.gaps))


def _failed(desk: Desk, request: StoredRequest) -> None:
    reference, attempt = request.listed.reference, request.listed.attempt
    with desk.acting() as act:
        version = version_of_attempt(act.connection, reference, attempt)
        move(act.connection, reference, version, Action.FAIL, act.at, failed_step="build")
        act.note("fail", request, step="build", attempt=attempt)


def _hash(package: Path) -> str:
    with package.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
