"""Makes a package of what was found, whether just now or in a Draft."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dsar_export import VERSION
from dsar_export.delivery.passphrases import write_passphrase
from dsar_export.errors import NobodyFoundError, SourceUnreadableError
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Gap
from dsar_export.model.package import (
    DatasetAnswer,
    MemberRole,
    NotCovered,
    PackageContents,
    ReportChoices,
    SourceMoment,
)
from dsar_export.model.register import Register
from dsar_export.model.request import SubjectRequest
from dsar_export.model.work import WorkStep
from dsar_export.sealing.archive import assemble, publish
from dsar_export.sealing.documents import seal_documents
from dsar_export.sealing.workspace import workspace
from dsar_export.sealing.writer import Sealer
from dsar_export.use_cases.promises import answer_promises
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.stated_gaps import split_gaps

MANIFEST: Final = "tagmanifest-sha256.txt"
"""The member with the hashes of all others, that of the payload's own manifest among them."""


_IN_MEMORY: Final = (
    1 << 22
)  # bytes of small parts: a file for each would take a tenth of the time of a small package


@dataclass(frozen=True)
class PackageOrder:
    """Where a package goes, its passphrase, the choices for its report, and whether it may be empty."""

    out: Path
    passphrase: str
    report: ReportChoices
    passphrase_file: Path | None = None
    nothing_held_confirmed: bool = False
    gaps_accepted: bool = False
    """Whether sources that can't be read may be left out, and what is undecided, as gaps."""
    page: bytes | None = field(default=None, repr=False)
    """What is written beside the package as open.html; None where nobody gets the package from this folder."""


@dataclass(frozen=True)
class ExportResult:
    """The result of an export; `package` is None after a dry run, and once a store has it, at `place`.

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
    not_covered: tuple[NotCovered, ...] = ()
    """The datasets that are outside an agent's mandate."""
    place: str | None = None
    """Where the package lies: a path or, in a store, an address."""
    opener: Path | None = None
    """The page beside the package that opens it."""
    manifest: str | None = field(default=None, repr=False)
    """The SHA-256 of `MANIFEST`. It is kept with a key only: what a short package holds could be guessed from it."""
    subject: str | None = None
    """The kind of people as one of whom the person is answered."""


@dataclass(frozen=True)
class Findings:
    """Who the subject is, and what is known of the sources before any dataset is read.

    `register` is the controller's own part; `source_gaps` are those of identifiers, tables and columns.
    """

    request: SubjectRequest
    register: Register
    identity: Identity
    source_gaps: tuple[Gap, ...]
    moments: tuple[SourceMoment, ...]
    not_covered: tuple[NotCovered, ...] = ()

    def counted(self, answers: tuple[DatasetAnswer, ...]) -> ExportResult:
        """The result before there is a package."""
        gaps = split_gaps(self.source_gaps, answers)
        zone = self.register.organisation.controllers[self.request.controller].time_zone
        return ExportResult(
            self.request,
            None,
            self.identity,
            answers,
            gaps.stated,
            gaps.register_behind,
            self.moments,
            zone,
            self.not_covered,
            subject=self.register.kind,
        )


SealDatasets = Callable[[Sealer], tuple[DatasetAnswer, ...]]
"""Seals every dataset into members."""


def publish_package(
    services: Services, findings: Findings, seal: SealDatasets, order: PackageOrder, package: Path
) -> ExportResult:
    """Seals the datasets, makes the documents from them, and publishes both as one package."""
    # Of this package, not of the request: another attempt must not wait for one that lost the request.
    with workspace(order.out, package.stem) as folder:
        sealer = Sealer(folder, order.passphrase, _IN_MEMORY)
        answers = seal(sealer)
        if not order.nothing_held_confirmed:
            refuse_nobody(answers)
        services.progress.began(WorkStep.WRITE)
        result = replace(findings.counted(answers), package=package, place=str(package))
        contents = _contents(services, order, findings.register, result, sealer)
        plain = seal_documents(contents, services.renderers.documents, sealer)
        manifests = (part.member.sha256 for part in sealer.parts if part.member.path == MANIFEST)
        result = replace(result, manifest=next(manifests, None))
        # Documents first: a person who opens the package sees the report before the data.
        parts = sorted(sealer.parts, key=lambda p: p.member.role is not MemberRole.DOCUMENT)
        services.progress.began(WorkStep.PUBLISH)
        temporary = assemble(plain, parts, folder)
        if order.passphrase_file is not None:
            # Not earlier: a SIGKILL would have left it beside ciphertext that it opens.
            write_passphrase(order.passphrase_file, order.passphrase)
        publish(temporary, package)
    return result


def refuse_nobody(answers: Sequence[DatasetAnswer]) -> None:
    """Raises NobodyFoundError if no dataset has a row, or SourceUnreadableError if an unread source may have some."""
    if any(a.outcome.read for a in answers):
        return
    unread = sorted({a.dataset.source for a in answers if a.unread})
    if unread:
        raise SourceUnreadableError(
            f"no data was found in the sources that could be read, and {', '.join(map(repr, unread))} could not be; "
            "no package was made. Export again when all answer"
        )
    raise NobodyFoundError(
        "no dataset has data under these identifiers; no package was made. Ask for another identifier, "
        "or use --confirm-nothing-held for a package that states that nothing is held"
    )


def _contents(
    services: Services, order: PackageOrder, register: Register, result: ExportResult, sealer: Sealer
) -> PackageContents:
    return PackageContents(
        request=result.request,
        register=register,
        controller=register.organisation.controllers[result.request.controller],
        datasets=result.datasets,
        promises=answer_promises(register, result.datasets, result.gaps, result.not_covered),
        gaps=result.gaps,
        created=services.clock(),
        software=f"dsar-export {VERSION}",
        identity=_shown_identity(result),
        report=order.report,
        records=sealer.records,
        moments=result.moments,
        not_covered=result.not_covered,
    )


def _shown_identity(result: ExportResult) -> Identity:
    """The identifiers that a package may show: an agent gets none beside those given and those of covered datasets."""
    identity = result.identity
    if not result.request.scope:
        return identity
    kinds = {key.identifier for answer in result.datasets for key in answer.dataset.subject_keys}
    shown = tuple(r for r in identity.known if r.parent is None or r.identifier.kind in kinds)
    return replace(identity, known=shown)
