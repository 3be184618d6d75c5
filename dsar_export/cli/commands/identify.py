"""`dsar-export identify`: shows who is behind some identifiers, masked, without exporting anything."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dsar_export.cli import terminal
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.cli.identifiers import read_identifiers
from dsar_export.cli.progress import shown_progress
from dsar_export.model.request import Right, Verification
from dsar_export.use_cases.identified import Verdict, groups_of, verdict_of
from dsar_export.use_cases.identify_person import Identification, identify_person
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
    groups = groups_of(found)
    terminal.print_table(
        heads, [[group[0], _examples(values), *group[1:]] for group, values in groups.items()]
    )
    terminal.out().print(f"\n{_verdict(found, follows)}")


def _verdict(found: Identification, follows: str) -> str:
    """What comes of these identifiers, in one sentence."""
    match verdict_of(found):
        case Verdict.SEVERAL:
            return (
                f"{found.people} people are behind these identifiers; {follows} stops and asks for --choose"
            )
        case Verdict.UNCERTAIN:
            return f"one person is behind these identifiers, but {follows} stops: {found.ambiguous}"
        case Verdict.ONE:
            return "one person is behind these identifiers"
        case Verdict.UNCLAIMED_ROWS:
            return f"nobody known is behind these identifiers, but rows are held under them: {follows} contains these"
        case Verdict.ONE_WITHOUT_ROWS:
            return "one person is behind these identifiers, but nothing is held under them"
        case Verdict.NOBODY:
            return "nobody is behind these identifiers, and nothing is held under them"


def _json(found: Identification) -> dict[str, object]:
    names = ("kind", "from", "over", "strength", "since", "until")
    return {
        "subject": found.subject,
        "people": found.people,
        "held": found.held,
        "identifiers": [
            {**dict(zip(names, group, strict=True)), "values": values[:_EXAMPLES], "count": len(values)}
            for group, values in groups_of(found).items()
        ],
    }


def _examples(values: Sequence[str]) -> str:
    more = len(values) - _EXAMPLES
    return ", ".join(values[:_EXAMPLES]) + (f" and {more} more" if more > 0 else "")
