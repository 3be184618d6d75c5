"""What a drafted register consists of, before it is written as TOML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Toml: TypeAlias = "str | bool | int | list[Toml] | Mapping[str, Toml]"


@dataclass(frozen=True)
class Line:
    """A key with its value; a remark stands behind it as a comment."""

    key: str
    value: Toml
    remark: str | None = None


@dataclass(frozen=True)
class DraftedDataset:
    """One file under `datasets/`: the lines of its head and its tables; `references` are those of several fields."""

    name: str
    table: str
    remarks: tuple[str, ...]
    head: tuple[Line, ...]
    fields: tuple[Line, ...]
    left_out: tuple[Line, ...]
    references: tuple[tuple[Line, ...], ...] = ()


@dataclass(frozen=True)
class DraftedRegister:
    """A whole register: `left_out` are the tables and views of the source that no dataset reads.

    `tenant` is the column with the company of each row, if several companies share the tables.
    """

    subject: str
    tenant: str | None
    datasets: tuple[DraftedDataset, ...]
    links: tuple[tuple[Line, ...], ...]
    left_out: tuple[Line, ...]
    remarks: tuple[str, ...] = ()
