"""What is the same for every person who is answered by one register; a process makes it once and keeps it (ADR 43)."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

from dsar_export.export.plan import Plans
from dsar_export.model.register import Register
from dsar_export.register_check.references import refuse_broken_references

_MOST_REGISTERS: Final = 16
"""Today's, and those that Drafts were collected with, for a group's controllers."""


class RegisterWork:
    """What follows from a register alone: that its references are sound, its plans, a controller's part of it."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.plans = Plans(register)
        self._is_sound = False
        self._parts: dict[str, Register] = {}

    def refuse_broken_references(self) -> None:
        """Raises RegisterError each time if the register is wrong; one that is right is checked once."""
        if not self._is_sound:
            refuse_broken_references(self.register.everybody)  # its messages count the links of all
            self._is_sound = True

    def for_controller(self, controller: str) -> Register:
        """The register from one controller's point of view."""
        if controller not in self._parts:
            self._parts[controller] = self.register.for_controller(controller)
        return self._parts[controller]


@dataclass(frozen=True)
class _Derived:
    origin: Hashable
    base: Register | None
    register: Register


@dataclass
class Kept:
    """The work of the registers that were used last, and registers that were derived from others or from a Draft."""

    _works: list[RegisterWork] = field(default_factory=list)
    _derived: list[_Derived] = field(default_factory=list)

    def work(self, register: Register) -> RegisterWork:
        """The work of this very object; an equal register that was read again begins anew."""
        found = next((work for work in self._works if work.register is register), None)
        if found is None:
            found = RegisterWork(register)
            self._works = [*self._works[1 - _MOST_REGISTERS :], found]
        return found

    def derived(
        self, origin: Hashable, make: Callable[[], Register], base: Register | None = None
    ) -> Register:
        """The register that `make` makes from a base; `origin` says, with the base, what makes it what it is."""
        for known in self._derived:
            if known.base is base and known.origin == origin:
                return known.register
        register = make()
        self._derived = [*self._derived[1 - _MOST_REGISTERS :], _Derived(origin, base, register)]
        return register
