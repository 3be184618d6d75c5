"""Texts that a stage creates and the report shows in the person's language, and how they name the law."""

from dataclasses import dataclass
from typing import Final

LAW: Final = "{gdpr}"
"""Stands in texts for the name of the data protection regulation that the controller is under."""
BRITAIN: Final = "GB"


@dataclass(frozen=True, order=True)
class Message:
    """An English text, and the value of each `{name}` in it; catalogues hold it in other languages."""

    text: str
    named: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.under(EUROPEAN)

    def under(self, law: "Message") -> str:
        """The English text, with the law's name in its place."""
        return self.text.replace(LAW, law.text).format(**dict(self.named))


EUROPEAN: Final = Message("GDPR")
BRITISH: Final = Message("UK GDPR")


def law_of(country: str) -> Message:
    """What the regulation is called where a controller is; nothing else decides that."""
    return BRITISH if is_british(country) else EUROPEAN


def is_british(country: str) -> bool:
    """Whether a controller is under the law of the United Kingdom."""
    return country.upper() == BRITAIN
