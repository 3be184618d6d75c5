"""An office for the example organisation: two colleagues with accounts, and requests in several states."""

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.demo.organisation import DemoPerson
from dsar_export.errors import WrongUseError
from dsar_export.model.intake import Channel
from dsar_export.model.people import Grant, Person, Role
from dsar_export.model.request import Identifier, Right
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.use_cases import decide, staff
from dsar_export.use_cases.accounts import make_account
from dsar_export.use_cases.ask import ask_to_build
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.report_choices import ReportOptions
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.take_in import Intake, take_in
from dsar_export.wiring.waking import NobodyToWake

AGENT: Final = "agent"
STAFF_FILE: Final = "staff.json"
_ROLES: Final = ((AGENT, (Role.AGENT,)), ("reviewer", (Role.REVIEWER, Role.AUDITOR)))
_FIRST_UID: Final = 2_000_000_001
"""User accounts that no machine has: these colleagues work on the web alone."""
_WORDS: Final = 4
_IN_REVIEW: Final = "sam@example.org"
_RECEIVED: Final = (
    ("kit.marlow@example.org", 27, (Right.ACCESS,)),
    ("lou.hale@example.org", 40, (Right.PORTABILITY,)),
)
"""Whose requests wait for a proof, and days since: of the second the answer is late."""


@dataclass(frozen=True)
class Colleague:
    """Somebody of the demo, with all that it takes to sign in: nothing that anybody else has."""

    login: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    otpauth: str = field(repr=False)


def make_room(folder: Path) -> None:
    """Empties the folder of an earlier demo; WrongUseError if it is anything else."""
    if folder.exists():
        if not (folder / STAFF_FILE).is_file():
            raise WrongUseError(f"{folder} is not of an earlier demo; name another folder with --out")
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True)
    (folder / STAFF_FILE).touch(mode=0o600)  # so that the next one knows it, even if this one fails


def found_office(folder: Path, desk: Desk, services: Services, person: DemoPerson) -> tuple[Colleague, ...]:
    """Adds the colleagues, and takes requests as far as each goes; whoever starts the demo is administrator."""
    made = tuple(_colleague(desk, name, roles, uid) for uid, (name, roles) in enumerate(_ROLES, _FIRST_UID))
    file = os.open(folder / STAFF_FILE, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(file, "w", encoding="utf-8") as opened:
        json.dump([asdict(each) for each in made], opened)
    at_work = {name: replace(desk, person=Person(name, None)) for name, _ in _ROLES}
    _answer_all(at_work[AGENT], at_work["reviewer"], services, person)
    return made


def colleagues_in(folder: Path) -> tuple[Colleague, ...]:
    """The colleagues of a demo that was made before."""
    found = json.loads((folder / STAFF_FILE).read_text(encoding="utf-8"))
    return tuple(Colleague(**each) for each in found)


def _colleague(desk: Desk, name: str, roles: tuple[Role, ...], uid: int) -> Colleague:
    staff.add_colleague(desk, name, uid)
    for role in roles:
        staff.give_role(desk, Grant(name, EVERY_CONTROLLER, role, desk.clock()))
    password = "-".join(new_passphrase("en").split("-")[:_WORDS])
    account = make_account(desk, name, password)
    return Colleague(name, password, account.totp_secret, account.otpauth)


def _answer_all(agent: Desk, reviewer: Desk, services: Services, person: DemoPerson) -> None:
    """One is approved and waits for a worker, one is in review, one is verified, and two have just come in."""
    (email,) = person.identifiers
    approved = _taken_in(
        agent, services, person, email.partition("=")[2], 6, (Right.ACCESS, Right.PORTABILITY)
    )
    in_review = _taken_in(agent, services, person, _IN_REVIEW, 12, (Right.ACCESS,))
    for reference in (approved, in_review):
        prove_by_evidence(agent, services.register, reference, "synthetic", "a synthetic person")
        collect_request(agent, services, reference)
    decide.approve(reviewer, services.register, approved)
    ask_to_build(agent, services.register, approved, ReportOptions(), NobodyToWake())
    decide.note(agent, in_review, "An example of a note.")
    for address, days, rights in _RECEIVED:
        _taken_in(agent, services, person, address, days, rights)


def _taken_in(
    desk: Desk, services: Services, person: DemoPerson, email: str, days: int, rights: tuple[Right, ...]
) -> str:
    received = desk.clock() - timedelta(days=days, minutes=secrets.randbelow(60))
    identifiers = (Identifier("email", email),)
    intake = Intake(rights, person.controller, Channel.EMAIL, received, identifiers)
    return take_in(desk, services.register, intake).reference
