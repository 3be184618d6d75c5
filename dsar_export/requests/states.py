"""The states of a request and the one table of all ways between them, from which the guide's diagram is drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    VERIFIED = "verified"
    COLLECTING = "collecting"
    AMBIGUOUS = "ambiguous"
    NOBODY_FOUND = "nobody_found"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    BUILDING = "building"
    AVAILABLE = "available"
    DELIVERED = "delivered"
    CLOSED = "closed"
    EXPIRED = "expired"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Action(StrEnum):
    """What moves a request from one state to another."""

    VERIFY = "verify"
    COLLECT = "collect"
    FIND_SEVERAL = "find_several"
    FIND_NOBODY = "find_nobody"
    SUBMIT = "submit"
    CHOOSE = "choose"
    CORRECT = "correct"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    BUILD = "build"
    PUBLISH = "publish"
    DELIVER = "deliver"
    EXPIRE = "expire"
    CLOSE = "close"
    REFUSE = "refuse"
    CANCEL = "cancel"
    FAIL = "fail"
    MANDATE = "mandate"
    REISSUE = "reissue"
    RENEW = "renew"


@dataclass(frozen=True)
class Transition:
    """From which states an action leads where, and what must hold for it."""

    sources: frozenset[State]
    target: State
    gives: frozenset[str] = frozenset()
    """Columns that the action must set."""
    requires: frozenset[str] = frozenset()
    """Columns that an earlier action must have set."""
    clears: frozenset[str] = frozenset()
    """Columns that no longer hold afterwards."""
    starts_work: bool = False
    """Whether it begins a new attempt under a lease, once the lease of an earlier attempt has ended."""
    by_program: bool = False
    """Whether only the program does it, so that no member of staff is offered it."""


_PROOF: Final = frozenset({"verified_by", "verified_at", "evidence_sealed"})
_APPROVAL: Final = frozenset({"approved_ledger_hash", "approved_decisions_hash", "approved_by"})
_DRAFT: Final = frozenset({"draft", "draft_key_sealed"})
_PASSPHRASE: Final = frozenset({"passphrase_sealed"})
_FAILURE: Final = frozenset({"failed_step"})
_S = State
HANDED_OUT: Final = frozenset({_S.AVAILABLE, _S.DELIVERED})
"""The states in which there are packages for the person."""
_BEFORE_APPROVAL: Final = frozenset(
    {_S.RECEIVED, _S.VERIFIED, _S.AMBIGUOUS, _S.NOBODY_FOUND, _S.IN_REVIEW, _S.FAILED}
)

TRANSITIONS: Final[Mapping[Action, Transition]] = MappingProxyType(
    {
        Action.VERIFY: Transition(frozenset({_S.RECEIVED}), _S.VERIFIED, gives=_PROOF),
        Action.COLLECT: Transition(
            frozenset({_S.VERIFIED, _S.AMBIGUOUS, _S.NOBODY_FOUND, _S.IN_REVIEW, _S.FAILED, _S.COLLECTING}),
            _S.COLLECTING,
            gives=frozenset({"collected_by", "lease_until"}),
            requires=_PROOF,
            clears=_APPROVAL | _FAILURE,
            starts_work=True,
        ),
        Action.FIND_SEVERAL: Transition(frozenset({_S.COLLECTING}), _S.AMBIGUOUS, by_program=True),
        Action.FIND_NOBODY: Transition(frozenset({_S.COLLECTING}), _S.NOBODY_FOUND, by_program=True),
        Action.SUBMIT: Transition(
            frozenset({_S.COLLECTING}),
            _S.IN_REVIEW,
            gives=frozenset({"draft", "ledger_hash"}),
            by_program=True,
        ),
        Action.CHOOSE: Transition(frozenset({_S.AMBIGUOUS}), _S.VERIFIED, requires=_PROOF),
        Action.CORRECT: Transition(_BEFORE_APPROVAL, _S.RECEIVED, clears=_PROOF | _APPROVAL | _FAILURE),
        Action.APPROVE: Transition(
            frozenset({_S.IN_REVIEW}), _S.APPROVED, gives=_APPROVAL, requires=frozenset({"ledger_hash"})
        ),
        Action.SEND_BACK: Transition(
            frozenset({_S.IN_REVIEW, _S.APPROVED}), _S.VERIFIED, requires=_PROOF, clears=_APPROVAL
        ),
        Action.BUILD: Transition(
            frozenset({_S.APPROVED, _S.FAILED, _S.BUILDING}),
            _S.BUILDING,
            gives=frozenset({"lease_until"}),
            requires=_APPROVAL,
            clears=_FAILURE,
            starts_work=True,
        ),
        Action.PUBLISH: Transition(
            frozenset({_S.BUILDING}),
            _S.AVAILABLE,
            requires=_APPROVAL,
            by_program=True,
        ),
        Action.DELIVER: Transition(frozenset({_S.AVAILABLE}), _S.DELIVERED),
        Action.EXPIRE: Transition(frozenset({_S.AVAILABLE}), _S.EXPIRED, clears=_PASSPHRASE, by_program=True),
        Action.CLOSE: Transition(
            frozenset({_S.DELIVERED, _S.NOBODY_FOUND}), _S.CLOSED, clears=_DRAFT | _PASSPHRASE
        ),
        Action.REFUSE: Transition(_BEFORE_APPROVAL | {_S.APPROVED}, _S.REFUSED, clears=_APPROVAL | _DRAFT),
        Action.CANCEL: Transition(
            _BEFORE_APPROVAL | {_S.APPROVED, _S.COLLECTING, _S.BUILDING},
            _S.CANCELLED,
            clears=_APPROVAL | _DRAFT,
        ),
        Action.FAIL: Transition(
            frozenset({_S.COLLECTING, _S.BUILDING}), _S.FAILED, gives=_FAILURE, by_program=True
        ),
        # Under another scope, all is collected again.
        Action.MANDATE: Transition(
            _BEFORE_APPROVAL - {_S.RECEIVED}, _S.VERIFIED, requires=_PROOF, clears=_APPROVAL | _FAILURE
        ),
        # The same Draft and the same approval, under another passphrase.
        Action.REISSUE: Transition(
            HANDED_OUT, _S.APPROVED, requires=_APPROVAL | {"draft"}, clears=_PASSPHRASE
        ),
        # A new collection and a new approval, where the Draft is gone or can't be read.
        Action.RENEW: Transition(
            HANDED_OUT, _S.VERIFIED, requires=_PROOF, clears=_APPROVAL | _DRAFT | _PASSPHRASE
        ),
    }
)
"""Every way from one state to another; there is no other."""

AT_WORK: Final[Mapping[State, Action]] = MappingProxyType(
    {way.target: action for action, way in TRANSITIONS.items() if way.starts_work}
)
"""The states in which an attempt is made, each with the action that begins it, and begins another one."""

ENDED: Final = frozenset({_S.CLOSED, _S.EXPIRED, _S.REFUSED, _S.CANCELLED})
"""The states from which no way leads on."""


def possible(state: State, held: Iterable[str]) -> tuple[Action, ...]:
    """What staff may do in a state, where these columns are set."""
    set_columns = frozenset(held)
    return tuple(
        action
        for action, way in TRANSITIONS.items()
        if state in way.sources and not way.by_program and way.requires <= set_columns
    )
