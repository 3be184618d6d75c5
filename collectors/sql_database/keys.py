"""Values of statements: the register's constants, and a person's keys, for which a statement is compiled only once.

A statement sees keys only through `Keys`, which notes what its form depends on and where the keys are bound. So it can
be filled with another person's keys, and a compiled statement holds none (ADR 43).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.engine.interfaces import Compiled
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler
from sqlalchemy.types import NullType, TypeEngine

Answer = TypeVar("Answer", bound=Hashable)
Texts = Sequence[str]
_MOST_FORMS: Final = 8


class Values(Protocol):
    """Values that a statement compares with."""

    def asked(self, question: Callable[[Texts], Answer]) -> Answer:
        """Something about the values on which the statement's form depends; never the values themselves."""
        ...

    def bound(
        self, change: Callable[[Texts], Sequence[object]], type_: TypeEngine[Any] | None = None
    ) -> BindParameter[object]:
        """A list of parameters made from the values, by default without a type, so that the column's type decides."""
        ...

    def changed(self, change: Callable[[Texts], Texts]) -> "Values":
        """Other values that are made from these."""
        ...


@dataclass(frozen=True)
class Constants:
    """Values that the statement keeps, such as those of the register."""

    values: Texts

    def asked(self, question: Callable[[Texts], Answer]) -> Answer:
        return question(self.values)

    def bound(
        self, change: Callable[[Texts], Sequence[object]], type_: TypeEngine[Any] | None = None
    ) -> BindParameter[object]:
        return bindparam(None, list(change(self.values)), type_=type_ or NullType(), expanding=True)

    def changed(self, change: Callable[[Texts], Texts]) -> "Constants":
        return Constants(change(self.values))


@dataclass(frozen=True)
class Form:
    """What a statement asked about keys, with the answers, and the parameters that it made from them."""

    questions: list[tuple[Callable[[Texts], Hashable], Hashable]] = field(default_factory=list)
    slots: dict[str, Callable[[Texts], Sequence[object]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Keys:
    """The keys of one person, for a statement that is to be filled with others later."""

    values: Texts = field(repr=False)
    form: Form = field(default_factory=Form)
    made: Callable[[Texts], Texts] = list
    """How these values are made from the keys."""

    def asked(self, question: Callable[[Texts], Answer]) -> Answer:
        of_keys = _after(self.made, question)
        answer = of_keys(self.values)
        self.form.questions.append((of_keys, answer))
        return answer

    def bound(
        self, change: Callable[[Texts], Sequence[object]], type_: TypeEngine[Any] | None = None
    ) -> BindParameter[object]:
        return self.bound_as(f"dsar_keys_{len(self.form.slots)}", change, type_)

    def bound_as(
        self,
        name: str,
        change: Callable[[Texts], Sequence[object]],
        type_: TypeEngine[Any] | None = None,
    ) -> BindParameter[object]:
        """The same under the name that a query of the register has for it."""
        self.form.slots[name] = _after(self.made, change)
        return bindparam(name, type_=type_ or NullType(), expanding=True)

    def changed(self, change: Callable[[Texts], Texts]) -> "Keys":
        return Keys(self.values, self.form, _after(self.made, change))


@dataclass(frozen=True)
class Template:
    """A compiled statement and its form; nothing of a person."""

    compiled: SQLCompiler
    form: Form

    def fits(self, keys: Texts) -> bool:
        """Whether a statement for these keys would have the same form."""
        return all(question(keys) == answer for question, answer in self.form.questions)

    def filled(self, keys: Texts) -> ExpandedState:
        return self.compiled.construct_expanded_state(
            {name: list(change(keys)) for name, change in self.form.slots.items()}
        )


def filled(templates: list[Template], values: Texts, compiled: Callable[[Keys], Compiled]) -> ExpandedState:
    """The statement for these keys from a template that fits, which is made and added if there is none."""
    template = next((t for t in templates if t.fits(values)), None)
    if template is None:
        keys = Keys(values)
        made = compiled(keys)
        if not isinstance(made, SQLCompiler):
            raise TypeError("a statement compiles to SQL")
        template = Template(made, keys.form)
        templates.append(template)
        del templates[:-_MOST_FORMS]
    return template.filled(values)


Changed = TypeVar("Changed")


def _after(first: Callable[[Texts], Texts], then: Callable[[Texts], Changed]) -> Callable[[Texts], Changed]:
    return lambda values: then(first(values))
