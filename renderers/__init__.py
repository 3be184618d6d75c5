"""Renderers: what makes the members of a package."""
