"""Documents are sealed piece by piece, and each renderer sees the earlier members; only plain ones are held whole."""

import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dsar_export.model.package import Document, Member, MemberRole, PackageContents
from dsar_export.sealing.archive import assemble, publish
from dsar_export.sealing.documents import seal_documents
from dsar_export.sealing.writer import Sealer
from tests.builders import contents
from tests.worlds import PASSPHRASE, open_package


@dataclass(frozen=True)
class Renders:
    """Renders one document and a list of the members that it saw."""

    path: str
    body: Iterable[bytes]
    encrypted: bool = True

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]:
        yield Document(self.path, self.body, "text/plain", self.encrypted)
        seen = "".join(f"{m.path} {m.size} {m.sha256}\n" for m in members)
        yield Document(f"seen-by-{self.path}", (seen.encode(),), "text/plain")


def once(*pieces: bytes) -> Iterator[bytes]:
    """A body that can be read only once."""
    yield from pieces


def packaged(folder: Path, *renderers: Renders) -> dict[str, bytes]:
    sealer = Sealer(folder, PASSPHRASE)
    plain = seal_documents(contents(), renderers, sealer)
    publish(assemble(plain, sealer.parts, folder), folder / "p.zip")
    return dict(open_package(folder / "p.zip").members)


def test_a_body_in_pieces_is_one_member(tmp_path: Path) -> None:
    members = packaged(tmp_path, Renders("a", once(b"one ", b"", b"two")), Renders("b", ()))
    assert (members["a"], members["b"]) == (b"one two", b"")


def test_a_plain_document_is_complete_even_if_its_body_can_be_read_only_once(tmp_path: Path) -> None:
    members = packaged(tmp_path, Renders("README.txt", once(b"how to ", b"open this"), encrypted=False))
    assert members["README.txt"] == b"how to open this"


@dataclass(frozen=True)
class Watching:
    """Renders nothing, and keeps the members that it saw."""

    seen: list[Member]

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]:
        self.seen.extend(members)
        return ()


def test_a_renderer_sees_each_document_as_one_whether_it_is_plain_or_sealed(tmp_path: Path) -> None:
    watching = Watching([])
    renderers = (Renders("README.txt", once(b"plain"), encrypted=False), Renders("a", ()), watching)
    seal_documents(contents(), renderers, Sealer(tmp_path, PASSPHRASE))
    assert [(m.path, m.role, m.mediatype, m.dataset) for m in watching.seen] == [
        (path, MemberRole.DOCUMENT, "text/plain", None)
        for path in ("README.txt", "seen-by-README.txt", "a", "seen-by-a")
    ]


def test_a_renderer_sees_size_and_hash_of_every_document_before_its_own(tmp_path: Path) -> None:
    members = packaged(
        tmp_path,
        Renders("README.txt", once(b"plain", b" text"), encrypted=False),
        Renders("a", once(b"sealed", b" text")),
        Renders("b", ()),
    )
    seen = members["seen-by-b"].decode().splitlines()
    before = ("README.txt", "seen-by-README.txt", "a", "seen-by-a")
    assert seen == [f"{n} {len(members[n])} {sha256(members[n]).hexdigest()}" for n in before]


def test_a_long_document_is_never_whole_in_memory(tmp_path: Path) -> None:
    long = Renders("long", (b"%06d" % n * 10_000 for n in range(1_000)))
    tracemalloc.start()
    try:
        seal_documents(contents(), [long], Sealer(tmp_path, PASSPHRASE))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000  # of 60 MB
