"""`dsar-export package …`: what becomes of packages that wait for the person."""

from pathlib import Path
from typing import Annotated

import typer

from dsar_export.cli.options import Json, PassphraseFile, Reference

package_app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="Packages that wait for people: their links, passphrases and copies.",
)


@package_app.command(
    "list", help="List the packages that wait for people, or that they got, with their links."
)
def list_packages(as_json: Json = False) -> int:
    from dsar_export.cli.commands.package import run_list

    return run_list(as_json=as_json)


@package_app.command(help="Show the passphrase of what a worker built: once, then it is erased.")
def reveal(
    reference: Reference,
    write_passphrase: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.package import run_reveal

    return run_reveal(reference, write_passphrase, as_json=as_json)


@package_app.command(help="Copy the packages to a folder; each is compared with its SHA-256.")
def fetch(
    reference: Reference,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to copy them; no file is overwritten.")],
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.package import run_fetch

    return run_fetch(reference, out, as_json=as_json)


@package_app.command(help="Make the links to the packages of a request void, with the downloads that go on.")
def revoke(reference: Reference, as_json: Json = False) -> int:
    from dsar_export.cli.commands.package import run_revoke

    return run_revoke(reference, as_json=as_json)
