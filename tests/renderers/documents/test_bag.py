"""The files of a BagIt bag: every member is listed once, payload and tags separately, without personal data."""

from hashlib import sha256

from dsar_export.model.package import Document, Member, MemberRole, PackageContents
from renderers.documents.bag import Bag
from tests.builders import contents, dataset_answer

CONTENTS: PackageContents = contents(dataset_answer("orders", [{"id": "1042"}]))


def member(path: str, size: int) -> Member:
    return Member(path, size, sha256(path.encode()).hexdigest(), MemberRole.RECORDS, "text/csv")


MEMBERS = (member("README.txt", 1), member("data/json/b.json", 20), member("data/csv/a.csv", 300))


def bag(*members: Member) -> dict[str, Document]:
    return {document.path: document for document in Bag().documents(CONTENTS, members or MEMBERS)}


def body(document: Document) -> bytes:
    return b"".join(document.body)


def listed(document: Document) -> dict[str, str]:
    lines = body(document).decode().splitlines()
    return {path: digest for digest, path in (line.split("  ") for line in lines)}


def test_it_declares_bagit_1_0() -> None:
    assert body(bag()["bagit.txt"]) == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def test_the_payload_manifest_lists_every_member_under_data_sorted_and_no_other() -> None:
    manifest = bag()["manifest-sha256.txt"]
    assert listed(manifest) == {m.path: m.sha256 for m in MEMBERS if m.path.startswith("data/")}
    paths = [line[66:] for line in body(manifest).decode().splitlines()]
    assert paths == sorted(paths)
    assert body(manifest).endswith(b"\n")


def test_the_tag_manifest_lists_all_others_and_the_bags_own_files_but_not_itself() -> None:
    documents = bag()
    tags = listed(documents["tagmanifest-sha256.txt"])
    assert set(tags) == {"README.txt", "bagit.txt", "bag-info.txt", "manifest-sha256.txt"}
    for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt"):
        assert tags[name] == sha256(body(documents[name])).hexdigest()


def test_the_oxum_counts_bytes_and_files_of_the_payload() -> None:
    assert b"Payload-Oxum: 320.2\n" in body(bag()["bag-info.txt"])


def test_the_order_of_the_members_does_not_matter() -> None:
    assert bag(*reversed(MEMBERS)) == bag(*MEMBERS)


def test_all_files_are_encrypted_and_none_names_the_person() -> None:
    for document in bag().values():
        assert document.encrypted
        assert not [text for text in (b"1042", b"ada@mail.example") if text in body(document)]


def test_a_name_of_several_lines_cannot_forge_a_field() -> None:
    forged = contents(dataset_answer("orders"))
    controller = type(forged.controller)(
        **{**vars(forged.controller), "name": "Acme\nPayload-Oxum: 0.0\r\nX: y"}
    )
    info = next(
        body(d).decode()
        for d in Bag().documents(contents(dataset_answer("orders"), controller=controller), MEMBERS)
        if d.path == "bag-info.txt"
    )
    fields = [line.split(":")[0] for line in info.splitlines() if not line.startswith((" ", "\t"))]
    assert fields.count("Payload-Oxum") == 1
    assert "X" not in fields
