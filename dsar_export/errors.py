"""Every exception, named by what the caller should do.

Each text names the dataset, field or file and the next step. It never contains a value from the data, so it may be
logged, shown and mailed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def why_unreadable(error: OSError | UnicodeDecodeError) -> str:
    """Why a file could not be read or written, without its name or content."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8; save it in UTF-8"
    return os.strerror(error.errno or 0).lower()


class DsarExportError(Exception):
    """The base of all errors that this tool raises on purpose."""


class WrongUseError(DsarExportError):
    """The call was wrong: correct it and call again."""


class StateError(WrongUseError):
    """The request's state does not allow this: do one of `allowed`, which are the actions possible now."""

    def __init__(self, message: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.allowed = allowed


class WrongChoiceError(WrongUseError):
    """Somebody was chosen whom the identifiers do not match: choose among the candidates, as below."""

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class StaleError(WrongUseError):
    """Somebody else changed the request meanwhile: look at it again, then decide again."""


class RepeatedKeyError(WrongUseError):
    """A key under which something else was asked earlier: choose another one."""


class UnknownRequestError(WrongUseError):
    """There is no such request for whoever asks: correct the reference."""


class KeysReplacedError(WrongUseError):
    """The key file was read before its keys were replaced: nothing was changed, run the command again."""


class NotPermittedError(WrongUseError):
    """The person lacks the role: ask an administrator for it, or somebody who has it."""


class TooOftenError(WrongUseError):
    """Somebody asks for the same too often: try again later."""


class KeyFileError(WrongUseError):
    """The key file is missing, open to others or another one: put the right one back."""


class DatabaseVersionError(WrongUseError):
    """The database was made by another version: upgrade it, or install the newer program."""


class NoStateError(DatabaseVersionError):
    """There is no database of requests here yet: open a request, or name the folder of another state."""


class ProviderUnavailableError(DsarExportError):
    """The organisation's identity provider can't be asked now: try again later, or correct the settings."""


class RefusedLoginError(DsarExportError):
    """What came from an identity provider proves nothing: sign in once more. The text names what did not fit."""


class RegisterError(DsarExportError):
    """The register is wrong: correct it; `dsar-export check` lists all its problems."""


class OwnershipError(RegisterError):
    """A source returned a row of somebody else: correct the dataset's query, key or links."""


class SourceUnreadableError(DsarExportError):
    """A source could not be read: try again when it answers.

    `source` is its name, if it is known where the error was raised or passed.
    """

    source: str | None = None


@contextmanager
def reading(source: str) -> Iterator[None]:
    """Names the source in a SourceUnreadableError of the block."""
    try:
        yield
    except SourceUnreadableError as error:
        error.source = error.source or source
        raise


class SourceLostError(SourceUnreadableError):
    """A source went away before any of its rows was used: start again at once."""


class SourceBusyError(DsarExportError):
    """As many requests read a source as it allows: try again when one of them is done."""


class WorkStoppedError(DsarExportError):
    """A worker was asked to stop: nothing is lost, another one goes on."""


class HeavyWorkError(WorkStoppedError):
    """A request has more rows than small ones should wait for: it goes on in the queue of such requests."""


class DatabaseUnusableError(DsarExportError):
    """The database of requests can't be opened safely, or does not answer: follow the text, or try again."""


class StoreUnusableError(DsarExportError):
    """An object store refuses or does not answer: correct the setting that the text names, or try again."""


class TamperedError(DsarExportError):
    """Something stored was changed, moved or cut from outside: stop, and restore a backup that is whole."""


class SubjectAmbiguousError(DsarExportError):
    """Several people match: ask for an identifier that only one of them has, or choose among the candidates.

    `candidates` are subject keys. They may be shown to staff on a terminal, but never in a message or a log.
    """

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class NobodyFoundError(DsarExportError):
    """Nobody matches: ask for another identifier, or confirm that no data is held."""


class NotWritableError(DsarExportError):
    """The package can't be written: free some space or choose another folder, and export again."""


class PackageUnreadableError(DsarExportError):
    """The file is not a package, or is damaged: download it again, or have it issued again."""


class AlreadyStoredError(DsarExportError):
    """An object of this name is stored already: another attempt was first; continue from its result."""


class DraftUnreadableError(DsarExportError):
    """A Draft is not what its ledger says: collect the request again."""


class TrailBrokenError(DsarExportError):
    """The audit trail is not as it was written: `dsar-export trail verify` names the first bad entry."""


class ConservationError(DsarExportError):
    """The row counts of a dataset do not add up: report this; nothing was handed over."""


class InternalError(DsarExportError):
    """Something failed unexpectedly: report where; nothing was handed over."""
