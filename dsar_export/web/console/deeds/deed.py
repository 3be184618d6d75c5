"""One thing that staff do with a request, by a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.use_cases.desk import Desk
from dsar_export.web.place import Place
from dsar_export.web.staff.routes import Rule

AGENT: Final = frozenset({Role.AGENT})
REVIEWER: Final = frozenset({Role.REVIEWER})
EITHER: Final = AGENT | REVIEWER


@dataclass(frozen=True)
class Asked:
    """What a form asks for."""

    desk: Desk
    place: Place
    reference: str
    fields: Mapping[str, str] = field(repr=False)

    @property
    def register(self) -> Register:
        return self.place.register()

    def text(self, name: str) -> str:
        """A text that must be there; WrongUseError."""
        if found := self.fields.get(name, "").strip():
            return found
        raise WrongUseError(f"the field {name} is empty; write something")


@dataclass(frozen=True)
class Deed:
    """What a form does, and who may do it."""

    do: Callable[[Asked], object]
    rule: Rule
    reads_sources: bool = False
    """Whether it looks something up in the sources, which one thread at a time does."""
