"""`dsar-export portal …`: where people may ask on the pages."""

from typing import Annotated

import typer

from dsar_export.cli.options import Json, RegisterOption

portal_app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="The pages on which people ask for their data themselves.",
)

Controller = Annotated[
    str, typer.Argument(metavar="CONTROLLER", help="The controller's name in the register.")
]


@portal_app.command("open", help="Let people ask this controller on the pages of `dsar-export serve`.")
def open_(controller: Controller, register: RegisterOption = None, as_json: Json = False) -> int:
    from dsar_export.cli.commands.portal import run_open

    return run_open(register, controller, as_json=as_json)


@portal_app.command(help="Let nobody in any more; what they asked stays.")
def close(controller: Controller, as_json: Json = False) -> int:
    from dsar_export.cli.commands.portal import run_close

    return run_close(controller, as_json=as_json)


@portal_app.command("list", help="Show the controllers where it is open.")
def list_(as_json: Json = False) -> int:
    from dsar_export.cli.commands.portal import run_list

    return run_list(as_json=as_json)
