"""The privileges of a MariaDB or MySQL account, from its own grants and those of its roles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

_READING: Final = frozenset({"SELECT", "USAGE", "SHOW VIEW", "SHOW DATABASES"})
_SELECTING: Final = frozenset({"SELECT", "ALL PRIVILEGES"})
_GRANT: Final = re.compile(
    r"GRANT (.+?) ON (?:(?:TABLE|FUNCTION|PROCEDURE|PACKAGE BODY|PACKAGE) )?(.+?) TO .*?(WITH GRANT OPTION)?$"
)
# A role granted to an account, which has a host: a role granted to another role can't be enabled by itself.
_ROLES: Final = re.compile(r"GRANT (`.+?`) TO `[^@]*`@")
_COLUMN_LIST: Final = re.compile(r"\([^)]*\)")
_WHOLE: Final = re.compile(r"`((?:[^`]|``)+)`\.\*")
_CHARACTER: Final = re.compile(r"\\?.", re.DOTALL)


@dataclass(frozen=True)
class Grants:
    """Lines of SHOW GRANTS: those active in the session, and those of every role that the account may enable."""

    active: Sequence[str]
    available: Sequence[str]

    def sees_all_of(self, database: str) -> bool:
        """Whether the session may read the whole database, so that the server hides no table or column of it."""
        return any(
            privileges & _SELECTING and _covers(on, database) for privileges, on, _ in _parsed(self.active)
        )

    def beyond_reading(self) -> Iterator[str]:
        """Grants beyond reading: the privileges themselves if server-wide, otherwise the object that they are for."""
        for privileges, on, may_grant in _parsed([*self.active, *self.available]):
            beyond = privileges - _READING | ({"GRANT OPTION"} if may_grant else set())
            if on == "*.*":
                yield from beyond
            elif beyond:
                yield on.replace("`", "").replace("\\", "")


def read_grants(connection: Connection) -> Grants:
    """Reads the account's grants; afterwards the session has another role than before."""
    active = [str(line) for (line,) in connection.exec_driver_sql("SHOW GRANTS")]
    # The driver would take a single percent sign for a parameter.
    roles = [found[1].replace("%", "%%") for line in active if (found := _ROLES.match(line))]
    more: list[str] = []
    if connection.dialect.is_mariadb:  # type: ignore[attr-defined] # of the MySQL dialect
        for role in roles:
            connection.exec_driver_sql(f"SET ROLE {role}")
            more += [str(line) for (line,) in connection.exec_driver_sql("SHOW GRANTS")]
    elif roles:  # MySQL does not show which of them are active, so all are assumed to be
        statement = f"SHOW GRANTS FOR CURRENT_USER() USING {', '.join(roles)}"
        active += [str(line) for (line,) in connection.exec_driver_sql(statement)]
    return Grants(active, more)


def _parsed(lines: Sequence[str]) -> Iterator[tuple[set[str], str, bool]]:
    """Yields the privileges of each grant, the object they are for, and whether they may be granted to others."""
    for line in lines:
        if granted := _GRANT.match(line):
            privileges = {p.strip() for p in _COLUMN_LIST.sub("", granted[1]).split(",")}
            yield privileges, granted[2], granted[3] is not None


def _covers(on: str, database: str) -> bool:
    """Whether a grant is for the whole database. Its database name is a pattern with the wildcards % and _."""
    if on == "*.*":
        return True
    whole = _WHOLE.fullmatch(on)
    if whole is None:
        return False
    characters: list[str] = _CHARACTER.findall(whole[1].replace("``", "`"))
    pattern = "".join({"%": ".*", "_": "."}.get(each, re.escape(each[-1])) for each in characters)
    return re.fullmatch(pattern, database, re.DOTALL) is not None
