"""Builds the packages of an approved request, one for each right, from its Draft and from nothing else."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dsar_export.delivery.passphrases import refuse_existing, write_passphrase
from dsar_export.errors import NotWritableError, StaleError, StoreUnusableError
from dsar_export.model.people import Role
from dsar_export.register.files import PartsOf
from dsar_export.requests.decisions import decisions_hash, decisions_of
from dsar_export.requests.packages import PublishedPackage, add_package, packages_of
from dsar_export.requests.requests import StoredRequest
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import move, version_of_attempt
from dsar_export.sealing.workspace import workspace
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
) -> Iterator[tuple[ExportResult, ...]]:
    """Builds and publishes a package for each right; one passphrase opens all.

    If the block fails, for example because the passphrase could not be shown, all are withdrawn.
    """
    refuse_existing(order.passphrase_file)  # before the request is changed for nothing
    request = _begun(desk, reference)
    with _failure_noted(desk, request), _undone_unless_published(desk, request) as undo:
        sweep(desk)
        built = _built(desk, services, parts_of, request, order, undo)
        yield tuple(each.result for each in built)
        _published(desk, request, built)


@dataclass(frozen=True)
class _Built:
    """A package in the store, before a row names it."""

    result: ExportResult
    name: str
    sha256: str


def _built(
    desk: Desk,
    services: Services,
    parts_of: PartsOf,
    request: StoredRequest,
    order: PackageOrder,
    undo: ExitStack,
) -> tuple[_Built, ...]:
    listed = request.listed
    ledger_hash = listed.approved_ledger_hash or ""
    draft = open_draft(draft_place(desk, request), listed.draft or "", ledger_hash, listed.reference)
    progress = LeasedProgress(desk, listed.reference, listed.attempt, services.progress)
    own = with_kept_register(with_progress(services, progress), draft, parts_of)
    asked = subject_request(desk, request)
    built = []
    with workspace(order.out, f"{listed.reference}-{listed.attempt}") as folder:
        here = replace(order, out=folder, passphrase_file=None)
        for right in listed.rights:
            name = package_name(listed.reference, listed.attempt, right)
            result = built_package(own, replace(asked, right=right), draft, here, folder / name)
            sha256 = _hash(folder / name)
            undo.callback(_deleted, desk, name)
            desk.packages.adopt(name, folder / name)
            result = replace(result, package=None, place=desk.packages.place(name))
            built.append(_Built(result, name, sha256))
    if order.passphrase_file is not None:
        # Not earlier: a SIGKILL would have left it beside packages that do not count.
        write_passphrase(order.passphrase_file, order.passphrase)
        undo.callback(order.passphrase_file.unlink, missing_ok=True)
    return tuple(built)


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
def _undone_unless_published(desk: Desk, request: StoredRequest) -> Iterator[ExitStack]:
    """If the block fails, undoes what it has put on the stack, but not if rows name the packages by then."""
    undo = ExitStack()
    try:
        yield undo
    except BaseException:
        if not _is_published(desk, request):
            with suppress(OSError):
                undo.close()
        raise


def _deleted(desk: Desk, name: str) -> None:
    with suppress(NotWritableError, StoreUnusableError):  # a sweep will find it
        desk.packages.delete(name)


def _is_published(desk: Desk, request: StoredRequest) -> bool:
    reference, attempt = request.listed.reference, request.listed.attempt
    with desk.looking() as act:
        packages = packages_of(act.connection, [reference]).get(reference, ())
    return any(package.attempt == attempt for package in packages)


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


def _published(desk: Desk, request: StoredRequest, built: Sequence[_Built]) -> None:
    """Names all packages in one transaction, so that all of them count or none."""
    reference, attempt = request.listed.reference, request.listed.attempt
    with desk.acting() as act:
        version = version_of_attempt(act.connection, reference, attempt)
        move(act.connection, reference, version, Action.PUBLISH, act.at)
        for each in built:
            result, right = each.result, each.result.request.right
            hmac = result.manifest and desk.vault.manifest_hmac(reference, right, result.manifest)
            package = PublishedPackage(reference, right, each.name, each.sha256, attempt, act.at, hmac)
            add_package(act.connection, package)
            act.note("publish", request, right=right, package=each.sha256, gaps=len(result.gaps))


def _failed(desk: Desk, request: StoredRequest) -> None:
    reference, attempt = request.listed.reference, request.listed.attempt
    with desk.acting() as act:
        version = version_of_attempt(act.connection, reference, attempt)
        move(act.connection, reference, version, Action.FAIL, act.at, failed_step="build")
        act.note("fail", request, step="build", attempt=attempt)


def _hash(package: Path) -> str:
    with package.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
