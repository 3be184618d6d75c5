"""One kind of people in a register, such as customers or employees."""

from dsar_export.model.toml_table import toml_table
from dsar_export.model.words import Words


@toml_table
class SubjectKind:
    """One kind of people, who are answered by their own datasets."""

    identifier: str
    """The kind of identifier that stands for one person: two different values mean two people."""
    title: Words
    """What they are called, such as `Customers`."""
