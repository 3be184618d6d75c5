"""The documents of a package, rendered from digests and outcomes, each seeing the members before it."""

import hashlib
from collections.abc import Sequence

from dsar_export.export.seal import Sealer
from dsar_export.interfaces import DocumentRenderer
from dsar_export.model.package import Document, Member, MemberRole, PackageContents


def seal_documents(
    contents: PackageContents, renderers: Sequence[DocumentRenderer], sealer: Sealer
) -> tuple[Document, ...]:
    """Seals every document, and returns the ones that stay unencrypted: README.txt alone says how to open."""
    plain: list[Document] = []
    members = [part.member for part in sealer.parts]
    for renderer in renderers:
        for document in renderer.documents(contents, tuple(members)):
            if document.encrypted:
                with sealer.member(document.path, MemberRole.DOCUMENT, document.mediatype) as part:
                    part.write(document.body)
                members.append(sealer.parts[-1].member)
            else:
                plain.append(document)
                members.append(_plain_member(document))
    return tuple(plain)


def _plain_member(document: Document) -> Member:
    digest = hashlib.sha256(document.body).hexdigest()
    return Member(document.path, len(document.body), digest, MemberRole.DOCUMENT, document.mediatype)
