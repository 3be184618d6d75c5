"""Records who established that the requester is the subject, and by what evidence."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.clock import Ground
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier
from dsar_export.requests import trail
from dsar_export.requests.codes import senders_without_answer
from dsar_export.requests.identifiers import StoredIdentifier, identifiers_of, set_identifiers
from dsar_export.requests.pauses import end_pause
from dsar_export.requests.requests import StoredRequest, request_cell
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import move
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.subjects import register_about
from dsar_export.use_cases.take_in import given_identifiers

AUTHENTICATED: Final = frozenset({"code_by_email", "login"})
"""The kinds of proof in which the person took part themself, through something that only they have."""


@dataclass(frozen=True)
class Proof:
    """By what an identifier is proven: a short code for the trail, and what was seen."""

    kind: str
    evidence: str = field(repr=False)


def prove_by_evidence(
    desk: Desk, register: Register, reference: str, kind: str, evidence: str, proven: Collection[str] = ()
) -> None:
    """Verifies a request by evidence that staff saw.

    `kind` is a short code of the evidence for the trail, such as `known_address`. `proven` are the kinds of identifiers
    that it proves, or all of them; the others narrow a search and never widen it.
    """
    if not evidence.strip():
        raise WrongUseError("the evidence is empty; state what was seen, and where it is recorded")
    if not trail.is_code(kind):  # without the text: it may be a document's number
        raise WrongUseError(
            "the kind of evidence is a short code in small letters, digits, `_` and `-`, such as passport or "
            "known_address; describe what you saw in the evidence itself"
        )
    if kind in AUTHENTICATED:
        raise WrongUseError(f"{kind!r} is proven by the program alone; use another code for what you saw")
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        stored = identifiers_of(act.connection, reference, desk.vault)
        held = [each.identifier for each in stored]
        if unknown := sorted({*proven} - {identifier.kind for identifier in held}):
            raise WrongUseError(f"{reference} has no identifier of kind {unknown[0]!r}; choose among its own")
        _refuse_downgrade(act, reference, stored)
        seen = [identifier for identifier in held if not proven or identifier.kind in proven]
        verified(act, register, request, seen, Proof(kind, evidence))


def verified(
    act: Act, register: Register, request: StoredRequest, proven: Collection[Identifier], proof: Proof
) -> None:
    """Marks the identifiers that are proven, and moves the request to verified."""
    listed, vault = request.listed, act.desk.vault
    held = [stored.identifier for stored in identifiers_of(act.connection, listed.reference, vault)]
    part = register_about(register, listed.subject, held)
    marked = [
        given
        for identifier in held
        for given in given_identifiers(
            part, listed.controller, [identifier], proof.kind if identifier in proven else None
        )
    ]
    version = set_identifiers(act.connection, listed.reference, listed.version, marked, act.at, vault)
    move(
        act.connection,
        listed.reference,
        version,
        Action.VERIFY,
        act.at,
        verified_by=act.desk.person.name,
        verified_at=act.at,
        evidence_sealed=vault.seal(proof.evidence, request_cell(listed.reference, "evidence_sealed")),
    )
    end_pause(act.connection, listed.reference, Ground.IDENTITY, act.at)
    act.note("verify", request, evidence_kind=proof.kind)


def _refuse_downgrade(act: Act, reference: str, stored: Collection[StoredIdentifier]) -> None:
    """Whoever can't read the mailbox may have a good story: somebody else must look, whichever request it is."""
    senders = senders_without_answer(act.connection, {each.value_index for each in stored})
    if act.desk.person.name in senders:
        raise NotPermittedError(
            f"{reference}: a code was sent and has not come back, so a colleague must record the evidence, not "
            f"{', '.join(sorted(senders))}"
        )
