"""How a table of the register's files becomes a value."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def entry(cls: type[T]) -> type[T]:
    """Makes a frozen dataclass that refuses unknown keys when it is read from a file."""
    # A plain attribute, so that the model needs no pydantic to say how strictly it is read.
    cls.__pydantic_config__ = {"extra": "forbid", "use_attribute_docstrings": True}  # type: ignore[attr-defined] # read by name
    return dataclass(frozen=True, kw_only=True)(cls)
