"""The command line: arguments, help texts and exit codes."""

import logging
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from dsar_export import VERSION
from dsar_export.cli.api_app import api_app
from dsar_export.cli.exit_codes import EXPLAINED, ExitCode, exit_code
from dsar_export.cli.mail_app import mail_app
from dsar_export.cli.operating_apps import database_app, keys_app, operating_app
from dsar_export.cli.options import (
    AcceptGaps,
    Chosen,
    Identifiers,
    IdentifiersFile,
    Json,
    Language,
    LargePrint,
    Paper,
    PassphraseFile,
    RegisterFolder,
    Subject,
)
from dsar_export.cli.overview_apps import overview_app
from dsar_export.cli.package_app import package_app
from dsar_export.cli.portal_app import portal_app
from dsar_export.cli.register_app import register_app
from dsar_export.cli.request_app import request_app
from dsar_export.cli.signals import Interrupted, watched_signals
from dsar_export.cli.staff_apps import people_app, trail_app
from dsar_export.cli.usage import usage
from dsar_export.cli.web_app import web_app
from dsar_export.cli.webhook_app import webhook_app
from dsar_export.cli.work_app import worker_app
from dsar_export.errors import DsarExportError, SubjectAmbiguousError, WrongChoiceError, WrongUseError

app = typer.Typer(
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answers a person's request for the data that an organisation holds about them, in one sealed package."
    f"\n\n{EXPLAINED}",
)
app.add_typer(request_app, name="request")
app.add_typer(people_app, name="people")
app.add_typer(trail_app, name="trail")
app.add_typer(mail_app, name="mail")
app.add_typer(package_app, name="package")
app.add_typer(database_app, name="database")
app.add_typer(keys_app, name="keys")
app.add_typer(api_app, name="api-token")
app.add_typer(portal_app, name="portal")
app.add_typer(webhook_app, name="webhook")
app.add_typer(operating_app)
app.add_typer(register_app)
app.add_typer(worker_app)
app.add_typer(web_app)
app.add_typer(overview_app)


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code; never shows a traceback."""
    # Log lines and tracebacks of libraries may quote the data; without this handler they go to standard error.
    logging.getLogger().addHandler(logging.NullHandler())
    with watched_signals() as watch:
        try:
            result = app(list(arguments), standalone_mode=False, prog_name="dsar-export")
        except Interrupted:
            pass
        except (BrokenPipeError, SystemExit) as error:
            return _exited(error)
        except DsarExportError as error:
            if watch.received is None:
                return _failed(str(error), exit_code(error), _candidates(error))
        except typer.TyperException as error:
            return _failed(usage(error), ExitCode.WRONG_USE_OR_REGISTER)
        except Exception as error:  # noqa: BLE001 - the last resort: a traceback could show a value
            if watch.received is None:
                return _failed(_internal(error), ExitCode.INTERNAL)
        else:
            return int(result or 0)
        return _failed("interrupted; no package was left behind", 128 + (watch.received or 2))


def _exited(error: BaseException) -> int:
    """The exit code of typer's own completion, or of a closed pipe (`… | head -1`), which rich makes a SystemExit."""
    if isinstance(error, SystemExit) and not isinstance(error.__context__, OSError):
        return ExitCode.WRONG_USE_OR_REGISTER if error.code else ExitCode.DONE
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
    )  # otherwise Python would flush again at exit
    return 128 + signal.SIGPIPE


def _failed(message: str, code: int, candidates: Sequence[str] = ()) -> int:
    from dsar_export.cli import terminal

    terminal.fail(message)
    if candidates:
        terminal.show_candidates(candidates)
    return code


def _candidates(error: DsarExportError) -> Sequence[str]:
    return error.candidates if isinstance(error, SubjectAmbiguousError | WrongChoiceError) else ()


def _internal(error: Exception) -> str:
    """The place and the type of the error, without its text, which may quote the data."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"internal error: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}; "
        "no package was left behind. Please report this line as a bug"
    )


def _version(requested: bool) -> None:  # noqa: FBT001 - the signature of a typer callback
    if requested:
        typer.echo(f"dsar-export {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The options that precede a command."""


