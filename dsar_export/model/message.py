"""Texts that a stage creates and the report shows in the person's language."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Message:
    """An English text, and the value of each `{name}` in it; catalogues hold it in other languages."""

    text: str
    named: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text.format(**dict(self.named))
