"""`dsar-export mail …`: sends what waits in the outbox, and shows what became of it."""

from pathlib import Path
from typing import Annotated

import typer

from dsar_export.cli.options import Json

mail_app = typer.Typer(add_completion=False, rich_markup_mode=None, help="Mail that waits to be sent.")


@mail_app.command(
    help="Send what waits; for cron. Exit 1 if the mail server can't be used or mail ended unsent."
)
def send(
    limit: Annotated[int, typer.Option(min=1, help="The most mails of one run.")] = 100,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.mail import run_send

    return run_send(limit, as_json=as_json)


@mail_app.command(
    help="Read one bounced mail, a delivery status notification, from standard input or a file; for a mail server's "
    "pipe. Exit 2 if it is none, or about no mail of ours."
)
def bounced(
    file: Annotated[
        Path,
        typer.Argument(metavar="[FILE]", help="The notification; - for standard input.", show_default=False),
    ] = Path("-"),
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.mail import run_bounced

    return run_bounced(file, as_json=as_json)


@mail_app.command("list", help="Show what became of mail: states and codes, no addresses.")
def list_(as_json: Json = False) -> int:
    from dsar_export.cli.commands.mail import run_list

    return run_list(as_json=as_json)
