"""What workers do, or this command at once: `request collect` and `build`; and the workers themselves."""

from typing import Annotated

import typer

from dsar_export.cli.options import (
    Json,
    Language,
    LargePrint,
    Paper,
    PassphraseFile,
    Reference,
    RegisterOption,
)
from dsar_export.errors import WrongUseError

work_app = typer.Typer(add_completion=False, rich_markup_mode=None)
worker_app = typer.Typer(add_completion=False, rich_markup_mode=None)

Now = Annotated[bool, typer.Option("--now", help="Do it here, instead of asking a worker.")]


@work_app.command(help="Have a worker collect what the sources hold into a sealed Draft.")
def collect(
    reference: Reference,
    now: Now = False,
    confirm_nothing_held: Annotated[
        bool, typer.Option("--confirm-nothing-held", help="Go on to review even if nothing was found.")
    ] = False,
    anew: Annotated[
        bool,
        typer.Option(
            "--anew",
            help="Read all sources, also those that the Draft in review has. Default: only those it lacks.",
        ),
    ] = False,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_work import run_collect
    from dsar_export.use_cases.collect_request import CollectOrder

    return run_collect(
        register, reference, CollectOrder(confirm_nothing_held, anew), now=now, as_json=as_json
    )


@work_app.command(help="Have a worker build the packages of an approved request, one for each right.")
def build(
    reference: Reference,
    now: Now = False,
    write_passphrase: PassphraseFile = None,
    language: Language = None,
    paper: Paper = False,
    large_print: LargePrint = False,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_work import run_ask_to_build, run_build
    from dsar_export.use_cases.report_choices import ReportOptions

    options = ReportOptions(language, paper, large_print)
    if now:
        return run_build(register, reference, write_passphrase, options, as_json=as_json)
    if write_passphrase is not None:
        raise WrongUseError("--write-passphrase goes with --now, or with `package reveal`")
    return run_ask_to_build(register, reference, options, as_json=as_json)


@worker_app.command(
    help="Start workers, which collect and build what is asked; ends them in order on SIGTERM."
)
def worker(
    processes: Annotated[int, typer.Option(min=1, help="How many, best one for each processor.")] = 2,
    only: Annotated[
        str | None,
        typer.Option(metavar="QUEUE", help="small or heavy: take up only such requests. Default: both."),
    ] = None,
) -> int:
    from dsar_export.cli.commands.worker import run_worker

    return run_worker(processes, only)


@worker_app.command(
    help="Show workers, what waits for them and what failed; exit 1 if nobody does what waits."
)
def workers(as_json: Json = False) -> int:
    from dsar_export.cli.commands.worker import run_workers

    return run_workers(as_json=as_json)
