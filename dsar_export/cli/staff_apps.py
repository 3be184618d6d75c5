"""`dsar-export people …` and `dsar-export trail …`: who works here, and what was done."""

from pathlib import Path
from typing import Annotated

import typer

from dsar_export.cli.completion import open_references
from dsar_export.cli.options import IdentifiersFile, Json, RegisterOption

people_app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="Who works here, and what each may do."
)
trail_app = typer.Typer(add_completion=False, rich_markup_mode=None, help="The audit trail of all requests.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The colleague's name here.")]


@people_app.command(help="Add a colleague by the number of the user account; roles follow.")
def add(
    name: Name,
    uid: Annotated[int, typer.Option(min=0, help="The number of the user account, as `id -u` prints it.")],
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.people import run_add

    return run_add(name, uid, as_json=as_json)


@people_app.command(help="Give a colleague roles at a controller, or end them.")
def roles(
    name: Name,
    controller: Annotated[str, typer.Option(metavar="ID", help="The controller; * for all.")],
    add: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help="agent, reviewer, auditor or administrator.")
    ] = None,
    end: Annotated[list[str] | None, typer.Option(metavar="ROLE", help="A role to end now.")] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="The last day of the new roles, in ISO 8601, in the controller's time zone."
        ),
    ] = None,
    dataset: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="The only datasets that a reviewer sees.")
    ] = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.people import Limits, run_roles

    changes = (tuple(add or ()), tuple(end or ()))
    return run_roles(
        register, name, controller, changes, Limits(until, tuple(dataset or ())), as_json=as_json
    )


@people_app.command(
    help="State what a colleague is known by as a customer: nobody handles a request about themself."
)
def own(
    name: Name,
    identifiers_file: IdentifiersFile = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.people import run_own

    return run_own(register, name, identifiers_file, as_json=as_json)


@people_app.command(help="Take all roles of a colleague away at once.")
def disable(name: Name, as_json: Json = False) -> int:
    from dsar_export.cli.commands.people import run_disable

    return run_disable(name, as_json=as_json)


@people_app.command(
    help="Make an account by which a colleague signs in to the pages; the password is asked for on the terminal."
)
def account(
    name: Name,
    reset: Annotated[
        bool, typer.Option("--reset", help="Give it another password and secret; sessions end.")
    ] = False,
    disable: Annotated[
        bool, typer.Option("--disable", help="Nobody signs in by it until it is reset; sessions end.")
    ] = False,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.account import run_account

    return run_account(name, reset=reset, disable=disable, as_json=as_json)


@people_app.command(
    help="Let a colleague sign in to the pages by an account of your identity provider, in place of an earlier one."
)
def login(
    name: Name,
    subject_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The account's subject (`sub`), which its owner sees when they try to sign in; - for standard input.",
        ),
    ] = None,
    end: Annotated[bool, typer.Option("--end", help="Nobody signs in by it any more; sessions end.")] = False,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.login import run_login

    return run_login(name, subject_file, end=end, as_json=as_json)


@people_app.command("list", help="Show everybody with their roles.")
def list_(as_json: Json = False) -> int:
    from dsar_export.cli.commands.people import run_list

    return run_list(as_json=as_json)


@trail_app.command(help="Show the entries, of one request if it is named.")
def show(
    reference: Annotated[
        str | None, typer.Argument(metavar="REFERENCE", autocompletion=open_references)
    ] = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.trail import run_show

    return run_show(reference, as_json=as_json)


@trail_app.command(help="Verify that no entry was changed, moved, inserted or cut off; exit 1 if one was.")
def verify(as_json: Json = False) -> int:
    from dsar_export.cli.commands.trail import run_verify

    return run_verify(as_json=as_json)


@trail_app.command(help="Write the trail as lines of JSON, which docs/verify_trail.py verifies with the key.")
def export(out: Annotated[Path, typer.Option(metavar="FILE", help="The new file.")]) -> int:
    from dsar_export.cli.commands.trail import run_export

    return run_export(out)
