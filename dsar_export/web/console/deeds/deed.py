"""One thing that staff do with a request, by a form."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.use_cases.desk import Desk
from dsar_export.web.asking import Form
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
    fields: Form = field(repr=False)

    @property
    def register(self) -> Register:
        return self.place.register()

    def text(self, name: str) -> str:
        """A text that must be there; WrongUseError."""
        if found := self.fields.get(name, "").strip():
            return found
        raise WrongUseError(f"the field {name} is empty; write something")

    def texts(self, name: str) -> tuple[str, ...]:
        """All texts of a field that may be there several times, as of boxes that were ticked."""
        return self.fields.texts(name)


@dataclass(frozen=True)
class After:
    """Work that comes after the answer."""

    work: Callable[[], None]


@dataclass(frozen=True)
class Deed:
    """What a form does, and who may do it."""

    do: Callable[[Asked], object]
    """An `After` that it returns is done once whoever asked has their answer."""
    rule: Rule
    reads_sources: bool = False
    """Whether it looks something up in the sources, which one thread at a time does."""
