"""What a person's own login at the organisation's identity provider allows: to prove who they are, and a passphrase."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from dsar_export.errors import NotPermittedError, StateError, WrongUseError
from dsar_export.folding import NOBODY
from dsar_export.model.api import Scope
from dsar_export.model.delivery import PassphraseWay
from dsar_export.model.login import OLDEST_SIGN_IN, Login, LoginPurpose
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier
from dsar_export.requests import answers
from dsar_export.requests.identifiers import identifiers_of, proven_identifiers
from dsar_export.requests.requests import StoredRequest
from dsar_export.use_cases.api_requests import read_unscoped, refuse_unknown
from dsar_export.use_cases.api_tokens import Caller
from dsar_export.use_cases.desk import Act
from dsar_export.use_cases.look_up import RequestInList
from dsar_export.use_cases.prove import Proof, verified
from dsar_export.use_cases.reveal import taken_passphrase
from dsar_export.use_cases.subjects import register_about
from dsar_export.use_cases.take_in import given_identifiers

LOGIN: Final = "login"
_AHEAD: Final = timedelta(seconds=-30)
"""So much may the clock of the provider be ahead."""

ReadLogin = Callable[[datetime], Login]
"""What the token says that was sent, as of a moment; WrongUseError if it does not count."""
Reader = Callable[[], ReadLogin]
"""Gets the provider's keys: only for whoever may ask, and before anybody waits for a turn in the database."""


def verify_by_login(caller: Caller, register: Register, reference: str, reader: Reader) -> RequestInList:
    """Verifies a request: those of its identifiers are proven that the provider names, and no other one."""
    caller.require(Scope.VERIFY)
    refuse_unknown(caller.desk, reference)
    read = reader()
    with caller.desk.acting() as act:
        login = _login(act, reference, read, LoginPurpose.VERIFY)
        request = act.request(reference, Role.AGENT)
        held = [each.identifier for each in identifiers_of(act.connection, reference, act.desk.vault)]
        proven = _named(register, request, held, login)
        hashed = act.desk.vault.blind_index(LOGIN, f"{login.issuer}\n{login.subject}")
        verified(act, register, request, proven, Proof(LOGIN, f"a login at {login.issuer}; subject {hashed}"))
    return read_unscoped(caller.desk, register, reference)


def reveal_by_login(caller: Caller, register: Register, reference: str, reader: Reader) -> str:
    """The passphrase, once, for a person who has just signed in and is known to the request by a proven identifier."""
    caller.require(Scope.REVEAL)
    refuse_unknown(caller.desk, reference)
    read = reader()
    with caller.desk.acting() as act:
        login = _login(act, reference, read, LoginPurpose.REVEAL)
        if login.signed_in_at is None or not _AHEAD <= act.at - login.signed_in_at <= OLDEST_SIGN_IN:
            raise WrongUseError(
                "login: auth_time is missing, or more than five minutes ago; have the person sign in again"
            )
        request = act.request(reference, Role.AGENT)
        if request.subject.mandate is not None:
            raise WrongUseError(f"{reference}: an agent acts for the person; staff reveal the passphrase")
        _refuse_other_ways(register, request)
        held = [each.identifier for each in proven_identifiers(act.connection, reference, act.desk.vault)]
        _named(register, request, held, login)
        return taken_passphrase(act, request, evidence_kind=LOGIN)


def _refuse_other_ways(register: Register, request: StoredRequest) -> None:
    controller = register.organisation.controllers.get(request.listed.controller)
    if controller is None or PassphraseWay.LOGIN not in controller.passphrase_by:
        raise WrongUseError(
            f"{request.listed.reference}: passphrase_by of the controller has no `login`; the passphrase reaches the "
            "person on another way"
        )


def _login(act: Act, reference: str, read: ReadLogin, purpose: LoginPurpose) -> Login:
    """What the token says, which counts once; a token of another request or for something else counts never."""
    login = read(act.at)
    if login.reference != reference or login.purpose != purpose:
        raise WrongUseError(
            f"login: the token is not for this; its claims dsar_reference and dsar_purpose name the request and "
            f"`{purpose}`"
        )
    # For longer than a token counts, its id is kept beside the keys of answers, which no token of ours can name.
    hashed = answers.key_hash(f"{LOGIN} {login.issuer}", login.token_id)
    if answers.claim(act.connection, hashed, LOGIN, act.at, act.desk.vault) is not None:
        raise StateError("login: the token was used already; have the person sign in again")
    return login


def _named(
    register: Register, request: StoredRequest, held: Collection[Identifier], login: Login
) -> list[Identifier]:
    """The identifiers that equal what the provider names; NotPermittedError if there is none."""
    listed = request.listed
    part = register_about(register, listed.subject, held) if held else register
    found = []
    for identifier in held:
        value = login.values.get(identifier.kind)
        if value is None:
            continue
        both = given_identifiers(part, listed.controller, [identifier, Identifier(identifier.kind, value)])
        if NOBODY != both[0].folded == both[1].folded:
            found.append(identifier)
    if not found:
        raise NotPermittedError(
            "login: the person who signed in is not known by an identifier of this request; staff verify it"
        )
    return found
