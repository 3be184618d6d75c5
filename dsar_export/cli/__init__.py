"""The commands. Only what a command needs is imported, when it is called: `--help` must be quick."""

import sys

from dsar_export.cli import garbage
from dsar_export.cli.laziness import import_later
from dsar_export.export.memory import keep_freed_memory


def main() -> None:
    """Runs the command line and exits with one of the codes of `exit_codes`."""
    if sys.stdout is None or sys.stderr is None:  # closed by the caller: a passphrase could not be told
        sys.exit(2)
    garbage.leave_start_alone()
    keep_freed_memory()
    import_later()
    try:
        from dsar_export.cli.app import run
    except KeyboardInterrupt:  # too early for the handlers of `run`
        sys.exit(130)
    code = run(sys.argv[1:])
    garbage.leave_end_alone()
    sys.exit(code)
