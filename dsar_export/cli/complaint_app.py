"""`dsar-export request complain | acknowledge-complaint | answer-complaint | complaints`."""

from typing import Annotated

import typer

from dsar_export.cli.options import Json, Reference, RegisterOption, TextFile

complaint_app = typer.Typer(add_completion=False, rich_markup_mode=None)

Number = Annotated[
    int | None,
    typer.Argument(
        metavar="NUMBER", min=1, help="The complaint's number. Default: the only one without an answer."
    ),
]


@complaint_app.command(help="Record a complaint about a request, in whatever state it is.")
def complain(
    reference: Reference,
    received: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it arrived, in ISO 8601. Default: now.")
    ] = None,
    channel: Annotated[str, typer.Option(help="letter, email, telephone, in_person or portal.")] = "email",
    text_file: TextFile = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_complaints import run_complain

    return run_complain(register, reference, (received, channel), text_file, as_json=as_json)


@complaint_app.command(
    "acknowledge-complaint", help="Record that the person was informed that their complaint arrived."
)
def acknowledge_complaint(
    reference: Reference,
    number: Number = None,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="When it was, in ISO 8601, in the controller's time zone. Default: now."
        ),
    ] = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_complaints import run_acknowledge

    return run_acknowledge(register, reference, number, on, as_json=as_json)


@complaint_app.command(
    "answer-complaint", help="Record the outcome of a complaint; not by whoever decided the request."
)
def answer_complaint(
    reference: Reference,
    outcome: Annotated[
        str,
        typer.Option(metavar="OUTCOME", help="upheld, partly_upheld or not_upheld.", show_default=False),
    ],
    number: Number = None,
    text_file: TextFile = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_complaints import run_answer

    return run_answer(register, (reference, number), outcome, text_file, as_json=as_json)


@complaint_app.command(help="Show the complaints without an answer, also about requests that have ended.")
def complaints(register: RegisterOption = None, as_json: Json = False) -> int:
    from dsar_export.cli.commands.request_complaints import run_complaints

    return run_complaints(register, as_json=as_json)
