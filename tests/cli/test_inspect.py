"""`dsar-export inspect`: a package against its own manifest, and the ways to give the passphrase."""

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
import pyzipper

from tests.cli.commands import COMMAND, dsar, in_this_process, on_a_terminal
from tests.cli.conftest import Demo
from tests.worlds import open_package

MEMBER = "data/json/orders.json"


class Inspect(Protocol):
    """`inspect` in this process: exit code, standard output, standard error."""

    def __call__(self, package: Path, passphrase: str) -> tuple[int, str, str]: ...


@pytest.fixture
def inspect(capsys: pytest.CaptureFixture[str]) -> Inspect:
    def inspect_here(package: Path, passphrase: str) -> tuple[int, str, str]:
        command = ("inspect", package, "--passphrase-file", "-")
        done = in_this_process(capsys, *command, stdin=f"{passphrase}\n")
        return done.code, done.out, done.err

    return inspect_here


def resealed(demo: Demo, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The demo's package with other members, sealed again with the same passphrase."""
    members = dict(open_package(demo.package, demo.passphrase).members)
    change(members)
    with pyzipper.AESZipFile(target, "w", compression=pyzipper.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            sealed = name not in {"README.txt", "open.html"}
            archive.setpassword(demo.passphrase.encode() if sealed else None)
            archive.setencryption(pyzipper.WZ_AES if sealed else None, nbits=256, force_wz_aes_version=2)
            archive.writestr(name, body)
    return target


def test_a_package_as_it_was_made_is_complete_and_unchanged(demo: Demo) -> None:
    done = dsar("inspect", demo.package, "--passphrase-file", "-", stdin=f"{demo.passphrase}\n")
    code, out, err = done.code, done.out, done.err
    assert (code, err) == (0, "")
    assert re.search(r"usage_events +120 +20\d\d-", out)
    assert "complete and unchanged" in out


def test_json_is_one_object_with_the_ledger_of_each_dataset(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text(f"{demo.passphrase}\n", encoding="ascii")
    done = dsar("inspect", demo.package, "--passphrase-file", tmp_path / "passphrase", "--json")
    assert (done.code, done.err) == (0, "")
    inspected, exported = done.json, demo.finished.json
    assert inspected["reference"] == exported["reference"]
    assert inspected["package"] == str(demo.package)
    assert inspected["findings"] == []
    assert inspected["datasets"] == exported["datasets"]


def test_the_passphrase_is_asked_for_on_a_terminal_and_not_shown(demo: Demo, tmp_path: Path) -> None:
    code, shown = on_a_terminal([*COMMAND, "inspect", str(demo.package)], demo.passphrase, tmp_path)
    assert code == 0
    assert demo.passphrase not in shown


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        ((), "", "--passphrase-file"),
        (("--passphrase-file", "-"), "not-these-words\n", "passphrase"),
        (("--passphrase-file", "-"), "\n", "passphrase"),
        (("--passphrase-file", "-"), "nicht-\u00fcberall\n", "passphrase"),
        (("--passphrase-file", "nowhere"), "", "nowhere"),
    ],
)
def test_a_passphrase_that_opens_nothing_is_wrong_use(
    arguments: tuple[str, ...], stdin: str, message: str, demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    done = in_this_process(capsys, "inspect", demo.package, *arguments, stdin=stdin)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert not stdin.strip() or stdin.strip() not in done.err


def test_a_file_that_is_no_package_is_wrong_use_and_half_a_package_is_a_problem(
    demo: Demo, tmp_path: Path, inspect: Inspect
) -> None:
    assert inspect(tmp_path / "nowhere.zip", "words")[0] == 2
    for name, body in (
        ("empty", b""), ("half", demo.package.read_bytes()[:5000]),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(body)
        code, out, err = inspect(tmp_path / name, demo.passphrase)
        assert (code, out) == (1, ""), name
        assert str(tmp_path / name) in err


def test_a_changed_byte_is_found_in_its_member(demo: Demo, tmp_path: Path, inspect: Inspect) -> None:
    body = bytearray(demo.package.read_bytes())
    with pyzipper.AESZipFile(demo.package) as archive:
        offset = archive.getinfo(MEMBER).header_offset
    body[offset + 200] ^= 1
    (tmp_path / "changed.zip").write_bytes(body)
    code, out, err = inspect(tmp_path / "changed.zip", demo.passphrase)
    assert code == 1
    assert MEMBER in err
    assert "problems found" in out


def _leave_out(members: dict[str, bytes]) -> None:
    del members[MEMBER]


def _add(members: dict[str, bytes]) -> None:
    members["data/json/more.json"] = b"[]\n"


def _change(members: dict[str, bytes]) -> None:
    members[MEMBER] = members[MEMBER].replace(b"GBP", b"EUR", 1)


@pytest.mark.parametrize("change", [_leave_out, _add, _change])
def test_a_member_that_was_taken_added_or_changed_by_somebody_with_the_passphrase_is_named(
    change: Callable[[dict[str, bytes]], None], demo: Demo, tmp_path: Path, inspect: Inspect
) -> None:
    code, _, err = inspect(resealed(demo, tmp_path / "p.zip", change), demo.passphrase)
    assert code == 1
    assert ("data/json/more.json" if change is _add else MEMBER) in err


def _swap_the_page(members: dict[str, bytes]) -> None:
    page = members["open.html"] = members["open.html"].replace(b"</body>", b"<script>steal()</script></body>")
    tags = members["tagmanifest-sha256.txt"].splitlines()
    tags = [line for line in tags if not line.endswith(b"  open.html")]
    tags.append(f"{hashlib.sha256(page).hexdigest()}  open.html".encode())
    members["tagmanifest-sha256.txt"] = b"\n".join(tags) + b"\n"


def test_a_page_that_is_not_ours_is_named_even_if_the_hashes_agree(
    demo: Demo, tmp_path: Path, inspect: Inspect
) -> None:
    code, _, err = inspect(resealed(demo, tmp_path / "p.zip", _swap_the_page), demo.passphrase)
    assert code == 1
    assert len(err.splitlines()) == 1
    assert "open.html: in the package: is no page of this program" in err
    assert "gets the passphrase" in err


def test_a_page_beside_the_package_that_is_not_ours_is_named(
    demo: Demo, tmp_path: Path, inspect: Inspect
) -> None:
    package, page = tmp_path / "p.zip", tmp_path / "open.html"
    shutil.copyfile(demo.package, package)
    shutil.copyfile(demo.package.with_name("open.html"), page)
    assert inspect(package, demo.passphrase)[0] == 0
    page.write_bytes(page.read_bytes() + b"\n")
    code, _, err = inspect(package, demo.passphrase)
    assert code == 1
    assert "open.html: beside the package: is no page of this program" in err


def test_json_lists_findings_and_no_value_of_the_data(demo: Demo, tmp_path: Path) -> None:
    package = resealed(demo, tmp_path / "p.zip", _change)
    done = dsar("inspect", package, "--passphrase-file", "-", "--json", stdin=demo.passphrase)
    assert (done.code, done.err) == (1, "")
    findings = done.json["findings"]
    assert isinstance(findings, list)
    assert findings
    assert {frozenset(f) for f in findings} == {frozenset({"member", "key", "problem"})}
    assert "CANARY" not in done.out
    assert "EUR" not in done.out
