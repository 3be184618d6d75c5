"""The numbers of what belongs to a request: its codes, pauses, decisions, notes and complaints, each from 1 on."""

from sqlalchemy import Connection, Table, func, select


def next_number(connection: Connection, table: Table, reference: str) -> int:
    """The number of the next row about a request; the caller has locked or changed the request's row."""
    last = connection.scalar(select(func.max(table.c.number)).where(table.c.reference == reference))
    return int(last or 0) + 1
