"""`dsar-export export`: exports one verified person's data into one package."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from dsar_export.cli import startup, terminal
from dsar_export.cli.identifiers import read_identifiers
from dsar_export.cli.progress import shown_progress
from dsar_export.cli.results import OPENS_WITH, print_datasets, result_json, warn_of_problems
from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.errors import WrongUseError
from dsar_export.model.request import SubjectRequest, Verification
from dsar_export.use_cases.export_once import count_only, exported_package
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.report_choices import ReportOptions, report_choices
from dsar_export.use_cases.subjects import services_about
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_opener, build_services, now


@dataclass(frozen=True)
class ExportArguments:
    """The command's arguments."""

    register: Path
    controller: str
    right: str
    out: Path | None
    identifiers: tuple[str, ...]
    identifiers_file: str | None
    subject: str | None
    chosen: tuple[str, ...]
    verified_by: str | None
    evidence: str | None
    write_passphrase: Path | None
    dry_run: bool
    confirm_nothing_held: bool
    accept_gaps: str | None
    report: ReportOptions
    as_json: bool


def run_export(arguments: ExportArguments) -> int:
    """Exports, or only counts, and shows the result."""
    verification = Verification(arguments.verified_by or "", arguments.evidence or "", now())
    identifiers = read_identifiers(arguments.identifiers, arguments.identifiers_file)
    request = verified_request(
        arguments.right, arguments.controller, identifiers, verification, arguments.chosen
    )
    if arguments.dry_run:
        return _count(arguments, request)
    if arguments.out is None:
        raise WrongUseError("--out is missing; use --out with a folder for the package")
    with ExitStack() as published:
        with shown_progress() as progress:
            services = build_services(arguments.register, progress)
            services = services_about(services, arguments.subject, request.identifiers)
            startup.resume_gc()
            report = report_choices(services.register, request.controller, arguments.report)
            passphrase = new_passphrase(report.language)
            order = PackageOrder(
                arguments.out,
                passphrase,
                report,
                arguments.write_passphrase,
                arguments.confirm_nothing_held,
                _gaps_accepted(arguments),
                build_opener().page,
            )
            result = published.enter_context(exported_package(services, request, order))
        _show(arguments, result, passphrase)
    return 0


def _gaps_accepted(arguments: ExportArguments) -> bool:
    if arguments.accept_gaps is not None and not arguments.accept_gaps.strip():
        raise WrongUseError(
            "--accept-gaps needs a reason, such as the incident during which a system is down"
        )
    return arguments.accept_gaps is not None


def _count(arguments: ExportArguments, request: SubjectRequest) -> int:
    with shown_progress() as progress:
        services = build_services(arguments.register, progress)
        services = services_about(services, arguments.subject, request.identifiers)
        startup.resume_gc()
        report_choices(
            services.register, request.controller, arguments.report
        )  # so that a dry run refuses a wrong language too
        result = count_only(services, request, gaps_accepted=_gaps_accepted(arguments))
    warn_of_problems(result)
    if arguments.as_json:
        terminal.print_json(result_json(result, arguments.accept_gaps))
    else:
        print_datasets(result)
        terminal.out().print("\ndry run: nothing was written")
    return 0


def _show(arguments: ExportArguments, result: ExportResult, passphrase: str) -> None:
    warn_of_problems(result)
    file = arguments.write_passphrase
    if arguments.as_json:
        if file is None:
            terminal.err().print(f"{terminal.PROGRAM}: passphrase, shown once: {passphrase}")
        terminal.print_json(result_json(result, arguments.accept_gaps))
        return
    shown = f"{passphrase} (shown once)" if file is None else f"in {file}"
    terminal.print_facts(
        [
            ("reference", result.request.reference),
            ("package", str(result.package)),
            ("opener", str(result.opener)),
            ("passphrase", shown),
            ("opens with", OPENS_WITH),
        ]
    )
    print_datasets(result)
    terminal.out().print("\nsend the passphrase through a different channel than the package")
