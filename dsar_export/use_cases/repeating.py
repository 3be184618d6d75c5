"""Does what another system asks by a key once, however often it asks: its second try gets the first one's answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from dsar_export.errors import RegisterError, RepeatedKeyError, StateError, WrongUseError
from dsar_export.requests import answers
from dsar_export.use_cases.desk import Desk


@dataclass(frozen=True)
class Reply:
    """An answer with its status."""

    status: int
    body: str = field(repr=False)


def answered_once(desk: Desk, key: str | None, asked: str, work: Callable[[], Reply]) -> Reply:
    """The answer to what is asked, from `work` or from an earlier time within a day.

    RepeatedKeyError if the key was used for something else; StateError if nobody knows yet what came of it.
    """
    if key is None:
        return work()
    hashed = answers.key_hash(desk.person.name, key)
    digest = desk.vault.blind_index("asked", sha256(asked.encode("utf-8", "surrogatepass")).hexdigest())
    with desk.acting() as act:
        kept = answers.claim(act.connection, hashed, digest, act.at, desk.vault)
    if kept is not None:
        return _repeated(kept, digest)
    try:
        reply = work()
    except (WrongUseError, RegisterError):  # nothing was done, so the key may be used again
        with desk.acting() as act:
            answers.release(act.connection, hashed)
        raise
    with desk.acting() as act:
        answers.keep(act.connection, hashed, reply.status, reply.body, desk.vault)
    return reply


def _repeated(kept: answers.KeptAnswer, digest: str) -> Reply:
    if kept.asked_hash != digest:
        raise RepeatedKeyError(
            "Idempotency-Key: it was used for something else within a day; use another one"
        )
    if kept.status is None:
        raise StateError(
            "Idempotency-Key: the same is being done, or was cut off; look whether it was done, then use another key"
        )
    return Reply(kept.status, kept.body)
