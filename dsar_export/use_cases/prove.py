"""Records who established that the requester is the subject, and by what evidence."""

from collections.abc import Collection

from dsar_export.errors import WrongUseError
from dsar_export.model.clock import Ground
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.requests.identifiers import identifiers_of, set_identifiers
from dsar_export.requests.pauses import end_pause
from dsar_export.requests.requests import request_cell
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import move
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.take_in import given_identifiers


def prove_by_evidence(
    desk: Desk, register: Register, reference: str, kind: str, evidence: str, proven: Collection[str] = ()
) -> None:
    """Verifies a request by evidence that staff saw.

    `kind` is a short code of the evidence for the trail, such as `known_address`. `proven` are the kinds of identifiers
    that it proves, or all of them; the others narrow a search and never widen it.
    """
    if not evidence.strip():
        raise WrongUseError("the evidence is empty; state what was seen, and where it is recorded")
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        held = [stored.identifier for stored in identifiers_of(act.connection, reference, desk.vault)]
        if unknown := sorted({*proven} - {identifier.kind for identifier in held}):
            raise WrongUseError(f"{reference} has no identifier of kind {unknown[0]!r}; see `request show`")
        controller = request.listed.controller
        marked = [
            given
            for identifier in held
            for given in given_identifiers(
                register, controller, [identifier], kind if not proven or identifier.kind in proven else None
            )
        ]
        version = request.listed.version
        version = set_identifiers(act.connection, reference, version, marked, act.at, desk.vault)
        move(
            act.connection,
            reference,
            version,
            Action.VERIFY,
            act.at,
            verified_by=desk.person.name,
            verified_at=act.at,
            evidence_sealed=desk.vault.seal(evidence, request_cell(reference, "evidence_sealed")),
        )
        end_pause(act.connection, reference, Ground.IDENTITY, act.at)
        act.note("verify", request, evidence_kind=kind)
