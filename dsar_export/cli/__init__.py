"""The commands. Only what a command needs is imported, when it is called: `--help` must be quick."""

import gc
import sys

from dsar_export.cli.laziness import import_later


def _spare_memory_work() -> None:
    # Modules and rows leave no garbage behind; to look for it took 0.1 s of a start.
    gc.set_threshold(50_000, 20, 20)
    # From now on glibc keeps what is freed, up to twice this, where it would give it back and take it again: 3 % of an
    # export. Nothing of the block is ever written to, so it takes no memory.
    bytes(4 << 20)


def main() -> None:
    """Runs the command line and exits with one of the codes of `exit_codes`."""
    if sys.stdout is None or sys.stderr is None:  # closed by the caller: a passphrase could not be told
        sys.exit(2)
    _spare_memory_work()
    import_later()
    try:
        from dsar_export.cli.app import run
    except KeyboardInterrupt:  # too early for the handlers of `run`
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))
