"""The right that is exercised -> what may go, and the schema that says so."""

from dsar_export.errors import WrongUseError
from dsar_export.model.request import Right
from dsar_export.model.schema import DatasetSchema


def answerable(right: Right) -> None:
    """Raises WrongUseError for portability, which must filter by origin and basis (Art. 20)."""
    if right is Right.PORTABILITY:
        raise WrongUseError(
            "portability is not answered yet: unfiltered, it would give out what Art. 20 does not cover; "
            "use --right access"
        )


def effective_schema(right: Right, schema: DatasetSchema) -> DatasetSchema:
    """The schema that ships: access (Art. 15) leaves no field out."""
    answerable(right)
    return schema
