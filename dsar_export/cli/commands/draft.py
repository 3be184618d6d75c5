"""`dsar-export draft`: writes a register from a database's catalogue, or adds to one what is new in its databases."""

import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from dsar_export.cli import terminal
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.errors import WrongUseError
from dsar_export.register_draft.draft import Wishes
from dsar_export.register_draft.update import Additions
from dsar_export.use_cases.draft_register import (
    Drafted,
    DraftOrder,
    draft_register_in,
    update_register,
)
from dsar_export.wiring import build_collectors, collector_at, now, register_in


@dataclass(frozen=True)
class DraftArguments:
    """The arguments of `draft`."""

    url: str | None
    out: Path
    controller: str
    wishes: Wishes
    update: bool
    look: bool
    as_json: bool


def run_draft(arguments: DraftArguments) -> int:
    """Drafts a register and shows what is left to decide; returns DONE."""
    if arguments.update:
        return _update(arguments)
    if arguments.url is None:
        raise WrongUseError(
            "URL is missing: name the database, such as sqlite:///shop.db or env:SHOP_DATABASE"
        )
    order = DraftOrder(
        arguments.url,
        arguments.out,
        arguments.controller,
        arguments.wishes,
        now().date(),
        _ask_zone,
        arguments.look,
    )
    drafted = draft_register_in(order, collector_at)
    if arguments.as_json:
        terminal.print_json({"register": str(arguments.out), **_json(drafted)})
    else:
        _show(arguments.out, drafted)
    return ExitCode.DONE


def _ask_zone(example: str) -> str | None:
    """The time zone of local times, if somebody at a terminal knows it."""
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    typed: str = typer.prompt(
        f"Time zone of stored times that name none, such as {example} (Europe/London; Enter if you don't know)",
        default="",
        show_default=False,
        err=True,
    )
    return typed.strip() or None


def _show(out: Path, drafted: Drafted) -> None:
    console = terminal.out()
    console.print(f"{out}: people are the rows of {drafted.person}; {len(drafted.datasets)} datasets")
    terminal.print_table(
        ("dataset", "table", "fields", "left out"),
        [(d.name, d.table, str(d.fields), str(d.left_out)) for d in drafted.datasets],
        frozenset({2, 3}),
    )
    if drafted.left_out:
        console.print(f"left out with a reason: {', '.join(drafted.left_out)}")
    if drafted.undecided:
        console.print(f"undecided: {', '.join(drafted.undecided)}")
    if drafted.to_set is not None:
        console.print(
            f"set {drafted.to_set} to the address with its password; the register names only the variable"
        )
    if drafted.local_times:
        console.print(
            f"{drafted.local_times} columns hold times without a zone, copied as they are stored; draft again with "
            "--zone Europe/London (or the zone they are in) for moments"
        )
    console.print(f"next: read the comments in {out}, then run: dsar-export check {out}")


def _json(drafted: Drafted) -> dict[str, object]:
    return {
        "person": drafted.person,
        "datasets": [vars(d) for d in drafted.datasets],
        "left_out": list(drafted.left_out),
        "undecided": list(drafted.undecided),
        "variable_to_set": drafted.to_set,
        "local_times": drafted.local_times,
    }


def _update(arguments: DraftArguments) -> int:
    """Adds what is new to a register; returns DONE."""
    register = register_in(arguments.out)
    added = update_register(register, build_collectors(register), arguments.wishes)
    if arguments.as_json:
        terminal.print_json({"register": str(arguments.out), "added": vars(added)})
    else:
        _show_added(arguments.out, added)
    return ExitCode.DONE


def _show_added(out: Path, added: Additions) -> None:
    console = terminal.out()
    if not any((added.datasets, added.tables, added.columns)):
        console.print(f"{out}: nothing new in its databases")
        return
    for what, found in (
        ("new datasets", added.datasets),
        ("new tables, undecided", added.tables),
        ("new columns, undecided", added.columns),
    ):
        if found:
            console.print(f"{what}: {', '.join(found)}")
    console.print(f"next: decide on them in {out}, then run: dsar-export check {out}")
