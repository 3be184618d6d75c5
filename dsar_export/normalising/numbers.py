"""Stored numbers -> JSON numbers and decimal text: nothing is rounded, and no stored digit is lost."""

import math
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from dsar_export.normalising import Unfit

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,18})")
_DECIMAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def integer(cell: object) -> int:
    """Whole numbers, also as text in plain notation."""
    if isinstance(cell, bool):
        raise Unfit("integer")
    if isinstance(cell, int):
        return storable(cell)
    if isinstance(cell, float | Decimal) and is_whole(cell):
        return storable(int(cell))
    if isinstance(cell, str) and _WHOLE.fullmatch(cell) and cell != "-0":
        return storable(int(cell))
    raise Unfit("integer")


def is_finite(cell: float | Decimal) -> bool:
    """Whether a number is neither infinite nor NaN."""
    # math.isfinite raises on a signalling NaN.
    return cell.is_finite() if isinstance(cell, Decimal) else math.isfinite(cell)


def is_whole(cell: float | Decimal) -> bool:
    """Whether a number has no fraction; a negative zero is not whole."""
    # -0.0 equals 0 but would lose its sign.
    return is_finite(cell) and cell == int(cell) and (cell != 0 or math.copysign(1, cell) > 0)


def storable(value: int) -> int:
    """The integer itself; Unfit if it has more than 64 bits."""
    if not -(2**63) <= value < 2**64:  # the range of JSON readers and writers with 64 bits
        raise Unfit("integer of 64 bits")
    return value


def scaled_integer(unit: Fraction) -> Callable[[object], int]:
    """Whole numbers of a unit, such as 1024 bytes."""

    def scale(cell: object) -> int:
        result = unit * integer(cell)
        if result.denominator != 1:
            raise Unfit("integer")
        return storable(int(result))

    return scale


def number(cell: object) -> int | float:
    """Finite numbers; text only if a 64-bit float has exactly the same value."""
    if isinstance(cell, bool):
        raise Unfit("number")
    if isinstance(cell, int):
        return storable(cell)
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise Unfit("finite number")
        return cell
    if isinstance(cell, Decimal) or (isinstance(cell, str) and _DECIMAL.fullmatch(cell)):
        exact = Decimal(cell)
        if exact.is_finite() and Decimal(repr(float(exact))) == exact:
            return float(exact)
    raise Unfit("number")


def decimal(cell: object) -> str:
    """Decimal text without an exponent; keeps every stored digit."""
    if isinstance(cell, str) and _DECIMAL.fullmatch(cell):
        return cell
    if isinstance(cell, bool):
        raise Unfit("decimal number")
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float | Decimal) and is_finite(cell):
        return f"{Decimal(repr(cell)) if isinstance(cell, float) else cell:f}"
    raise Unfit("decimal number")


def scaled_decimal(unit: str) -> Callable[[object], str]:
    """Whole units as decimal text in a larger unit, such as pence in pounds."""
    factor = Fraction(unit)
    places = len(str(factor.denominator)) - 1  # 1/100 has two: 1250 pence are "12.50"

    def scale(cell: object) -> str:
        whole = integer(cell) * factor.numerator
        digits = f"{abs(whole):0{places + 1}d}"  # not Decimal: its context rounds to 28 digits
        point = len(digits) - places
        return f"{'-' if whole < 0 else ''}{digits[:point]}{'.' if places else ''}{digits[point:]}"

    return scale
