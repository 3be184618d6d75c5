"""How records of one dataset refer to records of another."""

from dsar_export.model.column_names import require_columns
from dsar_export.model.toml_table import toml_table


@toml_table
class Reference:
    """Fields whose values together name a record of a dataset."""

    fields: tuple[str, ...]
    """The fields of this dataset."""
    dataset: str
    """The dataset that they refer to."""
    to: tuple[str, ...]
    """Its fields with the same values, in the order of `fields`."""

    def __post_init__(self) -> None:
        require_columns("fields", self.fields)
        require_columns("to", self.to)
        if len(self.fields) != len(self.to):
            raise ValueError("fields and to must name equally many fields, in the same order")
