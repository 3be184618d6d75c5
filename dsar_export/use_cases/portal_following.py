"""What a person sees of their own request, once their visit has proven it; nothing of the work of staff."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from dsar_export.model.clock import DueDate, Pause
from dsar_export.model.complaint import Complaint
from dsar_export.model.contact import ContactKind
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.register.files import PartsOf
from dsar_export.requests.codes import used_contacts
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.decisions import notes_of
from dsar_export.requests.identifiers import StoredIdentifier, identifiers_of
from dsar_export.requests.outbox import contact_index
from dsar_export.requests.packages import first_answers
from dsar_export.requests.pauses import pauses_of
from dsar_export.requests.portal_person import PORTAL
from dsar_export.requests.requests import StoredRequest
from dsar_export.requests.states import ENDED, HANDED_OUT, TRANSITIONS, Action, State
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.due import due_in
from dsar_export.use_cases.evidence_outcomes import DraftEvidence, draft_evidence
from dsar_export.use_cases.services import Services

_DECIDED: Final = frozenset(
    {State.APPROVED, State.BUILDING, State.AVAILABLE, State.DELIVERED, State.EXPIRED, State.CLOSED}
)


@dataclass(frozen=True)
class Followed:
    """A request as its person sees it."""

    request: StoredRequest
    identifiers: tuple[StoredIdentifier, ...]
    due: DueDate | None
    """None once it has ended, and for a controller that has left the register."""
    waits: tuple[Pause, ...]
    """What staff wait for."""
    complaints: tuple[Complaint, ...]
    written: tuple[tuple[datetime, str], ...]
    """What the person wrote here, the oldest in front."""
    answered_at: datetime | None
    zone: tzinfo
    proved_at: str | None
    """The address to which the code went, if it is one that the request names."""

    @property
    def may_withdraw(self) -> bool:
        return self.request.listed.state in TRANSITIONS[Action.CANCEL].sources

    @property
    def is_at_its_end(self) -> bool:
        """Whether it is answered or has ended, so that there is a receipt."""
        return self.request.listed.state in HANDED_OUT | ENDED

    @property
    def is_decided(self) -> bool:
        """Whether it is settled what will be in the answer, so that counts may be shown."""
        listed = self.request.listed
        approved = listed.approved_by is not None and listed.approved_ledger_hash == listed.ledger_hash
        return listed.state in _DECIDED and approved and listed.draft is not None


def followed(desk: Desk, register: Register, reference: str) -> Followed:
    """The request; whoever calls has made sure that the visit has proven it."""
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT)
        listed, vault = request.listed, desk.vault
        known = listed.controller in register.organisation.controllers
        stored = identifiers_of(act.connection, reference, vault)
        used = used_contacts(act.connection, reference)
        emails = (s.identifier.value for s in stored if s.identifier.kind == ContactKind.EMAIL)
        return Followed(
            request,
            stored,
            due_in(act, register, request) if known and listed.state not in ENDED else None,
            tuple(pause for pause in pauses_of(act.connection, [listed])[reference] if pause.until is None),
            complaints_of(act.connection, reference, vault),
            tuple((n.at, n.text) for n in notes_of(act.connection, reference, vault) if n.by == PORTAL),
            first_answers(act.connection, [reference]).get(reference),
            zone_in(register, listed.controller),
            next((address for address in emails if contact_index(vault, address) in used), None),
        )


def what_is_in_it(desk: Desk, services: Services, parts_of: PartsOf, seen: Followed) -> DraftEvidence | None:
    """Counts, periods and gaps of each package; None as long as nobody has decided what is left out.

    Before, a count could show that there is something of which the person must not learn.
    """
    return draft_evidence(desk, services, parts_of, seen.request) if seen.is_decided else None
