"""The commands. Only what a command needs is imported, when it is called: `--help` must be quick."""

import sys


def main() -> None:
    """Runs the command line and exits with one of the codes of `exit_codes`."""
    from dsar_export.cli.app import run

    sys.exit(run(sys.argv[1:]))
