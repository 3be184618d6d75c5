"""Several people behind one identifier: exit 4 with candidates for staff, and the decision in the package."""

import json
import re
from pathlib import Path

import pytest

from dsar_export.errors import SubjectAmbiguousError
from tests.cli.commands import COMMAND, ExportHere, export_arguments, files_below, on_a_terminal, packages
from tests.worlds import SUBJECT, OpenPackage, World, open_package

# Rows found only by an address, beside rows of a customer.
BY_EMAIL = """
[[subject_keys]]
column = "address"
identifier = "email"

[left_out]
customer_id = { reason = "not_personal", note = "n" }
address = { reason = "not_personal", note = "n" }

[fields]"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two customers with one address: two people, or one with a merged account."""
    made = World(tmp_path / "register").write([{"text": "first"}], [{"text": "second"}])
    made.run("UPDATE customers SET email = 'SAM@example.org' WHERE id = 'C-2'")
    return made


def opened(world: World, passphrase: Path) -> OpenPackage:
    (package,) = packages(world.out)
    return open_package(package, passphrase.read_text(encoding="ascii").strip())


def identity(package: OpenPackage) -> dict[str, object]:
    found = json.loads(package.members["datapackage.json"])["dsar"]["identity"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("more", [(), ("--dry-run",), ("--json",), ("--confirm-nothing-held",)])
def test_several_people_are_exit_code_4_and_their_keys_are_in_no_log(
    more: tuple[str, ...], world: World, tmp_path: Path, export_here: ExportHere
) -> None:
    passphrase = tmp_path / "passphrase.txt"
    done = export_here(world.folder, world.out, "--write-passphrase", passphrase, *more)
    assert (done.code, done.out) == (4, "")
    message, candidates = done.err.splitlines()
    assert candidates == "  candidates: 2; run this on a terminal to see their keys"
    assert "--choose" in message
    assert not re.search("C-[12]|sam@|first|second", message, re.IGNORECASE)
    assert files_below(world.out) == []
    assert not passphrase.exists()


def test_the_candidates_keys_are_shown_on_a_terminal(world: World, tmp_path: Path) -> None:
    given = tmp_path / "given.txt"
    given.write_text(SUBJECT, encoding="utf-8")
    arguments = [str(given) if a == "-" else a for a in export_arguments(world.folder, world.out)]
    passphrase = str(tmp_path / "passphrase.txt")
    code, shown = on_a_terminal([*COMMAND, *arguments, "--write-passphrase", passphrase], "", tmp_path)
    assert code == 4
    assert [line.strip() for line in shown.splitlines()[-2:]] == ["C-1", "C-2"]
    assert "sam@" not in shown


def test_the_error_itself_holds_no_candidate_in_its_text_because_texts_are_logged(world: World) -> None:
    with pytest.raises(SubjectAmbiguousError) as caught:
        world.export()
    assert caught.value.candidates == ("C-1", "C-2")
    assert not re.search("C-[12]|sam@", f"{caught.value} {caught.value!r} {caught.value.args}")


@pytest.mark.parametrize(("chosen", "text"), [("C-1", "first"), ("C-2", "second")])
def test_the_chosen_person_gets_their_own_rows_and_the_package_names_who_decided(
    chosen: str, text: str, world: World, tmp_path: Path, export_here: ExportHere
) -> None:
    passphrase = tmp_path / "passphrase.txt"
    arguments = ("--choose", chosen, "--write-passphrase", passphrase, "--json")
    done = export_here(world.folder, world.out, *arguments)
    assert done.code == 0
    assert done.json["candidates"] == 2
    package = opened(world, passphrase)
    assert [record["text"] for record in package.json()] == [text]
    manifest = identity(package)
    assert (manifest["candidates"], manifest["decided_by"]) == (2, "support: j.doe")
    other = {"C-1": "C-2", "C-2": "C-1"}[chosen]
    assert {"kind": "customer_id", "value": chosen} in kinds_and_values(manifest)
    assert not any(other in body.decode(errors="replace") for body in package.members.values())


def kinds_and_values(manifest: dict[str, object]) -> list[dict[str, object]]:
    identifiers = manifest["identifiers"]
    assert isinstance(identifiers, list)
    return [{key: one[key] for key in ("kind", "value")} for one in identifiers]


def test_both_of_a_merged_account_may_be_chosen(
    world: World, tmp_path: Path, export_here: ExportHere
) -> None:
    passphrase = tmp_path / "passphrase.txt"
    both = ("--choose", "C-2", "--choose", "C-1", "--choose", "C-2")
    done = export_here(world.folder, world.out, *both, "--write-passphrase", passphrase, "--json")
    assert done.code == 0
    assert done.json["identifiers"] == {"customer_id": 2, "email": 3}  # one address in three spellings
    package = opened(world, passphrase)
    assert [record["text"] for record in package.json()] == ["first", "second"]
    assert identity(package)["candidates"] == 2


@pytest.mark.parametrize("chosen", ["C-3", "c-1", "sam@example.org", "C-1 "])
def test_choosing_a_key_that_is_not_a_candidate_is_wrong_use_and_not_repeated(
    chosen: str, world: World, export_here: ExportHere
) -> None:
    for more in ((), ("--choose", "C-1")):
        done = export_here(world.folder, world.out, "--choose", chosen, *more)
        assert (done.code, done.out) == (2, "")
        assert "--choose names a key that is not a candidate" in done.err
        assert not re.search("C-|sam@", done.err, re.IGNORECASE)
        assert files_below(world.out) == []


def test_nobody_else_can_be_chosen_where_only_one_person_was_found(
    tmp_path: Path, export_here: ExportHere
) -> None:
    world = World(tmp_path / "register").write([{"text": "first"}], [{"text": "second"}])
    assert export_here(world.folder, world.out, "--choose", "C-2").code == 2
    assert files_below(world.out) == []
    done = export_here(world.folder, world.out, "--choose", "C-1", "--json")
    assert (done.code, done.json["candidates"]) == (0, 0)


# Identifiers that both of them have


def with_rows_of_the_address(folder: Path) -> World:
    """A customer's row, and a row found only by the address."""
    world = World(folder / "register")
    world.dataset_text = world.dataset_text.replace("\n[fields]", BY_EMAIL, 1)
    world.write([{"text": "first"}], [{"text": "second"}])
    world.run("ALTER TABLE records ADD COLUMN address")
    world.run("INSERT INTO records (text, address) VALUES ('of the address', 'Sam@example.org')")
    return world


def test_rows_of_an_address_that_is_one_persons_are_theirs(tmp_path: Path) -> None:
    package = with_rows_of_the_address(tmp_path).package()
    assert [record["text"] for record in package.json()] == ["first", "of the address"]


def test_rows_of_an_address_that_is_anothers_too_are_a_gap_and_nobodys(
    tmp_path: Path, export_here: ExportHere
) -> None:
    world = with_rows_of_the_address(tmp_path)
    world.run("UPDATE customers SET email = 'Sam@example.org' WHERE id = 'C-2'")
    passphrase = tmp_path / "passphrase.txt"
    arguments = ("--choose", "C-1", "--write-passphrase", passphrase, "--json")
    done = export_here(world.folder, world.out, *arguments)
    assert done.code == 0
    assert isinstance(done.json["gaps"], list)
    (gap,) = done.json["gaps"]
    assert (gap["source"], gap["dataset"]) == ("main", "records")
    assert "of kind 'email' that are another person's too at the same time" in gap["reason"]
    assert "gap: main, records: " in done.err
    assert not re.search("sam@", done.out + done.err, re.IGNORECASE)
    package = opened(world, passphrase)
    assert [record["text"] for record in package.json()] == ["first"]
    assert json.loads(package.members["datapackage.json"])["dsar"]["gaps"] == [gap]
    assert {one["kind"] for one in kinds_and_values(identity(package))} == {"customer_id"}


def test_the_manifest_names_every_identifier_that_was_used_and_how_it_was_reached(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([{"text": "first"}], [{"text": "second"}])
    manifest = identity(world.package(SUBJECT))
    assert manifest["candidates"] == 0
    assert "decided_by" not in manifest
    assert isinstance(manifest["identifiers"], list)
    found = {(one["kind"], one["value"]): one for one in manifest["identifiers"]}
    assert set(found) == {
        ("customer_id", "C-1"),
        ("email", "Sam@example.org"),
        ("email", "sam@example.org"),
    }
    assert found["email", "Sam@example.org"]["over"] == "main.customers"
    assert found["email", "sam@example.org"]["over"] is None  # it was given
    assert {(one["since"], one["until"]) for one in found.values()} == {(None, None)}
