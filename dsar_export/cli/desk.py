"""Opens the desk and the register for commands about requests, and reads texts that are no arguments."""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from dsar_export.cli import startup, terminal
from dsar_export.errors import NoStateError, RegisterError, WrongUseError
from dsar_export.interfaces import Progress
from dsar_export.model.register import Register
from dsar_export.settings import read_settings
from dsar_export.use_cases.clocks import refuse_unfit_clocks
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.services import Services, known_controller
from dsar_export.wiring import build_services, register_in
from dsar_export.wiring.desk import open_desk, open_existing_desk


def desk() -> Desk:
    """The desk of whoever starts the command, by the settings; NoStateError if nothing was founded there."""
    return open_existing_desk(read_settings())


def founding_desk() -> Desk:
    """The same for the commands with which work begins: a state that is missing is made, and staff are informed."""
    settings = read_settings()
    try:
        return open_existing_desk(settings)
    except NoStateError:
        made = open_desk(settings)
    terminal.err().print(
        f"{terminal.PROGRAM}: a new state was made in {settings.state}, with {made.person.name} as its administrator"
    )
    return made


def register_of(folder: Path | None) -> Register:
    """The register that was named, or that of the settings; refused if due dates can't be reckoned by it."""
    register = register_in(_folder(folder))
    refuse_unfit_clocks(register)
    return register


def register_if_named(folder: Path | None) -> Register | None:
    """The same; None if there is no register at all."""
    return None if folder is None and read_settings().register_folder is None else register_of(folder)


def register_to_show_by() -> Register | None:
    """The register of the settings for time zones alone; None if there is none, or a wrong one."""
    folder = read_settings().register_folder
    try:
        return None if folder is None else register_in(folder)
    except RegisterError:
        return None


def services_of(folder: Path | None, progress: Progress) -> Services:
    """The services of the register that was named, or of that of the settings."""
    services = build_services(_folder(folder), progress)
    refuse_unfit_clocks(services.register)
    startup.resume_gc()
    return services


def text_from(file: str | None, what: str) -> str:
    """A text from a file, from standard input for `-`, or typed at a prompt: an argument can be seen by others."""
    if file is not None:
        if text := terminal.read_text(file).strip():
            return text
        raise WrongUseError(f"the {what} is empty; write something")
    if sys.stdin is None or not sys.stdin.isatty():
        raise WrongUseError(f"{what} is missing; name a file with it, or - for standard input")
    typed: str = typer.prompt(what, err=True)
    return typed.strip()


def require_yes(what: str, *, yes: bool) -> None:
    """Asks on a terminal whether to go on; WrongUseError if nobody is there to ask, or says no."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise WrongUseError(f"nothing was changed; {what}: if that is meant, run it again with --yes")
    if not typer.confirm(f"{what}: go on?", err=True):
        raise WrongUseError("nothing was changed")


def zone_of(register: Register, controller: str) -> ZoneInfo:
    """The controller's time zone, in which staff name days."""
    return ZoneInfo(known_controller(register, controller).time_zone)


def _folder(folder: Path | None) -> Path:
    found = folder or read_settings().register_folder
    if found is None:
        raise WrongUseError("no register: name its folder with --register, or in DSAR_REGISTER")
    return found
