"""Interpreter settings: no garbage collection during start-up and exit, and freed buffers kept for reuse (ADR 20)."""

import gc


def pause_gc_and_keep_buffers() -> None:
    """Pauses the garbage collector while modules and a register are loaded, and lets the allocator keep freed buffers.

    Freeing one block of 4 MB raises glibc's mmap threshold to 4 MB and its trim threshold to 8 MB (mallopt(3)). This
    has no effect on macOS or with musl.
    """
    gc.set_threshold(500_000, 20, 20)
    bytes(4 << 20)


def resume_gc() -> None:
    """Resumes garbage collection, but ignores all objects loaded so far."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def freeze_gc() -> None:
    """Keeps the interpreter from examining every object before it exits."""
    gc.freeze()
