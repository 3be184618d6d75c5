"""open.html: a page without data that opens a package in a browser, offline. Its sources are JavaScript (ADR 45)."""

import hashlib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Final

from dsar_export.model.package import Document, Member, PackageContents

NAME: Final = "open.html"
_EARLIER: Final[frozenset[str]] = frozenset()
"""SHA-256 of the pages of earlier releases, which lie in packages that were sent."""


class Opener:
    """Renders open.html: the same bytes in each package, read once."""

    def __init__(self) -> None:
        self.page = (files("renderers.opener") / NAME).read_bytes()

    @property
    def known(self) -> frozenset[str]:
        """SHA-256 of this page, and of those of earlier releases."""
        return _EARLIER | {hashlib.sha256(self.page).hexdigest()}

    def documents(
        self,
        contents: PackageContents,  # noqa: ARG002 # the page is the same for everybody
        members: Sequence[Member],  # noqa: ARG002
    ) -> Iterable[Document]:
        """The second unencrypted document: it opens the others, so it can't be sealed itself."""
        yield Document(NAME, (self.page,), "text/html", encrypted=False)
