"""How a table of the register's files becomes a value."""

from dataclasses import dataclass
from typing import Final, TypeVar, dataclass_transform

T = TypeVar("T")

READ_AS: Final[dict[str, object]] = {"extra": "forbid", "arbitrary_types_allowed": True}
"""How strictly an entry is read: pydantic's words, which the model may say without pydantic."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def toml_table(cls: type[T]) -> type[T]:
    """Makes a frozen dataclass that refuses unknown keys when it is read from a file."""
    cls.__pydantic_config__ = READ_AS  # type: ignore[attr-defined] # read by name
    return dataclass(frozen=True, kw_only=True)(cls)
