"""The page that opens packages is the same in each, and what reaches its reader is what was built."""

import hashlib
from pathlib import Path

import renderers.opener
from renderers.opener import Opener
from tests.builders import contents, dataset_answer

BUILT = Path(renderers.opener.__file__).with_name("open.html")


def test_it_is_one_unencrypted_document_for_everybody() -> None:
    opener = Opener()
    for answer in (dataset_answer("orders", [{"id": "1042"}]), dataset_answer("invoices")):
        (document,) = opener.documents(contents(answer), ())
        assert (document.path, document.mediatype, document.encrypted) == ("open.html", "text/html", False)
        assert b"".join(document.body) == opener.page == BUILT.read_bytes()


def test_its_own_page_is_known() -> None:
    assert hashlib.sha256(BUILT.read_bytes()).hexdigest() in Opener().known


def test_the_file_is_read_once() -> None:
    opener = Opener()
    (first,), (second,) = (opener.documents(contents(dataset_answer("orders")), ()) for _ in range(2))
    assert first.body == (opener.page,)
    assert next(iter(first.body)) is next(iter(second.body))
