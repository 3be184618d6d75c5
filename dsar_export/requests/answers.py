"""Answers that are repeated to whoever asks the same again by the same key, for a day."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from dsar_export.requests.token_tables import ANSWERS
from dsar_export.requests.vault import Cell, Vault

KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True)
class KeptAnswer:
    """What was asked by a key, and what was answered; nothing yet while somebody works on it."""

    asked_hash: str
    status: int | None
    body: str = field(repr=False)


def answer_cell(key_hash: str) -> Cell:
    return Cell("api_answers", "answer_sealed", key_hash)


def key_hash(person: str, key: str) -> str:
    """Under what an answer is kept: keys of one token are nobody else's."""
    return sha256(f"{person}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()


def claim(
    connection: Connection, hashed: str, asked_hash: str, at: datetime, vault: Vault
) -> KeptAnswer | None:
    """Claims a key, or returns what it was used for within a day. The caller holds the turn of the trail."""
    connection.execute(delete(ANSWERS).where(ANSWERS.c.at <= at - KEPT))
    row = connection.execute(select(ANSWERS).where(ANSWERS.c.key_hash == hashed)).mappings().one_or_none()
    if row is None:
        connection.execute(insert(ANSWERS).values(key_hash=hashed, asked_hash=asked_hash, at=at))
        return None
    sealed = row["answer_sealed"]
    body = "" if sealed is None else vault.open(sealed, answer_cell(hashed))
    return KeptAnswer(row["asked_hash"], row["status"], body)


def keep(connection: Connection, hashed: str, status: int, body: str, vault: Vault) -> None:
    """Keeps an answer for whoever asks again."""
    values = {"status": status, "answer_sealed": vault.seal(body, answer_cell(hashed))}
    connection.execute(update(ANSWERS).where(ANSWERS.c.key_hash == hashed).values(values))


def release(connection: Connection, hashed: str) -> None:
    """Forgets a key, as nothing was done."""
    connection.execute(delete(ANSWERS).where(ANSWERS.c.key_hash == hashed))
