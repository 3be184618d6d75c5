"""`dsar-export identify`: shows who is behind some identifiers, masked, without exporting anything."""

from pathlib import Path
from typing import Final

from dsar_export.cli import terminal
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.cli.identifiers import read_identifiers
from dsar_export.cli.progress import shown_progress
from dsar_export.model.identity import Reached
from dsar_export.model.periods import BEGINNING, END
from dsar_export.model.request import Right, Verification
from dsar_export.use_cases.identify_person import Identification, identify_person
from dsar_export.use_cases.masking import masked
from dsar_export.use_cases.subjects import services_about
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_services, now

_EXAMPLES: Final = 3  # values shown of a group that is otherwise the same


def run_identify(
    register: Path,
    controller: str,
    given: tuple[tuple[str, ...], str | None],
    subject: str | None,
    *,
    as_json: bool,
) -> int:
    """Shows the identifiers, given as arguments and in a file.

    Exit 4 where an export would stop and ask, 5 where it would find nothing.
    """
    verification = Verification("identify", "links only, shown masked", now())
    request = verified_request(Right.ACCESS, controller, read_identifiers(*given), verification)
    with shown_progress() as progress:
        services = services_about(build_services(register, progress), subject, request.identifiers)
        found = identify_person(services, request)
    return shown_identification(found, "an export", as_json=as_json)


def shown_identification(found: Identification, follows: str, *, as_json: bool) -> int:
    """Shows who was found; `follows` is what would stop where several people match."""
    if as_json:
        terminal.print_json(_json(found))
    else:
        _show(found, follows)
    if found.ambiguous is not None:
        return ExitCode.SUBJECT_AMBIGUOUS
    return ExitCode.DONE if found.held else ExitCode.NOBODY_FOUND


def _show(found: Identification, follows: str) -> None:
    heads = ["identifier", "value", "from", "over", "strength", "since", "until"]
    groups = _groups(found)
    terminal.print_table(
        heads, [[group[0], _examples(values), *group[1:]] for group, values in groups.items()]
    )
    terminal.out().print(f"\n{_verdict(found, follows)}")


def _verdict(found: Identification, follows: str) -> str:
    """What comes of these identifiers, in one sentence."""
    if found.people > 1:
        return f"{found.people} people are behind these identifiers; {follows} stops and asks for --choose"
    if found.ambiguous is not None:
        return f"one person is behind these identifiers, but {follows} stops: {found.ambiguous}"
    if found.held:
        return (
            "one person is behind these identifiers"
            if found.people
            else f"nobody known is behind these identifiers, but rows are held under them: {follows} contains these"
        )
    return (
        "one person is behind these identifiers, but nothing is held under them"
        if found.people
        else "nobody is behind these identifiers, and nothing is held under them"
    )


def _json(found: Identification) -> dict[str, object]:
    names = ("kind", "from", "over", "strength", "since", "until")
    return {
        "subject": found.subject,
        "people": found.people,
        "held": found.held,
        "identifiers": [
            {**dict(zip(names, group, strict=True)), "values": values[:_EXAMPLES], "count": len(values)}
            for group, values in _groups(found).items()
        ],
    }


def _groups(found: Identification) -> dict[tuple[str, ...], list[str]]:
    """The masked values, grouped by all other columns, so that a hundred order numbers take one line."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for reached in (*found.reached, *found.others, *found.referred, *found.suggested):
        group = (
            reached.identifier.kind,
            "given" if reached.parent is None else reached.parent.kind,
            reached.over or "",
            str(reached.strength),
            _first_day(reached),
            _last_day(reached),
        )
        groups.setdefault(group, []).append(masked(reached.identifier.value))
    return groups


def _examples(values: list[str]) -> str:
    more = len(values) - _EXAMPLES
    return ", ".join(values[:_EXAMPLES]) + (f" and {more} more" if more > 0 else "")


def _first_day(reached: Reached) -> str:
    since = reached.periods.spans[0].since if reached.periods else BEGINNING
    return "" if since == BEGINNING else since.date().isoformat()


def _last_day(reached: Reached) -> str:
    until = reached.periods.spans[-1].until if reached.periods else END
    return "" if until == END else until.date().isoformat()
