"""What somebody typed, for a page that shows it again."""

from dataclasses import dataclass, field
from typing import Final

from dsar_export.web.asking import Form


@dataclass(frozen=True)
class Typed:
    """What a form sent that could not be done, so that nothing of it is lost."""

    action: str = ""
    """The name of the form; empty if none was sent."""
    fields: Form = field(default_factory=Form, repr=False)

    def get(self, name: str, otherwise: str = "") -> str:
        """The first value of a field."""
        return self.fields.get(name, otherwise)

    def texts(self, name: str) -> tuple[str, ...]:
        return self.fields.texts(name)


NOTHING_TYPED: Final = Typed()
