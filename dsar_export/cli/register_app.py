"""`dsar-export draft`, `check` and `translations`: the commands about a register."""

from pathlib import Path
from typing import Annotated

import typer

from dsar_export.cli.options import Json, RegisterFolder

register_app = typer.Typer(add_completion=False, rich_markup_mode=None)

_DRAFT_HELP = """Draft a register from a database's catalogue; no value is read unless you say --look.

Example: dsar-export draft sqlite:///shop.db --out register --controller "Teapots & Sons Ltd"
"""


@register_app.command(help="Check a register against its live sources; exit 1 if it finds a problem.")
def check(
    register: RegisterFolder,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the ways from a person to each table, as a tree.")
    ] = False,
    graph: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write these ways as a Mermaid flowchart to this file."),
    ] = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.check import run_check

    return run_check(register, explain=explain, graph=graph, as_json=as_json)


@register_app.command(help=_DRAFT_HELP)
def draft(
    url: Annotated[
        str | None,
        typer.Argument(
            metavar="URL",
            help="The database, such as sqlite:///shop.db, or env:NAME for a variable that has it.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="REGISTER", help="The new folder for the register.")] = Path(
        "register"
    ),
    person: Annotated[
        str | None, typer.Option(metavar="TABLE", help="The table with one row for each person.")
    ] = None,
    controller: Annotated[
        str, typer.Option(metavar="NAME", help="The name of the legal entity that answers.")
    ] = "Your organisation",
    schema: Annotated[
        list[str] | None,
        typer.Option(metavar="S", help="Draft only the tables of this schema; may be repeated."),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="The time zone of stored times that name none, such as Europe/London."
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Add to an edited register what is new in its databases.")
    ] = False,
    look: Annotated[
        bool,
        typer.Option(
            "--look", help="Read a few values of each table, to see how times and JSON are written."
        ),
    ] = False,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.draft import DraftArguments, run_draft
    from dsar_export.register_draft.draft import Wishes

    wishes = Wishes(person, zone, tuple(schema or ()))
    return run_draft(DraftArguments(url, out, controller, wishes, update, look, as_json))


@register_app.command(
    help="Write REGISTER/translations/LANGUAGE.po with the texts to translate; keeps what is translated."
)
def translations(
    register: RegisterFolder,
    language: Annotated[str, typer.Argument(metavar="LANGUAGE", help="The language, such as de.")],
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.translations import run_translations

    return run_translations(register, language, as_json=as_json)
