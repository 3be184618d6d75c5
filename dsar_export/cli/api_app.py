"""`dsar-export api-token …`: what other systems ask by."""

from typing import Annotated

import typer

from dsar_export.cli.options import Json, RegisterOption

api_app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="Tokens by which other systems use the API."
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is called, such as `portal`.")]


@api_app.command(help="Make a token and show it, once.")
def add(
    name: Name,
    scope: Annotated[
        list[str],
        typer.Option(metavar="SCOPE", help="requests:open, :read, :deliver, :verify or :reveal; repeat it."),
    ],
    controller: Annotated[list[str], typer.Option(metavar="ID", help="A controller; repeat it for several.")],
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The last day, in ISO 8601. Default: a year from now."),
    ] = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.api_token import run_add

    return run_add(register, name, (tuple(scope), tuple(controller)), until, as_json=as_json)


@api_app.command("list", help="Show all tokens with their scopes and controllers.")
def list_(as_json: Json = False) -> int:
    from dsar_export.cli.commands.api_token import run_list

    return run_list(as_json=as_json)


@api_app.command(help="End a token at once.")
def revoke(name: Name, as_json: Json = False) -> int:
    from dsar_export.cli.commands.api_token import run_revoke

    return run_revoke(name, as_json=as_json)
