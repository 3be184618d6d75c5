"""`python -m benchmarks` prints a table of speed and memory against the goals."""

from benchmarks.command import run

run()
