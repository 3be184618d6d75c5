"""`dsar-export request letter`: what the controller writes to the person."""

from pathlib import Path
from typing import Annotated

import typer

from dsar_export.cli.options import Json, Reference, RegisterOption

letter_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@letter_app.command(help="Write a letter to the person; prints it, makes a PDF, or mails it.")
def letter(
    reference: Reference,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="acknowledgement, question, extension, refusal, gap, delivery, complaint, nothing_held or outcome.",
        ),
    ],
    language: Annotated[
        str | None,
        typer.Option(metavar="TAG", help="Language of the letter, such as de. Default: that of the request."),
    ] = None,
    text_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The question; or the reason in the person's words, instead of the recorded one; - for standard "
            "input.",
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="When the complaint arrived, in ISO 8601.")
    ] = None,
    pdf: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a PDF to this new file (mode 0600) instead of printing it."),
    ] = None,
    mail: Annotated[
        bool,
        typer.Option("--mail", help="Put it into the outbox, for an address of the person that is on file."),
    ] = False,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_letter import Wish, run_letter

    wish = Wish(kind, language, text_file, on, pdf, mail)
    return run_letter(register, reference, wish, as_json=as_json)
