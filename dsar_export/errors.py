"""Every exception, named by what the caller should do.

The text names dataset, field, file and next step. It never holds a value from the data, so that it may
be logged, shown and mailed.
"""


class DsarExportError(Exception):
    """The base of all errors that this tool raises on purpose."""


class WrongUseError(DsarExportError):
    """Call again, otherwise."""


class RegisterError(DsarExportError):
    """Correct the register; `dsar-export check` lists everything that is wrong with it."""


class OwnershipError(RegisterError):
    """A source returned a row that is not the subject's: correct the dataset's query, key or links."""


class SourceUnreadableError(DsarExportError):
    """Try again when the source answers."""


class SourceLostError(SourceUnreadableError):
    """Begin again at once: the source went away before a row of it was used."""


class SubjectAmbiguousError(DsarExportError):
    """Ask the person for an identifier that tells them apart, or choose among the candidates.

    `candidates` are subject keys: for a terminal and a member of staff, never for a message or a log.
    """

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class NobodyFoundError(DsarExportError):
    """Ask for another identifier, or confirm that nothing is held."""


class NotWritableError(DsarExportError):
    """Make room, or choose another folder, and export again."""


class PackageUnreadableError(DsarExportError):
    """The file is no package, or was damaged: fetch it again or have it issued again."""


class ConservationError(DsarExportError):
    """The sums of a dataset do not agree: report this, nothing was handed over."""


class InternalError(DsarExportError):
    """Something failed in a way that nobody foresaw: report the place, nothing was handed over."""
