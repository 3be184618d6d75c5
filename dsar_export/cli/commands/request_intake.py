"""`request open`, `correct`, `verify`, `note` and `assign`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_mandate import Besides
from dsar_export.cli.commands.request_shown import shown_request, shown_requests
from dsar_export.cli.desk import desk, founding_desk, register_of, services_of, text_from, zone_of
from dsar_export.cli.identifiers import read_identifiers
from dsar_export.cli.progress import shown_progress
from dsar_export.errors import WrongUseError
from dsar_export.model.intake import Channel
from dsar_export.model.request import Right
from dsar_export.use_cases import decide
from dsar_export.use_cases.codes import accept_code, finish_code, prove_by_code
from dsar_export.use_cases.moments import moment_of
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.take_in import Intake, correct, take_in_group


def run_open(
    register: Path | None,
    controllers: tuple[str, ...],
    rights: Sequence[str],
    arrival: tuple[str, str | None, str | None, str | None, Besides],
    identifiers_file: str | None,
    *,
    as_json: bool,
) -> int:
    """Takes a request in.

    `arrival` is the channel, when it was received, the language, the kind of people, and what else it brings.
    """
    channel, received, language, subject, besides = arrival
    if not set(rights) <= set(Right):
        raise WrongUseError(f"--right is one of {', '.join(Right)}; repeat it to ask for both")
    if channel not in list(Channel):
        raise WrongUseError(f"--channel is one of {', '.join(Channel)}")
    if identifiers_file == besides.agent_file == "-":
        raise WrongUseError("only one of --identifiers-file and --agent-file can be standard input")
    read = register_of(register)
    zone = zone_of(read, controllers[0])
    identifiers = read_identifiers((), identifiers_file)
    at_work = founding_desk()
    now = at_work.clock()
    received_at = moment_of(received, zone) or now
    mandate, handed_on = besides.mandate(zone), besides.handed_on(now)
    asked = (tuple(map(Right, rights)), controllers[0], Channel(channel), received_at, identifiers, language)
    opened = take_in_group(at_work, read, Intake(*asked, mandate, handed_on, subject), controllers)
    for other in dict.fromkeys(other for taken in opened for other in taken.same_person):
        terminal.warn(f"{other} is about the same person; each is answered on its own")
    return shown_requests(at_work, [taken.reference for taken in opened], read, as_json=as_json)


def run_correct(
    register: Path | None, reference: str, identifiers_file: str | None, subject: str | None, *, as_json: bool
) -> int:
    """Replaces the identifiers, and the kind of people."""
    at_work, identifiers = desk(), read_identifiers((), identifiers_file)
    correct(at_work, register_of(register), reference, identifiers, subject)
    return shown_request(at_work, reference, as_json=as_json)


def run_verify(
    register: Path | None,
    reference: str,
    kind: str | None,
    evidence: tuple[str | None, tuple[str, ...]],
    *,
    as_json: bool,
) -> int:
    """Verifies by evidence of a kind, or by the code that was sent if there is none.

    `evidence` is the file with either, and the kinds of identifiers that the evidence proves.
    """
    file, proves = evidence
    at_work, read = desk(), register_of(register)
    if kind is None:
        prove_by_code(at_work, read, reference, text_from(file, "code"))
    else:
        prove_by_evidence(at_work, read, reference, kind, text_from(file, "evidence"), proves)
    return shown_request(at_work, reference, as_json=as_json)


def run_code(register: Path | None, reference: str, *, as_json: bool) -> int:
    """Sends a code. The answer comes first, and is the same whether there is an address; `request show` knows more."""
    at_work = desk()
    asked = accept_code(at_work, register_of(register), reference)
    if as_json:
        terminal.print_json({"reference": reference})
    else:
        terminal.out().print(
            "If an address of the person is on file, a code is on its way there; `mail send` sends it."
        )
    sys.stdout.flush()
    with shown_progress() as progress:
        finish_code(at_work, lambda: services_of(register, progress), asked)
    return 0


def run_note(reference: str, file: str | None, *, as_json: bool) -> int:
    """Writes a note."""
    at_work = desk()
    decide.note(at_work, reference, text_from(file, "note"))
    return shown_request(at_work, reference, as_json=as_json)


def run_assign(reference: str, name: str, *, as_json: bool) -> int:
    """Gives a request to a colleague."""
    at_work = desk()
    decide.assign(at_work, reference, name)
    return shown_request(at_work, reference, as_json=as_json)
