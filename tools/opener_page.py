"""Writes the hash of the built open.html into docs/security.md; `make opener` calls it after the build."""

import hashlib
import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "renderers" / "opener" / "open.html"
DOCUMENT: Final = ROOT / "docs" / "security.md"
HASH: Final = re.compile(r"(?<=SHA-256 of `open\.html`:\n\n    )[0-9a-f]{64}")


def main() -> None:
    """Replaces the hash that is there."""
    digest = hashlib.sha256(PAGE.read_bytes()).hexdigest()
    text, found = HASH.subn(digest, DOCUMENT.read_text(encoding="utf-8"))
    if found != 1:
        raise SystemExit(f"{DOCUMENT.name}: no place for the hash of {PAGE.name}")
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
