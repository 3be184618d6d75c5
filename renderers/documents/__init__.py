"""Renderers of the package's documents, except the report."""
