"""Who is signed in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dsar_export.model.people import Role
from dsar_export.use_cases.desk import Desk


@dataclass(frozen=True)
class Signed:
    """A member of staff who signed in, with the desk at which that person works."""

    desk: Desk
    login: str
    csrf: str = field(repr=False)
    """What each form of the session must bring back."""
    proven: bool
    """Whether the person has proven again, a few minutes ago, who they are."""
    roles: frozenset[Role]
    """Those that the person has at any controller."""
    lasts: Callable[[], bool] = field(default=lambda: True, repr=False)
    """Whether the session still lasts; asks the database, and does not make it last longer."""
