"""Reveals the passphrase of what a worker built: once, and then it is gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.requests.requests import StoredRequest, request_cell
from dsar_export.requests.states import State
from dsar_export.requests.transitions import change
from dsar_export.use_cases.desk import Act, Desk

_BUILT = frozenset({State.AVAILABLE, State.DELIVERED})


@contextmanager
def revealed(desk: Desk, reference: str) -> Iterator[str]:
    """The passphrase, for a block that shows it; if the block fails, it can be revealed again."""
    with desk.acting() as act:
        yield taken_passphrase(act, act.request(reference, Role.AGENT, Role.REVIEWER))


def taken_passphrase(act: Act, request: StoredRequest, **details: str) -> str:
    """The passphrase, which is gone when the transaction ends; WrongUseError if there is none."""
    reference = request.listed.reference
    if request.passphrase_sealed is None:
        raise WrongUseError(
            f"{reference} has no passphrase to reveal: it was shown already, a backup was restored since, or "
            "nothing is built. The request shows what is possible now"
        )
    cell = request_cell(reference, "passphrase_sealed")
    change(act.connection, reference, request.listed.version, act.at, _BUILT, passphrase_sealed=None)
    act.note("reveal", request, **details)
    return act.desk.vault.open(request.passphrase_sealed, cell)
