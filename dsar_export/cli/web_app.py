"""`dsar-export serve`: the pages for people."""

from typing import Annotated

import typer

web_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@web_app.command(
    help="Answer people who have a link to their package, staff and the API, with a worker beside; on this machine "
    "alone unless settings say otherwise."
)
def serve(
    host: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Where to listen. Default: DSAR_WEB_HOST, or 127.0.0.1."),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Default: DSAR_WEB_PORT, or 8080.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=64,
            help="How many worker processes run beside the pages. Default: 1, or 0 where DSAR_BROKER_URL is set. With "
            "0, run `dsar-export worker` elsewhere.",
        ),
    ] = None,
) -> int:
    from dsar_export.cli.commands.serve import run_serve

    return run_serve(host, port, workers)
