"""Opens the desk and the register for commands about requests, and reads texts that are no arguments."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import typer

from dsar_export.cli import startup, terminal
from dsar_export.errors import WrongUseError
from dsar_export.interfaces import Progress
from dsar_export.model.register import Register
from dsar_export.settings import read_settings
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.services import Services
from dsar_export.wiring import build_services, register_in
from dsar_export.wiring.desk import open_desk


def desk() -> Desk:
    """The desk of whoever starts the command, by the settings."""
    return open_desk(read_settings())


def register_of(folder: Path | None) -> Register:
    """The register that was named, or that of the settings."""
    return register_in(_folder(folder))


def services_of(folder: Path | None, progress: Progress) -> Services:
    """The services of the register that was named, or of that of the settings."""
    services = build_services(_folder(folder), progress)
    startup.resume_gc()
    return services


def text_from(file: str | None, what: str) -> str:
    """A text from a file, from standard input for `-`, or typed at a prompt: an argument can be seen by others."""
    if file is not None:
        return terminal.read_text(file).strip()
    if sys.stdin is None or not sys.stdin.isatty():
        raise WrongUseError(f"{what} is missing; name a file with it, or - for standard input")
    typed: str = typer.prompt(what, err=True)
    return typed.strip()


def moment_of(text: str | None) -> datetime | None:
    """A moment in ISO 8601; a date alone, or a time without an offset, is in UTC."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUseError(
            "a time has the form 2026-05-31 or 2026-05-31T10:00:00+02:00; correct it"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _folder(folder: Path | None) -> Path:
    found = folder or read_settings().register_folder
    if found is None:
        raise WrongUseError("no register: name its folder with --register, or in DSAR_REGISTER")
    return found
