"""When garbage is looked for: never while a command starts, which leaves none, nor at its end."""

import gc


def leave_start_alone() -> None:
    """Modules and a register are half a million objects that stay: to look through them took 0.03 s."""
    gc.set_threshold(500_000, 20, 20)


def look_from_here() -> None:
    """What there is by now stays; statements and fonts leave 2 MB of garbage behind, rows none."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def leave_end_alone() -> None:
    """Keeps the interpreter from looking through all that there is before it goes: 0.1 s."""
    gc.freeze()
