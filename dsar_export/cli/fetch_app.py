"""`dsar-export request fetch`: gets the packages out of their store."""

from pathlib import Path
from typing import Annotated

import typer

from dsar_export.cli.options import Json, Reference

fetch_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@fetch_app.command(help="Copy the packages to a folder; each is compared with its SHA-256.")
def fetch(
    reference: Reference,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to copy them; no file is overwritten.")],
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_fetch import run_fetch

    return run_fetch(reference, out, as_json=as_json)
