"""`dsar-export request refuse | confirm-refusal | withdraw-refusal`."""

from typing import Annotated

import typer

from dsar_export.cli.options import Json, ReasonFile, Reference

refusal_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@refusal_app.command(help="Refuse a request, with ground and reason; its Draft is erased.")
def refuse(
    reference: Reference,
    ground: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help="not_identified, mandate_missing, unfounded, excessive, abusive (a second reviewer confirms it), "
            "exemption or not_covered.",
        ),
    ],
    reason_file: ReasonFile = None,
    objective_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What shows that an abusive request does not serve the purpose of the right. Default: a prompt.",
        ),
    ] = None,
    subjective_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="What shows the intent to abuse the right. Default: a prompt."),
    ] = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_refusal import run_refuse

    return run_refuse(reference, ground, (reason_file, objective_file, subjective_file), as_json=as_json)


@refusal_app.command("confirm-refusal", help="Refuse a request as another reviewer proposed.")
def confirm_refusal(reference: Reference, as_json: Json = False) -> int:
    from dsar_export.cli.commands.request_refusal import run_confirm_refusal

    return run_confirm_refusal(reference, as_json=as_json)


@refusal_app.command("withdraw-refusal", help="Take back a proposal to refuse a request, with a reason.")
def withdraw_refusal(reference: Reference, reason_file: ReasonFile = None, as_json: Json = False) -> int:
    from dsar_export.cli.commands.request_refusal import run_withdraw_refusal

    return run_withdraw_refusal(reference, reason_file, as_json=as_json)
