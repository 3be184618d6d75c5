"""Turns a class into a table of the register's files."""

from dataclasses import dataclass
from typing import Final, TypeVar, dataclass_transform

T = TypeVar("T")

READ_AS: Final[dict[str, object]] = {"extra": "forbid", "arbitrary_types_allowed": True}
"""How strictly a table is read, in pydantic's terms; the model itself does not import pydantic."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def toml_table(cls: type[T]) -> type[T]:
    """Makes the class a frozen dataclass that refuses unknown keys when it is read from a file."""
    cls.__pydantic_config__ = READ_AS  # type: ignore[attr-defined] # read by name
    return dataclass(frozen=True, kw_only=True)(cls)
