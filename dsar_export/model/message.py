"""Texts of ours that a stage makes and a report tells in the person's language."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Message:
    """An English text, and what stands for each `{name}` in it; a catalogue has the text in other languages."""

    text: str
    named: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text.format(**dict(self.named))
