"""The files that make the package a BagIt 1.0 bag (RFC 8493)."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from dsar_export.model.package import Document, Member, PackageContents

_TEXT = "text/plain; charset=utf-8"


class Bag:
    """Renders the bag declaration, its metadata and both manifests. It must be the last renderer."""

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]:
        payload = [m for m in members if m.path.startswith("data/")]
        files = {
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": _info(contents, payload).encode(),
            "manifest-sha256.txt": _manifest((m.path, m.sha256) for m in payload),
        }
        tags = [(m.path, m.sha256) for m in members if not m.path.startswith("data/")]
        tags += [(path, sha256(body).hexdigest()) for path, body in files.items()]
        files["tagmanifest-sha256.txt"] = _manifest(tags)
        return [Document(path, (body,), _TEXT) for path, body in files.items()]


def _info(contents: PackageContents, payload: Sequence[Member]) -> str:
    size = sum(m.size for m in payload)
    return (
        f"Source-Organization: {' '.join(contents.controller.name.split())}\n"
        f"External-Identifier: {contents.request.reference}\n"
        f"Bagging-Date: {contents.created:%Y-%m-%d}\n"
        f"Bag-Software-Agent: {contents.software}\n"
        f"Payload-Oxum: {size}.{len(payload)}\n"
    )


def _manifest(files: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(files)).encode()
