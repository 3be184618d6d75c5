"""The exit codes; `--help` and the README list them."""

from enum import IntEnum
from typing import Final

from dsar_export import errors


class ExitCode(IntEnum):
    """This tool's exit codes; 128 + n means, as in the shell, that signal n ended the command."""

    DONE = 0
    PROBLEMS_FOUND = 1
    WRONG_USE_OR_REGISTER = 2
    SOURCE_UNREADABLE = 3
    SUBJECT_AMBIGUOUS = 4
    NOBODY_FOUND = 5
    NOT_WRITABLE = 6
    INTERNAL = 70


EXPLAINED: Final = (
    "Exit codes: 0 done, 1 problems found, 2 wrong use or wrong register, 3 a source could not be read, "
    "4 subject ambiguous, 5 nobody found, 6 the package could not be written."
)

_CODES: Final[tuple[tuple[type[errors.DsarExportError], ExitCode], ...]] = (
    (errors.PackageUnreadableError, ExitCode.PROBLEMS_FOUND),
    (errors.DraftUnreadableError, ExitCode.PROBLEMS_FOUND),
    (errors.TrailBrokenError, ExitCode.PROBLEMS_FOUND),
    (errors.WrongUseError, ExitCode.WRONG_USE_OR_REGISTER),
    (errors.RegisterError, ExitCode.WRONG_USE_OR_REGISTER),
    (errors.SourceUnreadableError, ExitCode.SOURCE_UNREADABLE),
    (errors.SubjectAmbiguousError, ExitCode.SUBJECT_AMBIGUOUS),
    (errors.NobodyFoundError, ExitCode.NOBODY_FOUND),
    (errors.NotWritableError, ExitCode.NOT_WRITABLE),
    (errors.StoreUnusableError, ExitCode.NOT_WRITABLE),
)


def exit_code(error: errors.DsarExportError) -> ExitCode:
    """The exit code of an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.INTERNAL)
