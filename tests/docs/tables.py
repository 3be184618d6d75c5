"""Reads the tables of the guides."""

from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def rows_of(document: str, first_column: str) -> list[tuple[str, ...]]:
    """The rows of the table whose first column has this heading, without the marks of code."""
    lines = iter((DOCS / document).read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith(f"| {first_column} |"):
            break
    next(lines)  # the line below the heading
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append(tuple(cell.strip().strip("`") for cell in line.strip("|").split("|")))
    return rows
