"""Identifies a person of a small world over its database, as an export does."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from dsar_export.folding import KeyRing
from dsar_export.identities.links import LinkReader
from dsar_export.identities.search import identify
from dsar_export.interfaces import Snapshot
from dsar_export.model.identity import Identity
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification
from dsar_export.wiring import build_collectors, register_in
from tests.worlds import NOON, World


def request_of(verified: Sequence[Identifier], chosen: Sequence[str] = ()) -> SubjectRequest:
    return SubjectRequest(
        reference="R-1",
        right=Right.ACCESS,
        controller="acme",
        identifiers=tuple(verified),
        verification=Verification("tests", "synthetic", NOON),
        chosen=tuple(chosen),
    )


def identity_of(
    of: World,
    *verified: Identifier,
    chosen: Sequence[str] = (),
    searched: bool = True,
    keys: KeyRing | None = None,
    undecided: Callable[[Identifier], bool] = lambda _: False,
) -> Identity:
    register = register_in(of.folder)
    opened: AbstractContextManager[Snapshot] = build_collectors(register)["main"].snapshot()
    with opened as snapshot:
        reader = LinkReader(register, "acme", {"main": snapshot} if searched else {}, keys or {}, undecided)
        return identify(reader, request_of(verified, chosen))
