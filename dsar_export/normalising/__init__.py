"""Cells of a source -> values of a schema; `Unfit` is how a conversion refuses a cell."""


class Unfit(Exception):  # noqa: N818 - a verdict on one cell, caught within the stage
    """A cell that its field can't take; `rule` says which rule it breaks, never the value."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule
