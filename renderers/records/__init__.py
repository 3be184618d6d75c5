"""Renderers of a dataset's records, each as one member of the package."""
