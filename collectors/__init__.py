"""Collectors: one module for one kind of source."""
