"""`dsar-export api-token …`."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, register_of, zone_of
from dsar_export.errors import WrongUseError
from dsar_export.model.api import Scope
from dsar_export.use_cases.api_tokens import TokenOrder, known_tokens, make_token, revoke_token
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.moments import end_of

_LASTS: Final = timedelta(days=365)


def run_add(
    register: Path | None,
    name: str,
    reach: tuple[tuple[str, ...], tuple[str, ...]],
    until: str | None,
    *,
    as_json: bool,
) -> int:
    """Makes a token; `reach` is its scopes and its controllers. With JSON, standard error has the token."""
    scopes, controllers = reach
    if not set(scopes) <= set(Scope):
        raise WrongUseError(f"--scope is one of {', '.join(Scope)}; repeat it for several")
    at_work, read = desk(), register_of(register)
    expires_at = end_of(until, zone_of(read, controllers[0])) or at_work.clock() + _LASTS
    token = make_token(
        at_work, read, TokenOrder(name, frozenset(map(Scope, scopes)), controllers, expires_at)
    )
    if as_json:
        terminal.err().print(f"{terminal.PROGRAM}: token, shown once: {token}", soft_wrap=True)
        terminal.print_json({"name": name, "expires_at": expires_at.isoformat()})
    else:
        terminal.print_facts([("token", f"{token} (shown once)"), ("until", expires_at.isoformat())])
    return 0


def run_list(*, as_json: bool) -> int:
    """Shows all tokens."""
    return _listed(desk(), as_json=as_json)


def run_revoke(name: str, *, as_json: bool) -> int:
    """Revokes a token."""
    at_work = desk()
    revoke_token(at_work, name)
    return _listed(at_work, as_json=as_json)


def _listed(at_work: Desk, *, as_json: bool) -> int:
    found = known_tokens(at_work)
    if as_json:
        shown = [
            {
                "person": each.person,
                "scopes": sorted(each.scopes),
                "controllers": list(each.controllers),
                "made_at": each.made_at.isoformat(),
                "made_by": each.made_by,
                "expires_at": each.expires_at.isoformat(),
                "revoked_at": each.revoked_at and each.revoked_at.isoformat(),
            }
            for each in found
        ]
        terminal.print_json({"tokens": shown})
        return 0
    rows = [
        [
            each.person,
            ", ".join(sorted(each.scopes)),
            ", ".join(each.controllers),
            "revoked" if each.revoked_at else f"until {each.expires_at:%Y-%m-%d}",
        ]
        for each in found
    ]
    terminal.print_table(["person", "scopes", "controllers", "counts"], rows)
    return 0