@app.command(help="Write the example organisation to DIR and export one person's data from it.")
def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write to.")] = Path("demo"),
    events: Annotated[int, typer.Option(min=0, help="How many usage events the exported person has.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed generates the same people.")] = 1,
    language: Language = None,
    paper: Paper = False,
    large_print: LargePrint = False,
    as_request: Annotated[
        bool,
        typer.Option("--as-request", help="Answer the person a second time, as a request with its trail."),
    ] = False,
    web: Annotated[
        bool,
        typer.Option("--web", help="Serve the pages of the organisation, with requests in several states."),
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where --web listens on 127.0.0.1.")] = 8080,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.demo import run_demo
    from dsar_export.use_cases.report_choices import ReportOptions

    if as_request + web + as_json > 1:
        raise WrongUseError("--as-request, --web and --json exclude each other; choose one")
    code = run_demo(out, events, seed, ReportOptions(language, paper, large_print), as_json=as_json)
    if as_request:
        from dsar_export.cli.commands.demo_request import run_demo_request

        return run_demo_request(out)
    if web:
        from dsar_export.cli.commands.demo_web import run_demo_web

        return run_demo_web(out, port)
    return code


_EXPORT_HELP = """Export the data of one verified person into a sealed package.

Pass identifiers in a file or on standard input, one KIND=VALUE per line: other users of this machine can see
the arguments of a command.

Example: dsar-export export register --controller acme --right access --out packages
--identifiers-file request.txt --verified-by "support desk" --evidence "signed in, confirmed by known address"
--write-passphrase passphrase.txt
"""


@app.command(help="Show, masked, which identifiers lead to which others, and how many people they belong to.")
def identify(
    register: RegisterFolder,
    controller: Annotated[str, typer.Option(metavar="ID", help="The legal entity that answers.")],
    identifier: Identifiers = None,
    identifiers_file: IdentifiersFile = None,
    subject: Subject = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.identify import run_identify

    given = (tuple(identifier or ()), identifiers_file)
    return run_identify(register, controller, given, subject, as_json=as_json)


@app.command(help=_EXPORT_HELP)
def export(
    register: RegisterFolder,
    controller: Annotated[str, typer.Option(metavar="ID", help="The legal entity that answers.")],
    right: Annotated[str, typer.Option(help="access (Art. 15) or portability (Art. 20).")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The folder for the package.")] = None,
    identifier: Identifiers = None,
    identifiers_file: IdentifiersFile = None,
    subject: Subject = None,
    choose: Chosen = None,
    verified_by: Annotated[str | None, typer.Option(metavar="WHO", help="Who verified the person.")] = None,
    evidence: Annotated[str | None, typer.Option(metavar="TEXT", help="The evidence for it.")] = None,
    write_passphrase: PassphraseFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count by dataset; write nothing.")] = False,
    confirm_nothing_held: Annotated[
        bool, typer.Option("--confirm-nothing-held", help="Make a package even if nothing was found.")
    ] = False,
    accept_gaps: AcceptGaps = None,
    language: Language = None,
    paper: Paper = False,
    large_print: LargePrint = False,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.export import ExportArguments, run_export
    from dsar_export.use_cases.report_choices import ReportOptions

    return run_export(
        ExportArguments(
            register=register,
            controller=controller,
            right=right,
            out=out,
            identifiers=tuple(identifier or ()),
            identifiers_file=identifiers_file,
            subject=subject,
            chosen=tuple(choose or ()),
            verified_by=verified_by,
            evidence=evidence,
            write_passphrase=write_passphrase,
            dry_run=dry_run,
            confirm_nothing_held=confirm_nothing_held,
            accept_gaps=accept_gaps,
            report=ReportOptions(language, paper, large_print),
            as_json=as_json,
        )
    )


@app.command(help="Check a package against its own manifest; exit 1 if it finds a problem.")
def inspect(
    package: Annotated[Path, typer.Argument(metavar="PACKAGE", help="The ZIP file.")],
    passphrase_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="A file with the passphrase; - for standard input. Default: prompt for it."
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.inspect import run_inspect

    return run_inspect(package, passphrase_file, as_json=as_json)
