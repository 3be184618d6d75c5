"""`dsar-export identify`: who is behind some identifiers, masked, before anything is exported."""

from collections.abc import Iterator
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.cli.identifiers import read_identifiers
from dsar_export.cli.masking import masked
from dsar_export.cli.progress import shown_progress
from dsar_export.handling.identify_person import Identification, identify_person
from dsar_export.handling.verify import verified_request
from dsar_export.model.identity import Reached
from dsar_export.model.periods import BEGINNING, END
from dsar_export.model.request import Right, Verification
from dsar_export.wiring import build_house, now


def run_identify(
    register: Path, controller: str, identifiers: tuple[str, ...], file: str | None, *, as_json: bool
) -> int:
    """Shows the graph; exit 4 where it leads to several people, 5 where to nobody."""
    verification = Verification("identify", "links only, shown masked", now())
    request = verified_request(Right.ACCESS, controller, read_identifiers(identifiers, file), verification)
    with shown_progress() as progress:
        found = identify_person(build_house(register, progress), request)
    if as_json:
        terminal.print_json(_json(found))
    else:
        _show(found)
    if not found.people:
        return ExitCode.NOBODY_FOUND
    return ExitCode.DONE if found.certain else ExitCode.SUBJECT_AMBIGUOUS


def _show(found: Identification) -> None:
    heads = ["identifier", "value", "from", "over", "strength", "since", "until"]
    rows = [list(row.values()) for row in _rows(found)]
    terminal.print_table(heads, rows)
    people = found.people
    if people > 1:
        told = (
            f"{people} people are behind these identifiers; an export stops there, until --choose names one"
        )
    elif not found.today:
        told = "one person is behind these identifiers, at another time: an export stops, until --choose names them"
    elif found.others:
        told = "one person is behind these identifiers, whom no link reaches: an export asks for another identifier"
    else:
        told = "one person is behind these identifiers" if people else "nobody is behind these identifiers"
    terminal.out().print(f"\n{told}")


def _json(found: Identification) -> dict[str, object]:
    return {"people": found.people, "identifiers": list(_rows(found))}


def _rows(found: Identification) -> Iterator[dict[str, str]]:
    for reached in (*found.reached, *found.others, *found.suggested):
        yield {
            "kind": reached.identifier.kind,
            "value": masked(reached.identifier.value),
            "from": "given" if reached.parent is None else reached.parent.kind,
            "over": reached.over or "",
            "strength": str(reached.strength),
            "since": _first_day(reached),
            "until": _last_day(reached),
        }


def _first_day(reached: Reached) -> str:
    since = reached.periods.spans[0].since if reached.periods else BEGINNING
    return "" if since == BEGINNING else since.date().isoformat()


def _last_day(reached: Reached) -> str:
    until = reached.periods.spans[-1].until if reached.periods else END
    return "" if until == END else until.date().isoformat()
