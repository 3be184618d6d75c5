"""`dsar-export request show` and `request list`."""

from typing import Annotated

import typer

from dsar_export.cli.options import Json, Reference, RegisterOption

lists_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@lists_app.command(help="Show one request: where it stands, what was decided, and what is possible now.")
def show(
    reference: Reference,
    follow: Annotated[
        bool, typer.Option("--follow", help="Show the progress of the worker on it until that ends.")
    ] = False,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_lists import run_show

    return run_show(register, reference, follow=follow, as_json=as_json)


@lists_app.command("list", help="Show the requests that have not ended, or those that fit the options.")
def list_(
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="Those in this state; can be repeated.")
    ] = None,
    controller: Annotated[str | None, typer.Option(metavar="ID", help="Those to this controller.")] = None,
    right: Annotated[str | None, typer.Option(metavar="RIGHT", help="access or portability.")] = None,
    assigned_to: Annotated[
        str | None, typer.Option(metavar="NAME", help="Those that were given to this colleague.")
    ] = None,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Those that should have been answered by now.")
    ] = False,
    ended: Annotated[bool, typer.Option("--all", help="Those that have ended, too.")] = False,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_lists import ListFilters, run_list

    filters = ListFilters(tuple(state or ()), controller, right, assigned_to, overdue, ended)
    return run_list(register, filters, as_json=as_json)
