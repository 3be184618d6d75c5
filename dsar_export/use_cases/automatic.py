"""Approves by policy what nobody needs to look at: what an authenticated person takes along, all of it in order."""

from typing import Final

from dsar_export.export.gaps import Tally
from dsar_export.model.approval import ApprovalPolicy
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.requests.identifiers import identifiers_of
from dsar_export.requests.requests import StoredRequest, read_request
from dsar_export.use_cases.approvers import policy_of, record_approval
from dsar_export.use_cases.build import OpenDraft
from dsar_export.use_cases.desk import Act
from dsar_export.use_cases.prove import AUTHENTICATED
from dsar_export.use_cases.review import blockers

BY_POLICY: Final = "policy:automatic"
"""Stands where the name of whoever approved would: nobody can be called so."""


def approve_by_policy(act: Act, register: Register, reference: str, draft: OpenDraft) -> bool:
    """Approves a Draft that was just submitted, if the controller's policy has that done by the program.

    Only portability that nobody asks for on another's behalf, of a person who proved who they are themself and whom
    nobody chose among several; without gaps, rows kept beside and rows kept back. Anything else waits for a reviewer.
    """
    request = read_request(act.connection, reference, act.desk.vault)
    listed = request.listed
    if listed.rights != (Right.PORTABILITY,) or policy_of(register, listed) is not ApprovalPolicy.AUTOMATIC:
        return False
    if not (_is_authenticated(act, request) and _is_in_order(register, request, draft)):
        return False
    record_approval(act, listed, BY_POLICY, "policy")
    return True


def _is_authenticated(act: Act, request: StoredRequest) -> bool:
    held = identifiers_of(act.connection, request.listed.reference, act.desk.vault)
    proofs = {stored.proven_by for stored in held if stored.proven_by is not None}
    return request.subject.mandate is None and bool(proofs) and proofs <= AUTHENTICATED


def _is_in_order(register: Register, request: StoredRequest, draft: OpenDraft) -> bool:
    ledger = draft.ledger
    if ledger.chosen or ledger.identity.candidates:
        return False
    if ledger.gaps or blockers(register, ledger, request, ()):
        return False
    return all(_every_row_is_a_record(draft, name, entry.tally) for name, entry in ledger.datasets.items())


def _every_row_is_a_record(draft: OpenDraft, dataset: str, tally: Tally) -> bool:
    records = sum(entry.records for entry in draft.part(dataset).index)
    uncertain = tally.unattributed + tally.unknown_tenant + tally.joined_to_others + tally.left_by_query
    return records == tally.read and not uncertain and not tally.searched_in_part
