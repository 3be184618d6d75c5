"""One export for a verified person, from register to package in one go, as support staff does it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dsar_export import VERSION
from dsar_export.errors import NobodyFoundError, SourceUnreadableError, WrongUseError
from dsar_export.export.assemble import assemble, publish, withdrawn_on_failure
from dsar_export.export.documents import seal_documents
from dsar_export.export.identify import identify
from dsar_export.export.pipeline import Renderers, Subject, count_dataset, seal_dataset
from dsar_export.export.seal import Sealer
from dsar_export.export.withhold import answerable
from dsar_export.export.workspace import workspace
from dsar_export.handling.keep_passphrase import refuse_existing, write_passphrase
from dsar_export.handling.promises import answer_promises
from dsar_export.interfaces import Clock, Collector, Progress, Snapshot
from dsar_export.model.outcome import Gap
from dsar_export.model.package import DatasetAnswer, MemberRole, PackageContents
from dsar_export.model.register import Dataset, Register
from dsar_export.model.request import SubjectRequest
from dsar_export.model.source import Selection
from dsar_export.register_check.references import refuse_broken_references
from dsar_export.register_check.undecided import undecided_gaps
from dsar_export.register_file import nearest


@dataclass(frozen=True)
class House:
    """What answers requests: the register, its collectors by source, renderers, progress and clock."""

    register: Register
    collectors: Mapping[str, Collector]
    renderers: Renderers
    progress: Progress
    clock: Clock


@dataclass(frozen=True)
class PackageOrder:
    """Where a package goes, what opens it, where that is kept, and whether an empty one is wanted."""

    out: Path
    passphrase: str
    passphrase_file: Path | None = None
    nothing_held_confirmed: bool = False


@dataclass(frozen=True)
class ExportResult:
    """What an export came to; `package` is None after a dry run."""

    request: SubjectRequest
    package: Path | None
    datasets: tuple[DatasetAnswer, ...]
    gaps: tuple[Gap, ...]


def count_only(house: House, request: SubjectRequest) -> ExportResult:
    """A dry run: every stage, nothing written."""
    with _subject(house, request) as (subject, datasets):
        gaps = _gaps(house, subject)
        answers = tuple(count_dataset(subject, d, house.progress) for d in datasets)
    _somebody(answers)
    return ExportResult(request, None, answers, gaps)


@contextmanager
def exported_package(house: House, request: SubjectRequest, order: PackageOrder) -> Iterator[ExportResult]:
    """Builds one package and publishes it at `order.out` under the request's reference.

    If the block fails, as when nobody could be told the passphrase, the package is taken back.
    """
    refuse_existing(order.passphrase_file)
    package = order.out / f"{request.reference}.zip"
    kept = [] if order.passphrase_file is None else [order.passphrase_file]
    with withdrawn_on_failure(package, *kept):
        yield _export(house, request, order, package)


def _export(house: House, request: SubjectRequest, order: PackageOrder, package: Path) -> ExportResult:
    with ExitStack() as stack:
        subject, datasets = stack.enter_context(_subject(house, request))
        gaps = _gaps(house, subject)
        folder = stack.enter_context(workspace(order.out, request.reference))
        sealer = Sealer(folder, order.passphrase)
        answers = tuple(
            seal_dataset(subject, d, house.renderers.datasets, sealer, house.progress) for d in datasets
        )
        if not order.nothing_held_confirmed:
            _somebody(answers)
        contents = _contents(house, request, answers, gaps)
        plain = seal_documents(contents, house.renderers.documents, sealer)
        # Documents first: a person who opens the package sees the report before the data.
        parts = sorted(sealer.parts, key=lambda p: p.member.role is not MemberRole.DOCUMENT)
        temporary = assemble(plain, parts, folder)
        if order.passphrase_file is not None:
            # Only now: a SIGKILL before would have left it beside ciphertext that it opens.
            write_passphrase(order.passphrase_file, order.passphrase)
        publish(temporary, package)
    return ExportResult(request, package, answers, gaps)


@contextmanager
def _subject(house: House, request: SubjectRequest) -> Iterator[tuple[Subject, tuple[Dataset, ...]]]:
    """The subject's identifiers over one snapshot a source, with the datasets to answer, all probed."""
    register = house.register
    datasets = _answerable(register, request)
    with ExitStack() as stack:
        needed = _sources(register, request.controller, datasets)
        snapshots = {name: _opened(house, name, datasets, stack) for name in needed}
        for dataset in datasets:  # a renamed column is told before anything is read
            snapshots[dataset.source].probe(Selection(dataset, frozenset(request.identifiers)))
        identifiers = identify(register, request.identifiers, snapshots)
        yield Subject(register, request.right, identifiers, snapshots), datasets


def _answerable(register: Register, request: SubjectRequest) -> tuple[Dataset, ...]:
    answerable(request.right)
    refuse_broken_references(register)
    controllers = register.organisation.controllers
    if request.controller not in controllers:
        raise WrongUseError(
            f"no controller {request.controller!r} in the register; {nearest(request.controller, controllers)}"
        )
    if not request.identifiers:
        raise WrongUseError("no identifier was given; use --identifiers-file FILE, or - for standard input")
    return register.datasets_of(request.controller)


def _sources(register: Register, controller: str, datasets: Sequence[Dataset]) -> list[str]:
    sources = register.organisation.sources
    linked = [ln.source for ln in register.organisation.links if controller in sources[ln.source].controllers]
    return list(dict.fromkeys([*(d.source for d in datasets), *linked]))


def _opened(house: House, source: str, datasets: Sequence[Dataset], stack: ExitStack) -> Snapshot:
    try:
        return stack.enter_context(house.collectors[source].snapshot())
    except SourceUnreadableError as error:
        waiting = ", ".join(d.name for d in datasets if d.source == source)
        raise SourceUnreadableError(f"{error}; not read: {waiting or 'its links'}") from None


def _somebody(answers: Sequence[DatasetAnswer]) -> None:
    if not any(a.outcome.read for a in answers):
        raise NobodyFoundError(
            "no dataset holds anything under these identifiers; no package was made. Ask for another identifier, "
            "or say --confirm-nothing-held for a package that says so"
        )


def _gaps(house: House, subject: Subject) -> tuple[Gap, ...]:
    """What the sources hold by now that the register does not speak of; the person and staff are told."""
    register = house.register
    return tuple(
        gap
        for name in subject.snapshots
        for gap in undecided_gaps(
            name,
            register.organisation.sources[name],
            house.collectors[name].describe(),
            tuple(d for d in register.datasets if d.source == name),
        )
    )


def _contents(
    house: House, request: SubjectRequest, answers: tuple[DatasetAnswer, ...], gaps: tuple[Gap, ...]
) -> PackageContents:
    return PackageContents(
        request=request,
        register=house.register,
        controller=house.register.organisation.controllers[request.controller],
        datasets=answers,
        promises=answer_promises(house.register, answers, gaps),
        gaps=gaps,
        created=house.clock(),
        software=f"dsar-export {VERSION}",
    )
