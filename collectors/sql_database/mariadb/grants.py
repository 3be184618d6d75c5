"""What an account of MariaDB or MySQL may do, by its own grants and those of its roles."""

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
# To an account, with its host: a role that another role brings along can't be taken on by itself.
_ROLES: Final = re.compile(r"GRANT (`.+?`) TO `[^@]*`@")
_COLUMN_LIST: Final = re.compile(r"\([^)]*\)")
_WHOLE: Final = re.compile(r"`((?:[^`]|``)+)`\.\*")
_SIGN: Final = re.compile(r"\\?.", re.DOTALL)


@dataclass(frozen=True)
class Grants:
    """What SHOW GRANTS says: of the session as it is, and of every role that the account may take on."""

    held: Sequence[str]
    to_be_had: Sequence[str]

    def sees_all_of(self, database: str) -> bool:
        """Whether the session may read the whole database, so that the server hides none of its tables and columns."""
        return any(
            privileges & _SELECTING and _covers(on, database) for privileges, on, _ in _told(self.held)
        )

    def beyond_reading(self) -> Iterator[str]:
        """What is granted beyond reading: privileges for the whole server, else what they are for."""
        for privileges, on, may_grant in _told([*self.held, *self.to_be_had]):
            beyond = privileges - _READING | ({"GRANT OPTION"} if may_grant else set())
            if on == "*.*":
                yield from beyond
            elif beyond:
                yield on.replace("`", "").replace("\\", "")


def read_grants(connection: Connection) -> Grants:
    """The account's grants; it is left with another role than before."""
    held = [str(line) for (line,) in connection.exec_driver_sql("SHOW GRANTS")]
    # The driver takes a percent sign for a parameter's.
    roles = [found[1].replace("%", "%%") for line in held if (found := _ROLES.match(line))]
    more: list[str] = []
    if connection.dialect.is_mariadb:  # type: ignore[attr-defined] # of the MySQL dialect
        for role in roles:
            connection.exec_driver_sql(f"SET ROLE {role}")
            more += [str(line) for (line,) in connection.exec_driver_sql("SHOW GRANTS")]
    elif roles:  # MySQL does not say which of them are active, so all are taken to be
        asked = f"SHOW GRANTS FOR CURRENT_USER() USING {', '.join(roles)}"
        held += [str(line) for (line,) in connection.exec_driver_sql(asked)]
    return Grants(held, more)


def _told(lines: Sequence[str]) -> Iterator[tuple[set[str], str, bool]]:
    """The privileges of each grant, what they are for, and whether they may be granted to others."""
    for line in lines:
        if granted := _GRANT.match(line):
            privileges = {p.strip() for p in _COLUMN_LIST.sub("", granted[1]).split(",")}
            yield privileges, granted[2], granted[3] is not None


def _covers(on: str, database: str) -> bool:
    """Whether a grant is for the whole database; its name is a pattern, with % and _ for any signs."""
    if on == "*.*":
        return True
    whole = _WHOLE.fullmatch(on)
    if whole is None:
        return False
    signs: list[str] = _SIGN.findall(whole[1].replace("``", "`"))
    pattern = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign[-1])) for sign in signs)
    return re.fullmatch(pattern, database, re.DOTALL) is not None
