"""Benchmarks for `make bench`: the real command next to a lower bound, a slow reference and the usual approach."""
