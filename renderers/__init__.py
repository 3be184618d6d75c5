"""Renderers: they make the members of a package."""
