"""Renders the documents of a package from digests and outcomes; each can list the members before it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from dsar_export.interfaces import DocumentRenderer
from dsar_export.model.package import Document, Member, MemberRole, PackageContents
from dsar_export.sealing.writer import Sealer


def seal_documents(
    contents: PackageContents, renderers: Sequence[DocumentRenderer], sealer: Sealer
) -> tuple[Document, ...]:
    """Seals the documents and returns the unencrypted ones: README.txt and open.html, which open the package."""
    plain: list[Document] = []
    members = [part.member for part in sealer.parts]
    for renderer in renderers:
        for document in renderer.documents(contents, tuple(members)):
            if document.encrypted:
                with sealer.member(document.path, MemberRole.DOCUMENT, document.mediatype) as part:
                    for piece in document.body:
                        part.write(piece)
                members.append(sealer.parts[-1].member)
            else:
                body = b"".join(document.body)  # a page of text, or the page that opens packages
                plain.append(replace(document, body=(body,)))
                members.append(_plain_member(document, body))
    return tuple(plain)


def _plain_member(document: Document, body: bytes) -> Member:
    digest = hashlib.sha256(body).hexdigest()
    return Member(document.path, len(body), digest, MemberRole.DOCUMENT, document.mediatype)
