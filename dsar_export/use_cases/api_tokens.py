"""Tokens of other systems: made and revoked by administrators, and known again by who is at work with one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.api import ApiToken, Scope
from dsar_export.model.people import Grant, Person, Role
from dsar_export.model.register import Register
from dsar_export.requests.api_tokens import PREFIX, add_token, new_api_token, scopes_of, tokens
from dsar_export.requests.people import EVERY_CONTROLLER, disable_person, grant, is_name
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.services import known_controller

_ROLES: Final = {scope: Role.AUDITOR if scope is Scope.READ else Role.AGENT for scope in Scope}
"""A token that only reads can change nothing, whatever asks in its name."""

_LONGEST: Final = 60


@dataclass(frozen=True)
class TokenOrder:
    """A token that somebody wants."""

    name: str
    scopes: frozenset[Scope]
    controllers: Sequence[str]
    expires_at: datetime


@dataclass(frozen=True)
class Caller:
    """Whoever asks by a token: a desk in its name, and what the token is for."""

    desk: Desk
    scopes: frozenset[Scope]
    token: str = field(repr=False)

    def require(self, scope: Scope) -> None:
        """NotPermittedError names the scope that is missing."""
        if scope not in self.scopes:
            raise NotPermittedError(
                f"the token lacks the scope {scope}; ask an administrator for one that has it"
            )


def make_token(desk: Desk, register: Register, wanted: TokenOrder) -> str:
    """Makes a token, and returns its text, which is kept nowhere."""
    if not is_name(wanted.name) or len(wanted.name) > _LONGEST:
        raise WrongUseError(
            "a token's name has letters, digits, '.', '_' and '-', at most 60; such as `portal`"
        )
    if not wanted.scopes or not wanted.controllers:
        raise WrongUseError("a token needs a scope and a controller; name them with --scope and --controller")
    for controller in wanted.controllers:
        known_controller(register, controller)
    token, person = new_api_token(), f"{PREFIX}{wanted.name}"
    scopes = ",".join(scope.name.lower() for scope in Scope if scope in wanted.scopes)
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        if wanted.expires_at <= act.at:
            raise WrongUseError("the token would have expired already; correct --until")
        made = ApiToken(
            person, wanted.scopes, wanted.controllers, act.at, desk.person.name, wanted.expires_at
        )
        add_token(act.connection, token, made)
        for controller in dict.fromkeys(wanted.controllers):
            for role in sorted({_ROLES[scope] for scope in wanted.scopes}):
                grant(act.connection, Grant(person, controller, role, act.at, wanted.expires_at))
            act.append("make_token", None, controller, {"person": person, "scopes": scopes})
    return token


def revoke_token(desk: Desk, name: str) -> None:
    """Ends a token at once; its name stays in what was done by it."""
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        person = f"{PREFIX}{name}"
        if person not in {each.person for each in tokens(act.connection)}:
            raise WrongUseError(f"no token is called {name!r}; `dsar-export api-token list` shows all")
        disable_person(act.connection, person, act.at)
        act.append("revoke_token", None, None, {"person": person})


def known_tokens(desk: Desk) -> tuple[ApiToken, ...]:
    """All tokens, also those that do not count any more."""
    with desk.looking() as act:
        return tokens(act.connection)


def caller_of(desk: Desk, token: str) -> Caller | None:
    """Who asks by a token; None for one that does not count, for whatever reason."""
    with desk.looking() as act:
        found = scopes_of(act.connection, token, act.at)
    return None if found is None else Caller(replace(desk, person=Person(found[0], None)), found[1], token)


def still_counts(caller: Caller) -> bool:
    """Whether the token of somebody who watches was neither revoked nor has expired since."""
    return caller_of(caller.desk, caller.token) is not None
