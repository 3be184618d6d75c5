"""Stored cells that fit no field -> JSON."""

import base64
import math
from decimal import Decimal


def as_stored(cell: object) -> object:
    """A stored cell as JSON without loss; a value that JSON can't represent is tagged, also inside an array."""
    if isinstance(cell, list):  # an array of the database, or JSON that was parsed
        return [as_stored(member) for member in cell]
    if isinstance(cell, dict):
        return {name: as_stored(member) for name, member in cell.items()}
    return _scalar(cell)


def _scalar(cell: object) -> object:
    if isinstance(cell, str):
        return cell if _is_unicode(cell) else _tagged_text(cell)
    if isinstance(cell, bytes | memoryview):
        return {"$base64": base64.b64encode(cell).decode(), "$was": "bytes"}
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float | Decimal):
        return cell if _is_json_number(cell) else {"$number": str(cell)}
    return str(cell)


def _is_unicode(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_json_number(cell: float | Decimal) -> bool:
    if isinstance(cell, int):
        return -(2**63) <= cell < 2**64
    return isinstance(cell, float) and math.isfinite(cell)


def _tagged_text(cell: str) -> object:
    try:
        raw, was = cell.encode("utf-8", "surrogateescape"), "bytes that are not UTF-8"
    except UnicodeEncodeError:
        raw, was = cell.encode("utf-8", "surrogatepass"), "text with lone surrogates"
    return {"$base64": base64.b64encode(raw).decode(), "$was": was}
