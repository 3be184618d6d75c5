"""Who is signed in."""

from dataclasses import dataclass, field

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
