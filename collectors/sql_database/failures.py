"""Translates a database's errors into ours, without its own text, which may quote the data."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from collectors.sql_database.dialect import Dialect, Trouble, UrlError
from dsar_export.errors import RegisterError, SourceLostError, SourceUnreadableError


@dataclass
class Failures:
    """Translates the errors of one source.

    `rows_delivered`: whether rows of a dataset have been passed to the caller, so that reading can't start again.
    """

    source: str
    dialect: Dialect
    rows_delivered: bool = False

    @contextmanager
    def translated(self, what: str, *, preparing: bool = False) -> Iterator[None]:
        """Raises RegisterError, SourceLostError or SourceUnreadableError in place of the block's database errors.

        `what` is being read or done, for the message. The database's own text is passed on only with `preparing`,
        when a statement is planned and no row is read.
        """
        try:
            yield
        except UnicodeError:  # an identifier or a cell contains bytes that are not text
            raise SourceUnreadableError(
                f"source {self.source!r} could not be read: {what}: an identifier or a cell is not Unicode text"
            ) from None
        except UrlError as error:
            raise self.wrong_url(error) from None
        except SQLAlchemyError as error:
            failure = self.dialect.failure(error)
            if failure.trouble is Trouble.POOLED:
                raise self.wrong_url(failure.reason) from None
            if failure.trouble is Trouble.UNFIT and preparing:
                raise RegisterError(
                    f"{what} does not fit source {self.source!r}: {failure.reason}. "
                    f"{failure.hint}, then run dsar-export check"
                ) from None
            lost = failure.trouble is Trouble.LOST and not self.rows_delivered
            kind = SourceLostError if lost else SourceUnreadableError
            # While rows are read, the database's own text may quote a cell: "invalid input syntax … PRIVATE".
            reason = Trouble.UNFIT if failure.trouble is Trouble.UNFIT else failure.reason
            raise kind(f"source {self.source!r} could not be read: {what}: {reason}") from None

    @contextmanager
    def connecting(self) -> Iterator[None]:
        """Raises the same errors if no connection is made, each with the reason and the next step."""
        try:
            yield
        except UrlError as error:
            raise self.wrong_url(error) from None
        # Drivers let some errors of the operating system, of parameters and of strange answers through.
        except (SQLAlchemyError, OSError, ValueError, struct.error) as error:
            failure = self.dialect.failure(error) if isinstance(error, SQLAlchemyError) else None
            if failure is not None and failure.trouble is Trouble.POOLED:
                raise self.wrong_url(failure.reason) from None
            lost = failure is not None and failure.trouble is Trouble.LOST and not self.rows_delivered
            kind = SourceLostError if lost else SourceUnreadableError
            reason = self.dialect.obstacle(error).replace("{url}", f"sources.{self.source}.url")
            raise kind(f"source {self.source!r} could not be read: connecting: {reason}") from None

    def wrong_url(self, reason: object) -> RegisterError:
        return RegisterError(f"sources.{self.source}.url: {reason}")
