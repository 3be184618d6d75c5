"""The command line. Each command imports what it needs when it is called, so that `--help` is quick."""

import sys

from dsar_export.cli import startup


def main() -> None:
    """Runs the command line and exits with one of the codes of `exit_codes`."""
    if sys.stdout is None or sys.stderr is None:  # closed by the caller: a passphrase could not be shown
        sys.exit(2)
    startup.pause_gc_and_keep_buffers()
    try:
        from dsar_export.cli.app import run
    except KeyboardInterrupt:  # too early for the handlers of `run`
        sys.exit(130)
    code = run(sys.argv[1:])
    startup.freeze_gc()
    sys.exit(code)
