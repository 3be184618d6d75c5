"""Frozen values, standard library only: what the stages hand to each other."""
