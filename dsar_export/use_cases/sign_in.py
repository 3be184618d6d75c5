"""Signs staff in to the pages: whatever is wrong, the answer is the same, and takes as long."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from dsar_export.requests.accounts import Try, begin_try, end_try
from dsar_export.requests.database import writing
from dsar_export.requests.installation import epoch
from dsar_export.requests.people import is_name
from dsar_export.requests.sessions import (
    NewSession,
    Session,
    begin_session,
    end_session,
    mark_proven,
    mark_seen,
    session_of,
)
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.secrets_of_accounts import is_password, step_of

_SEEN_EVERY: Final = timedelta(minutes=1)
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True)
class Entry:
    """What somebody entered, and from which address."""

    login: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in by a session."""

    login: str
    csrf: str = field(repr=False)
    """What each form of the session has."""
    proven: bool
    """Whether a password or code was shown moments ago."""


def sign_in(desk: Desk, entry: Entry) -> str | None:
    """The token of a new session; None for anything but the right password and a code that was not used before."""
    begun = _begun(desk, entry.login, entry.address)
    kept = None if begun.account is None else begun.account.password_hash
    right = is_password(kept, entry.password)  # outside the transaction, as it takes long on purpose
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with desk.acting() as act:
        step = _step(act, begun, entry.code)
        if right and step is not None and _ended(act, begun, step):
            begin_session(act.connection, NewSession(token, entry.login, epoch(act.connection)), act.at)
            return token
        _note_lock(act, begun)
    return None


def prove_again(desk: Desk, token: str, password: str, code: str, address: str) -> bool:
    """Whether whoever has a session shows its password, or a code that was not used before."""
    session = _session(desk, token)
    begun = _begun(desk, "" if session is None else session.person, address)
    kept = None if begun.account is None else begun.account.password_hash
    right = is_password(kept, password)
    with desk.acting() as act:
        step = None if right else _step(act, begun, code)
        if (right or step is not None) and _ended(act, begun, step):
            mark_proven(act.connection, token, act.at)
            return True
        _note_lock(act, begun)
    return False


def signed_in(desk: Desk, token: str) -> SignedIn | None:
    """Who is signed in by a token; None if its session is over, or never was."""
    session = _session(desk, token)
    if session is None:
        return None
    at = desk.clock()
    if at - session.seen_at >= _SEEN_EVERY:
        with writing(desk.engine) as connection:
            mark_seen(connection, token, at)
    return SignedIn(session.person, csrf_of(token), session.is_proven(at))


def session_lasts(desk: Desk, token: str) -> bool:
    """Whether the session of a token lasts; looking at it does not make it last longer."""
    return _session(desk, token) is not None


def sign_out(desk: Desk, token: str) -> None:
    """Ends the session of a token, if there is one."""
    with writing(desk.engine) as connection:
        end_session(connection, token)


def csrf_of(token: str) -> str:
    """What the forms of a session have, which no other site can know."""
    return hmac.new(token.encode("utf-8", "replace"), b"csrf", hashlib.sha256).hexdigest()


def _session(desk: Desk, token: str) -> Session | None:
    with desk.looking() as act:
        return session_of(act.connection, token, epoch(act.connection), act.at)


def _begun(desk: Desk, login: str, address: str) -> Try:
    at = desk.clock()
    with writing(desk.engine) as connection:
        person = login if is_name(login) else ""
        return begin_try(connection, desk.vault, person, desk.vault.sender_mac(address), at)


def _step(act: Act, begun: Try, code: str) -> int | None:
    return step_of(None if begun.account is None else begun.account.totp_secret, code, act.at)


def _ended(act: Act, begun: Try, step: int | None) -> bool:
    return begun.account is not None and end_try(act.connection, begun.account.person, step)


def _note_lock(act: Act, begun: Try) -> None:
    if begun.account is not None and begun.locks:
        act.append("lock_account", None, None, {"person": begun.account.person})
