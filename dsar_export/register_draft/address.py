"""How a register names the address of a source: without a password, and a SQLite file as seen from the register."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from dsar_export.errors import SourceUnreadableError, WrongUseError
from dsar_export.register_draft.words import simple_name

_ENVIRONMENT: Final = "env:"


@dataclass(frozen=True)
class Address:
    """A source's name and kind, and the address that its register has; `to_set` is a variable that is still missing."""

    source: str
    url: str
    to_set: str | None = None

    @property
    def remark(self) -> str | None:
        """What stands beside the address."""
        return None if self.to_set is None else "the environment variable with the address and its password"


def address_of(given: str, out: Path) -> Address:
    """The address for a register in the folder `out`; WrongUseError if it is no address of a database."""
    if given.startswith(_ENVIRONMENT):
        return Address(simple_name(given.removeprefix(_ENVIRONMENT)), given)
    try:
        url = make_url(given)
    except ArgumentError:
        raise WrongUseError(
            "URL: not the address of a database; expected sqlite:///FILE, postgresql://…/DATABASE, "
            "mariadb://…/DATABASE, mysql://…/DATABASE, or env:NAME for the environment variable that has it"
        ) from None
    source = simple_name(Path(url.database or url.get_backend_name()).stem) or "source"
    if url.get_backend_name() == "sqlite":
        return Address(source, _file_seen_from(url, out))
    if url.password is None and "password" not in url.query:
        return Address(source, given)
    variable = re.sub(r"\W", "_", f"{source}_database").upper()
    return Address(source, f"{_ENVIRONMENT}{variable}", variable)


def resolved(given: str) -> str:
    """The address itself, from the environment if it is there.

    Raises WrongUseError if the variable is missing, and SourceUnreadableError if there is no such SQLite file.
    """
    found = given
    if given.startswith(_ENVIRONMENT):
        variable = given.removeprefix(_ENVIRONMENT)
        if variable not in os.environ:
            raise WrongUseError(f"URL: the environment has no variable {variable}; set it")
        found = os.environ[variable]
    if found.startswith("sqlite:///") and not Path(found.removeprefix("sqlite:///")).exists():
        raise SourceUnreadableError(
            "URL: there is no such file; a relative one begins at the current folder, and an absolute one has four "
            "slashes (sqlite:////…)"
        )
    return found


def _file_seen_from(url: URL, out: Path) -> str:
    file = Path(url.database or "")
    seen = str(file) if file.is_absolute() else os.path.relpath(file.resolve(), out.resolve())
    return f"sqlite:///{Path(seen).as_posix()}"
