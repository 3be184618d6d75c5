"""`dsar-export webhook …`: other systems that are notified when a request changes its state."""

from typing import Annotated

import typer

from dsar_export.cli.options import Json, RegisterOption

webhook_app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="Other systems that are notified when a request changes its state.",
)


@webhook_app.command(help="Make a webhook and show its secret, once.")
def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="https://host/path; - to read it from standard input.")
    ],
    controller: Annotated[list[str], typer.Option(metavar="ID", help="A controller; repeat it for several.")],
    event: Annotated[
        list[str] | None,
        typer.Option(metavar="STATE", help="A state to be notified of; repeat it. Default: all of them."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What it is called. Default: a number of its own.")
    ] = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.webhook import AddArguments, run_add

    return run_add(register, AddArguments(url, tuple(controller), tuple(event or ()), name), as_json=as_json)


@webhook_app.command("list", help="Show all webhooks, what waits for each, and what is parked.")
def list_(as_json: Json = False) -> int:
    from dsar_export.cli.commands.webhook import run_list

    return run_list(as_json=as_json)


@webhook_app.command(help="End a webhook at once, with what waits for it.")
def end(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `webhook list` shows it.")],
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.webhook import run_end

    return run_end(name, as_json=as_json)


@webhook_app.command(
    help="Send what waits; for cron, if no worker runs. Exit 1 if a message is parked by it."
)
def send(
    limit: Annotated[int, typer.Option(min=1, help="The most messages of one run.")] = 100,
    parked: Annotated[bool, typer.Option("--parked", help="Try again what is parked, too.")] = False,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.webhook import run_send

    return run_send(limit, parked=parked, as_json=as_json)
