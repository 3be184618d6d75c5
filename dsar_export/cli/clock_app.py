"""`dsar-export request due | extend | pause | resume`: when a request is due, and what moves that day."""

from typing import Annotated

import typer

from dsar_export.cli.options import Json, ReasonFile, Reference, RegisterOption

clock_app = typer.Typer(add_completion=False, rich_markup_mode=None)

On = Annotated[
    str | None,
    typer.Option(
        metavar="DATE", help="When it was, in ISO 8601, in the controller's time zone. Default: now."
    ),
]


@clock_app.command(help="Show when the answer is due, with each step of the reckoning in a sentence.")
def due(
    reference: Reference,
    language: Annotated[
        str, typer.Option(metavar="TAG", help="Language of the sentences, such as de.")
    ] = "en-GB",
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_clock import run_due

    return run_due(register, reference, language, as_json=as_json)


@clock_app.command(help="Extend the time limit to three months, within the first; inform the person.")
def extend(
    reference: Reference,
    reason_file: ReasonFile = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_clock import run_extend

    return run_extend(register, reference, reason_file, as_json=as_json)


@clock_app.command(help="Record that the person was asked for something, until which the clock stops.")
def pause(
    reference: Reference,
    ground: Annotated[str, typer.Option(help="clarification, identity or fee.")],
    on: On = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_clock import run_pause

    return run_pause(register, reference, ground, on, as_json=as_json)


@clock_app.command(help="Record that what the person was asked for has arrived.")
def resume(
    reference: Reference, on: On = None, register: RegisterOption = None, as_json: Json = False
) -> int:
    from dsar_export.cli.commands.request_clock import run_resume

    return run_resume(register, reference, on, as_json=as_json)
