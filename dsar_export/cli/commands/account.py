"""`dsar-export people account …`."""

import sys
from getpass import getpass

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk
from dsar_export.errors import WrongUseError
from dsar_export.use_cases.accounts import (
    disable_account,
    make_account,
    require_may_change,
    reset_account,
)


def run_account(name: str, *, reset: bool, disable: bool, as_json: bool) -> int:
    """Makes an account, or changes one; its secret is shown once."""
    if reset and disable:
        raise WrongUseError("use --reset or --disable; a disabled account is enabled by --reset")
    at_work = desk()
    if disable:
        disable_account(at_work, name)
        if as_json:
            terminal.print_json({"person": name, "disabled": True})
        else:
            terminal.out().print(f"{name} can't sign in any more; roles stay")
        return 0
    require_may_change(at_work, name, existing=reset)
    made = (reset_account if reset else make_account)(at_work, name, _password())
    if as_json:
        terminal.print_json({"person": name, "totp_secret": made.totp_secret, "otpauth": made.otpauth})
        return 0
    shown = terminal.out()
    shown.print(f"{name} signs in with the password and a code of six digits. Enter this secret in a program")
    shown.print("for such codes, now: it is not shown again.")
    shown.print(f"  secret   {made.totp_secret}")
    shown.print(f"  address  {made.otpauth}")
    return 0


def _password() -> str:
    """Typed twice; an argument, a file or a pipe would leave it somewhere."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise WrongUseError("there is no terminal to ask for the password; run this on one")
    typed = getpass("password: ")
    if getpass("once more: ") != typed:
        raise WrongUseError("the two differ; nothing was changed, run it again")
    return typed
