"""A database's errors as ours, without its text: it may quote the data."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from collectors.sql_database.dialect import Dialect, Trouble, UrlError
from dsar_export.errors import RegisterError, SourceLostError, SourceUnreadableError


@dataclass
class Reading:
    """What is read from one source, and whether rows of it were handed on."""

    source: str
    dialect: Dialect
    used: bool = False

    @contextmanager
    def of(self, what: str, *, plan: bool = False) -> Iterator[None]:
        """Turns errors into ours; the one text that is passed on is of a statement that could not be prepared."""
        try:
            yield
        except UnicodeError:  # bytes that are no text, in an identifier or in a cell
            raise SourceUnreadableError(
                f"source {self.source!r} could not be read: {what}: an identifier or a cell is no Unicode text"
            ) from None
        except UrlError as error:
            raise self.wrong_url(error) from None
        except SQLAlchemyError as error:
            failure = self.dialect.failure(error)
            if failure.trouble is Trouble.POOLED:
                raise self.wrong_url(failure.told) from None
            if failure.trouble is Trouble.UNFIT and plan:
                raise RegisterError(
                    f"{what} does not fit source {self.source!r}: {failure.told}. "
                    f"{failure.hint}, then run dsar-export check"
                ) from None
            lost = failure.trouble is Trouble.LOST and not self.used
            kind = SourceLostError if lost else SourceUnreadableError
            # While rows are read, the database's own text may quote a cell: "invalid input syntax … PRIVATE".
            told = Trouble.UNFIT if failure.trouble is Trouble.UNFIT else failure.told
            raise kind(f"source {self.source!r} could not be read: {what}: {told}") from None

    def wrong_url(self, why: object) -> RegisterError:
        return RegisterError(f"sources.{self.source}.url: {why}")
