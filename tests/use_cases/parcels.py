"""Requests whose packages wait for the person, made at once: no source is read, and nothing is sealed."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select, update

from dsar_export.model.intake import Channel, Mandate
from dsar_export.model.mail import MailKind
from dsar_export.model.request import Right
from dsar_export.requests.database import reading, writing
from dsar_export.requests.outbox import mail_cell
from dsar_export.requests.packages import PublishedPackage, add_package
from dsar_export.requests.requests import request_cell
from dsar_export.requests.states import State
from dsar_export.requests.tables import OUTBOX, REQUESTS
from dsar_export.requests.trail.table import TRAIL
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.link_again import accept_link_again, finish_link_again
from dsar_export.use_cases.link_mail import LINK_PATH
from dsar_export.use_cases.links import deliver_by_link
from dsar_export.use_cases.passphrase_code import (
    accept_passphrase_code,
    finish_passphrase_code,
    revealed_by_code,
)
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.sweep import package_name
from dsar_export.use_cases.take_in import Intake, take_in
from tests.use_cases.offices import RECEIVED, START, WEB, Office, identifier
from tests.use_cases.reached import reach

PASSPHRASE: Final = "canary horse battery staple"
SAM: Final = "customer_id=C-1"
FIRST, SECOND = "sam@example.org", "samuel@example.net"
CONTENT: Final = bytes(range(256)) * 5
LONG_AGO: Final = START - timedelta(days=400)


@dataclass(frozen=True)
class Sent:
    """A mail that waits in the outbox."""

    to: str
    kind: MailKind
    text: str
    html: str

    @property
    def tokens(self) -> list[str]:
        return re.findall(rf"{re.escape(WEB + LINK_PATH)}(\S+)", self.text)

    @property
    def code(self) -> str:
        found = re.search(r"    (\d{6})\n", self.text)
        assert found is not None
        return found[1]


@dataclass
class Parcels:
    """An office that hands packages out."""

    office: Office
    services: Services
    register: Path

    def reached(self, *addresses: str, since: datetime = LONG_AGO) -> None:
        """Puts addresses of Sam's on file."""
        for address in addresses:
            reach(self.register, "C-1", address, (since, None))

    def desk(self, name: str = "ada") -> Desk:
        return self.office.desk(name)

    def ready(
        self,
        *,
        rights: tuple[Right, ...] = (Right.ACCESS,),
        mandate: Mandate | None = None,
        proven: bool = True,
    ) -> str:
        """The reference of a request whose packages wait; a worker made the passphrase."""
        intake = Intake(rights, "acme", Channel.EMAIL, RECEIVED, (identifier(SAM),), mandate=mandate)
        reference = take_in(self.desk(), self.services.register, intake).reference
        if proven:
            self.office.verify(reference)
        self.publish(reference, rights)
        return reference

    def publish(self, reference: str, rights: tuple[Right, ...] = (Right.ACCESS,)) -> None:
        """As a worker does it at the end of a build."""
        desk = self.desk()
        sealed = desk.vault.seal(PASSPHRASE, request_cell(reference, "passphrase_sealed"))
        attempt = self.office.listed(reference).attempt + 1
        with desk.acting() as act:
            values = {
                "state": State.AVAILABLE,
                "attempt": attempt,
                "passphrase_sealed": sealed,
                "draft": f"{reference}/{attempt}/ledger",
                "draft_key_sealed": b"-",
                "ledger_hash": "0" * 64,
                "approved_ledger_hash": "0" * 64,
                "approved_decisions_hash": "0" * 64,
                "approved_by": "ray",
                "version": REQUESTS.c.version + 1,
            }
            act.connection.execute(update(REQUESTS).where(REQUESTS.c.reference == reference).values(values))
            for right in rights:
                name, content = package_name(reference, attempt, right), CONTENT + right.encode()
                self.office.store.put(name, [content])
                sha256 = hashlib.sha256(content).hexdigest()
                add_package(
                    act.connection,
                    PublishedPackage(reference, right, name, sha256, attempt, act.at, size=len(content)),
                )

    def send(self, reference: str, by: str = "ada", agent_address: str | None = None) -> list[str]:
        """Sends links by mail; their tokens."""
        deliver_by_link(self.desk(by), self.services, reference, agent_address)
        return self.mails()[-1].tokens

    def mails(self, to: str | None = None) -> list[Sent]:
        """All mail, in the order in which it was queued."""
        vault = self.office.installation.vault
        with reading(self.office.installation.engine) as connection:
            rows = (
                connection.execute(select(OUTBOX).order_by(OUTBOX.c.created_at, OUTBOX.c.id)).mappings().all()
            )
        found = []
        for row in rows:
            address, _, text, _, *html = json.loads(vault.open(row["mail_sealed"], mail_cell(row["id"])))
            found.append(Sent(address, row["kind"], text, "".join(html)))
        return [mail for mail in found if to in {None, mail.to}]

    def actions(self, reference: str | None = None) -> list[str]:
        query = select(TRAIL.c.action).order_by(TRAIL.c.number)
        if reference is not None:
            query = query.where(TRAIL.c.reference == reference)
        with reading(self.office.installation.engine) as connection:
            return list(connection.scalars(query))

    def state(self, reference: str) -> State:
        return self.office.listed(reference).state

    def set_clock(self, by: timedelta) -> None:
        self.office.now += by

    def change_row(self, reference: str, **values: object) -> None:
        with writing(self.office.installation.engine) as connection:
            row = REQUESTS.c.reference == reference
            connection.execute(update(REQUESTS).where(row).values(values))


WEB_PERSON: Final = "nia"
"""In whose name the pages are served: somebody without any role."""


def ask(parcels: Parcels, token: str, services: Services | None = None) -> bool:
    """Asks for a code as the page does; whether it was taken."""
    desk, used = parcels.desk(WEB_PERSON), services or parcels.services
    asked = accept_passphrase_code(desk, used.register, token)
    if asked is not None:
        finish_passphrase_code(desk, lambda: used, asked)
    return asked is not None


def reveal(parcels: Parcels, token: str, code: str) -> str | None:
    with revealed_by_code(parcels.desk(WEB_PERSON), token, code) as found:
        return None if found is None else found.passphrase


def lost(parcels: Parcels, reference: str, services: Services | None = None) -> None:
    desk, used = parcels.desk(WEB_PERSON), services or parcels.services
    finish_link_again(desk, lambda: used, used.register, accept_link_again(desk, reference))
