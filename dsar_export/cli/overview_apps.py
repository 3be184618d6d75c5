"""`dsar-export request evidence`, `figures` and `inbox`: what happened, how it counts, and what waits."""

from pathlib import Path
from typing import Annotated

import typer

from dsar_export.cli.options import Json, Reference, RegisterOption

evidence_app = typer.Typer(add_completion=False, rich_markup_mode=None)
overview_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@evidence_app.command(
    help="Write what an authority asks for about a request, without personal data; or check what was written."
)
def evidence(
    reference: Reference,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it to this new file (mode 0600).")
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Compare a file that --json wrote with the database; exit 1 if something differs unexplained.",
        ),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Find out whether this tagmanifest-sha256.txt was in a package; exit 1 if not.",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="TAG", help="Language of the sentences on the due day, such as de. Default: English."
        ),
    ] = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_evidence import EvidenceFiles, run_evidence

    files = EvidenceFiles(out, verify, manifest, language)
    return run_evidence(register, reference, files, as_json=as_json)


@overview_app.command(
    help="Count requests by what became of them, by controller, right and month of receipt."
)
def figures(
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Count requests that were received from this day on.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Count requests that were received up to this day.")
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV: a row for each controller, right and month.")
    ] = False,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.figures import run_figures

    return run_figures(register, since, until, as_csv=as_csv, as_json=as_json)


@overview_app.command(
    help="Show what waits for you, the most urgent first, each with the command that goes on."
)
def inbox(register: RegisterOption = None, as_json: Json = False) -> int:
    from dsar_export.cli.commands.inbox import run_inbox

    return run_inbox(register, as_json=as_json)
