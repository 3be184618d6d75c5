"""Signs staff in by the organisation's identity provider, and proves by it again who somebody is."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Final

from dsar_export.model.people import Role
from dsar_export.model.provider_login import OneTime, ProvenLogin
from dsar_export.requests import logins
from dsar_export.requests.database import writing
from dsar_export.requests.installation import epoch
from dsar_export.requests.logins import Start
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.requests.sessions import NewSession, begin_session, hashed, mark_proven, session_of
from dsar_export.use_cases.desk import Desk

_TOKEN_BYTES: Final = 32
_SKEW: Final = timedelta(minutes=1)
"""By how much the provider's clock may be behind ours."""


def new_browser() -> str:
    """What a browser is recognised by until it comes back from the provider."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def start_login(desk: Desk, browser: str, way_on: str, session: str | None = None) -> OneTime | None:
    """What leads a browser to the provider; None if too many are on their way.

    `session` is the token of a session that is to be proven again.
    """
    state, at = secrets.token_urlsafe(_TOKEN_BYTES), desk.clock()
    start = Start(way_on, at, None if session is None else hashed(session))
    with writing(desk.engine) as connection:
        led = logins.put_start(connection, state, browser, start)
    return one_time(browser, state) if led else None


def one_time(browser: str, state: str) -> OneTime:
    """The nonce and verifier of a state, which are kept nowhere: the browser's secret makes them."""
    return OneTime(state, _derived(browser, "nonce", state), _derived(browser, "verifier", state))


def come_back(desk: Desk, browser: str, state: str) -> Start | None:
    """What a browser was led to the provider for; counts once."""
    with writing(desk.engine) as connection:
        return logins.take_start(connection, state, browser, desk.clock())


def sign_in_by(desk: Desk, login: ProvenLogin) -> str | None:
    """The token of a new session; None if nobody here has this account."""
    token, mac = secrets.token_urlsafe(_TOKEN_BYTES), _mac(desk, login)
    with writing(desk.engine) as connection:
        person = logins.person_who_may_enter(connection, mac)
        if person is None:
            return None
        begin_session(connection, NewSession(token, person, epoch(connection), mac), desk.clock())
    return token


def prove_again_by(desk: Desk, token: str, start: Start, login: ProvenLogin) -> bool:
    """Whether whoever has a session entered anew at the provider, since they were led there."""
    at = desk.clock()
    with writing(desk.engine) as connection:
        session = session_of(connection, token, epoch(connection), at)
        person = logins.person_who_may_enter(connection, _mac(desk, login))
        anew = login.entered_at is not None and login.entered_at >= start.begun_at - _SKEW
        mine = session is not None and session.person == person and start.session_hash == hashed(token)
        if not (anew and mine):
            return False
        mark_proven(connection, token, at)
    return True


def bind_login(desk: Desk, name: str, issuer: str, subject: str) -> None:
    """Lets somebody sign in by an account of the provider, in place of an earlier one."""
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        logins.bind_login(act.connection, name, _mac(desk, ProvenLogin(issuer, subject, None)), act.at)
        act.append("bind_login", None, None, {"person": name})


def end_login(desk: Desk, name: str) -> bool:
    """Nobody signs in by that account any more; False if there was none."""
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        ended = logins.unbind_login(act.connection, name)
        if ended:
            act.append("end_login", None, None, {"person": name})
    return ended


def _mac(desk: Desk, login: ProvenLogin) -> str:
    return desk.vault.login_mac(login.issuer, login.subject)


def _derived(browser: str, name: str, state: str) -> str:
    return hmac.new(browser.encode(), f"{name} {state}".encode(), hashlib.sha256).hexdigest()
