"""Cells of a source -> values of a schema; a conversion refuses a cell by raising `Unfit`."""


class Unfit(Exception):  # noqa: N818 - a verdict on one cell, caught within the stage
    """A cell that does not fit its field; `rule` names the rule that it breaks and never contains the value."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule
