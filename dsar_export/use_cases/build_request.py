"""Builds the packages of an approved request, one for each right, from its Draft and from nothing else."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from dsar_export.delivery.passphrases import refuse_existing, write_passphrase
from dsar_export.errors import NotWritableError, StaleError, StoreUnusableError
from dsar_export.model.work import Task
from dsar_export.register.files import PartsOf
from dsar_export.requests.decisions import decisions_hash, decisions_of
from dsar_export.requests.packages import PublishedPackage, add_package, packages_of
from dsar_export.requests.requests import StoredRequest, request_cell
from dsar_export.requests.states import Action
from dsar_export.sealing.workspace import workspace
from dsar_export.use_cases.attempt import AT_ONCE, Attempt, begun
from dsar_export.use_cases.build import built_package, open_draft, with_kept_register
from dsar_export.use_cases.collect_request import subject_request
from dsar_export.use_cases.desk import Act, Desk, draft_place
from dsar_export.use_cases.lease import Turn
from dsar_export.use_cases.mandates import refuse_ended_mandate
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.report_choices import ReportOptions
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.sweep import package_name, sweep


@contextmanager
def built_request(
    desk: Desk,
    services: Services,
    parts_of: PartsOf,
    reference: str,
    order: PackageOrder,
    turn: Turn = AT_ONCE,
) -> Iterator[tuple[ExportResult, ...]]:
    """Builds and publishes a package for each right; one passphrase opens all.

    If the block fails, for example because the passphrase could not be shown, all are withdrawn. Nobody sees what a
    worker builds: its passphrase is sealed into the row, until somebody reveals it.
    """
    refuse_existing(order.passphrase_file)  # before the request is changed for nothing
    turn = turn if turn.by_worker else replace(turn, options=json.dumps(vars(_options(order))))
    attempt = begun(desk, reference, Task.BUILD, turn, partial(_columns, desk))
    with _failure_noted(attempt), _undone_unless_published(attempt) as undo:
        with attempt.at_work(services) as leased:
            if not turn.by_worker:
                sweep(desk)
            built = _built(attempt, leased, parts_of, order, undo)
        yield tuple(each.result for each in built)
        _published(attempt, built, order.passphrase if turn.by_worker else None)


def _options(order: PackageOrder) -> ReportOptions:
    report = order.report
    return ReportOptions(report.language, report.every_row, report.large_print)


@dataclass(frozen=True)
class _Built:
    """A package in the store, before a row names it."""

    result: ExportResult
    name: str
    sha256: str
    size: int


def _built(
    attempt: Attempt, services: Services, parts_of: PartsOf, order: PackageOrder, undo: ExitStack
) -> tuple[_Built, ...]:
    desk, request, listed = attempt.desk, attempt.request, attempt.request.listed
    ledger_hash = listed.approved_ledger_hash or ""
    draft = open_draft(draft_place(desk, request), listed.draft or "", ledger_hash, listed.reference)
    own = with_kept_register(services, draft, parts_of)
    asked = subject_request(desk, request)
    built = []
    with workspace(order.out, f"{listed.reference}-{listed.attempt}") as folder:
        here = replace(order, out=folder, passphrase_file=None)
        for right in listed.rights:
            name = package_name(listed.reference, listed.attempt, right)
            result = built_package(own, replace(asked, right=right), draft, here, folder / name)
            sha256, size = _hash(folder / name), (folder / name).stat().st_size
            undo.callback(_deleted, desk, name)
            desk.packages.adopt(name, folder / name)
            result = replace(result, package=None, place=desk.packages.place(name))
            built.append(_Built(result, name, sha256, size))
    if order.passphrase_file is not None:
        # Not earlier: a SIGKILL would have left it beside packages that do not count.
        write_passphrase(order.passphrase_file, order.passphrase)
        undo.callback(order.passphrase_file.unlink, missing_ok=True)
    return tuple(built)


@contextmanager
def _failure_noted(attempt: Attempt) -> Iterator[None]:
    try:
        yield
    except StaleError:
        raise
    except BaseException as error:  # an interruption too: the package can be built again at once
        if not _is_published(attempt):
            attempt.failed(error)
        raise


@contextmanager
def _undone_unless_published(attempt: Attempt) -> Iterator[ExitStack]:
    """If the block fails, undoes what it has put on the stack, but not if rows name the packages by then."""
    undo = ExitStack()
    try:
        yield undo
    except BaseException:
        if not _is_published(attempt):
            with suppress(OSError):
                undo.close()
        raise


def _deleted(desk: Desk, name: str) -> None:
    with suppress(NotWritableError, StoreUnusableError):  # a sweep will find it
        desk.packages.delete(name)


def _is_published(attempt: Attempt) -> bool:
    with attempt.desk.looking() as act:
        packages = packages_of(act.connection, [attempt.reference]).get(attempt.reference, ())
    return any(package.attempt == attempt.number for package in packages)


def _columns(desk: Desk, act: Act, request: StoredRequest) -> Mapping[str, object]:
    refuse_changed(desk, act, request)
    refuse_ended_mandate(request, act.at)
    return {}


def refuse_changed(desk: Desk, act: Act, request: StoredRequest) -> None:
    """StaleError unless the approval is of this Draft and of these decisions."""
    listed = request.listed
    decisions = decisions_hash(decisions_of(act.connection, listed.reference, desk.vault))
    if listed.approved_ledger_hash is None:
        return  # the transition refuses it, and names what is possible
    if (listed.approved_ledger_hash, listed.approved_decisions_hash) != (listed.ledger_hash, decisions):
        raise StaleError(
            f"{listed.reference}: the Draft or a decision changed after the approval; review it again"
        )


def _published(attempt: Attempt, built: Sequence[_Built], passphrase: str | None) -> None:
    """Names all packages in one transaction, so that all of them count or none."""
    desk, request, reference = attempt.desk, attempt.request, attempt.reference
    cell = request_cell(reference, "passphrase_sealed")
    sealed = None if passphrase is None else desk.vault.seal(passphrase, cell)
    with desk.acting() as act:
        attempt.moved(act, Action.PUBLISH, passphrase_sealed=sealed)
        for each in built:
            result, right = each.result, each.result.request.right
            hmac = result.manifest and desk.vault.manifest_hmac(reference, right, result.manifest)
            package = PublishedPackage(
                reference, right, each.name, each.sha256, attempt.number, act.at, hmac, each.size
            )
            add_package(act.connection, package)
            act.note("publish", request, right=right, package=each.sha256, gaps=len(result.gaps))


def _hash(package: Path) -> str:
    with package.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
