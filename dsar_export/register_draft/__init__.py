"""A register from a live database: what its catalogue shows, and an honest `undecided` for all else."""
