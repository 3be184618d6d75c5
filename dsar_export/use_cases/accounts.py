"""Accounts by which staff sign in to the pages: an administrator makes, resets and disables them."""

from dataclasses import dataclass, field

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.requests import accounts
from dsar_export.requests.people import EVERY_CONTROLLER, is_name
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.secrets_of_accounts import hashed, new_totp, otpauth


@dataclass(frozen=True)
class NewAccount:
    """What is shown once, after an account was made or reset."""

    person: str
    totp_secret: str = field(repr=False)
    otpauth: str = field(repr=False)


def make_account(desk: Desk, name: str, password: str) -> NewAccount:
    """Makes an account; WrongUseError if there is one already, or the password is weak."""
    return _put(desk, name, password, "make_account", existing=False)


def reset_account(desk: Desk, name: str, password: str) -> NewAccount:
    """Gives an account another password and secret for codes, enables it, and ends its sessions."""
    return _put(desk, name, password, "reset_account", existing=True)


def disable_account(desk: Desk, name: str) -> None:
    """Nobody signs in by the account until it is reset, and its sessions end; roles stay."""
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        if not accounts.has_account(act.connection, name):
            raise WrongUseError(f"{name} has no account; nothing was changed")
        accounts.disable_account(act.connection, name, act.at)
        act.append("disable_account", None, None, {"person": name})


def is_any_account(desk: Desk) -> bool:
    """Whether anybody could sign in."""
    with desk.looking() as act:
        return accounts.is_any_account(act.connection)


def require_may_change(desk: Desk, name: str, *, existing: bool) -> None:
    """Refuses before anybody types a password: NotPermittedError, or WrongUseError as the change itself."""
    with desk.looking() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        _refuse(name, existing=existing, has=accounts.has_account(act.connection, name))


def _put(desk: Desk, name: str, password: str, action: str, *, existing: bool) -> NewAccount:
    kept, secret = hashed(name, password), new_totp()
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        _refuse(name, existing=existing, has=accounts.has_account(act.connection, name))
        accounts.put_account(act.connection, desk.vault, accounts.Account(name, kept, secret), act.at)
        act.append(action, None, None, {"person": name})
    return NewAccount(name, secret, otpauth(name, secret))


def _refuse(name: str, *, existing: bool, has: bool) -> None:
    if not is_name(name):
        raise WrongUseError(f"{name!r} is no colleague, so nobody signs in by that name")
    if has and not existing:
        raise WrongUseError(f"{name} has an account; --reset gives it another password")
    if existing and not has:
        raise WrongUseError(f"{name} has no account; leave --reset out")
