"""`request mandate`, `hand-on` and `identify`: what follows the intake of a letter, before anything is collected."""

from typing import Annotated

import typer

from dsar_export.cli.options import AgentFile, Json, MandateDatasets, MandateUntil, Reference, RegisterOption

intake_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@intake_app.command(help="Correct or add an agent's mandate; after another scope, collect again.")
def mandate(
    reference: Reference,
    agent_file: AgentFile = None,
    mandate_dataset: MandateDatasets = None,
    mandate_until: MandateUntil = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_mandate import Besides, run_mandate

    besides = Besides(agent_file, tuple(mandate_dataset or ()), mandate_until)
    return run_mandate(register, reference, besides, as_json=as_json)


@intake_app.command("hand-on", help="Record to whom you handed on what else the letter asks for.")
def hand_on(
    reference: Reference,
    handed: Annotated[
        str,
        typer.Argument(
            metavar="RIGHT=CONTACT",
            help="correction, erasure, restriction or objection, and a contact in the organisation.",
        ),
    ],
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_mandate import run_hand_on

    return run_hand_on(reference, handed, as_json=as_json)


@intake_app.command(help="Seek a verified request's identifiers in the sources, masked; collects nothing.")
def identify(reference: Reference, register: RegisterOption = None, as_json: Json = False) -> int:
    from dsar_export.cli.commands.request_work import run_identify

    return run_identify(register, reference, as_json=as_json)
