"""What administrators run: `doctor`, `hold`, `purge`, `database …` and `keys …`."""

from pathlib import Path
from typing import Annotated

import typer

from dsar_export.cli.options import Json, ReasonFile, Reference, RegisterOption, Yes

operating_app = typer.Typer(add_completion=False, rich_markup_mode=None)
database_app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="The database of requests: upgrades and restores."
)
keys_app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="The key file, which opens everything about requests."
)


@operating_app.command(help="Check that database, keys, stores and trail fit; exit 1 if it finds a problem.")
def doctor(as_json: Json = False) -> int:
    from dsar_export.cli.commands.doctor import run_doctor

    return run_doctor(as_json=as_json)


@operating_app.command(help="Keep everything about a request until a day, for a reason, or end that.")
def hold(
    reference: Reference,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="The last day of the hold, in ISO 8601, in the controller's time zone."
        ),
    ] = None,
    end: Annotated[bool, typer.Option("--end", help="End the hold now.")] = False,
    reason_file: ReasonFile = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.storage import run_hold

    return run_hold(register, reference, until, reason_file, end=end, as_json=as_json)


@operating_app.command(
    help="Erase what this tool keeps about requests after the storage periods of the register; for cron."
)
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only; erase nothing.")] = False,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.storage import run_purge

    return run_purge(register, dry_run=dry_run, as_json=as_json)


@database_app.command(help="Bring the tables to this version, after a newer program was installed.")
def upgrade(as_json: Json = False) -> int:
    from dsar_export.cli.commands.database import run_upgrade

    return run_upgrade(as_json=as_json)


@database_app.command(help="Accept a database that was restored from a backup: shows its trail, then asks.")
def restored(yes: Yes = False, as_json: Json = False) -> int:
    from dsar_export.cli.commands.database import run_restored

    return run_restored(yes=yes, as_json=as_json)


@keys_app.command(help="Make new keys and seal everything anew with them.")
def rotate(
    drop_old: Annotated[
        bool,
        typer.Option("--drop-old", help="Make none; remove the earlier ones, which nothing needs any more."),
    ] = False,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.keys import run_rotate

    return run_rotate(drop_old=drop_old, as_json=as_json)


@keys_app.command(help="Write the key of the trail to a new file, for an auditor with docs/verify_trail.py.")
def trail(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The new file (mode 0600).")],
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.keys import run_trail

    return run_trail(out, as_json=as_json)
