"""A database and its key file open as a pair only, and a key file is made for a new database only."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsar_export.errors import KeyFileError
from dsar_export.model.people import Role
from dsar_export.requests.database import open_database, reading, writing
from dsar_export.requests.installation import begin_epoch, epoch
from dsar_export.requests.key_file import new_key_file, read_key_file, replace_key_file, with_new_key
from dsar_export.requests.people import grants_at, list_people, may
from dsar_export.requests.requests import Filters, list_requests, read_request
from tests.requests.at_once import in_processes
from tests.requests.installations import AT, FOUNDER, REFERENCE, founded_installation, opened


def test_a_new_database_gets_a_key_file_and_both_open_again(new_url: str, key_path: Path) -> None:
    first = founded_installation(new_url, key_path)
    opened(first)
    first.engine.dispose()
    again = founded_installation(new_url, key_path)
    with reading(again.engine) as connection:
        assert read_request(connection, REFERENCE, again.vault).subject.identifiers[0].kind == "email"
    again.engine.dispose()


def test_without_its_key_file_a_database_is_refused_and_none_is_made(new_url: str, key_path: Path) -> None:
    founded_installation(new_url, key_path).engine.dispose()
    key_path.unlink()
    with pytest.raises(KeyFileError, match=r"keys.json is missing.*restore it from its backup"):
        founded_installation(new_url, key_path)
    assert not key_path.exists()


def test_with_another_key_file_a_database_is_refused(new_url: str, key_path: Path) -> None:
    founded_installation(new_url, key_path).engine.dispose()
    key_path.unlink()
    new_key_file(key_path)
    with pytest.raises(KeyFileError, match="not the key file of this database; restore the one"):
        founded_installation(new_url, key_path)


def test_a_key_file_that_was_put_there_first_is_used(new_url: str, key_path: Path) -> None:
    held = new_key_file(key_path)
    installation = founded_installation(new_url, key_path)
    installation.engine.dispose()
    assert installation.keys == held == read_key_file(key_path)


def test_a_rotated_key_file_is_still_its_own(new_url: str, key_path: Path) -> None:
    installation = founded_installation(new_url, key_path)
    opened(installation)
    installation.engine.dispose()
    replace_key_file(key_path, with_new_key(installation.keys))
    rotated = founded_installation(new_url, key_path)
    with reading(rotated.engine) as connection:
        read_request(connection, REFERENCE, rotated.vault)
    rotated.engine.dispose()


def test_a_founding_that_was_cut_short_is_made_up_for(new_url: str, key_path: Path) -> None:
    open_database(new_url).dispose()  # the file exists, without tables
    installation = founded_installation(new_url, key_path)
    with reading(installation.engine) as connection:
        assert list_requests(connection, Filters()) == ()
    installation.engine.dispose()


def test_a_copy_of_the_database_without_the_key_file_says_nothing(
    sqlite_url: str, key_path: Path, tmp_path: Path
) -> None:
    installation = founded_installation(sqlite_url, key_path)
    opened(installation)
    installation.engine.dispose()
    copied = tmp_path / "copy" / "requests.db"
    shutil.copytree(key_path.parent, copied.parent, ignore=shutil.ignore_patterns("keys.json"))
    with pytest.raises(KeyFileError):
        founded_installation(f"sqlite:///{copied}", copied.with_name("keys.json"))


FOUND = """
from datetime import UTC, datetime
import os, pathlib
from dsar_export.model.people import Person
from dsar_export.requests.installation import Files, open_installation
"""
FOUNDED = """
founder = Person(f"p{os.getpid()}", os.getpid())
keys = pathlib.Path(sys.argv[2])
files = Files(keys, keys.with_name("anchor.json"))
installation = open_installation(sys.argv[1], files, founder, datetime.now(UTC))
print(installation.vault.fingerprint)
installation.engine.dispose()
"""


def test_processes_that_found_at_once_have_one_key_file_and_one_administrator(
    new_url: str, key_path: Path
) -> None:
    fingerprints = in_processes(2, FOUND, FOUNDED, new_url, key_path)
    installation = founded_installation(new_url, key_path)
    assert set(fingerprints) == {f"{installation.vault.fingerprint}\n"}
    with reading(installation.engine) as connection:
        assert len(list_people(connection)) == 1
        assert len(grants_at(connection, datetime.now(UTC))) == 1
    installation.engine.dispose()


def test_whoever_founds_a_database_is_its_administrator_everywhere(new_url: str, key_path: Path) -> None:
    installation = founded_installation(new_url, key_path)
    with reading(installation.engine) as connection:
        assert list_people(connection) == (FOUNDER,)
        assert may(connection, FOUNDER.name, "acme", Role.ADMINISTRATOR, AT)
        assert not may(connection, FOUNDER.name, "acme", Role.REVIEWER, AT)
    installation.engine.dispose()


def test_a_new_epoch_differs_from_the_last(new_url: str, key_path: Path) -> None:
    installation = founded_installation(new_url, key_path)
    with writing(installation.engine) as connection:
        before = epoch(connection)
        begin_epoch(connection, datetime.now(UTC))
        assert epoch(connection) not in {before, "None"}
    installation.engine.dispose()
