"""The keyed hash of a package's manifest: proof of what was in it, for whoever has the key file alone."""

import hashlib

import pytest

from dsar_export.model.request import Right
from dsar_export.requests.key_file import with_new_key
from dsar_export.requests.vault import Vault
from dsar_export.use_cases.package import MANIFEST
from tests.requests.installations import REFERENCE
from tests.use_cases.offices import Office
from tests.worlds import open_package

HASH = hashlib.sha256(b"a manifest").hexdigest()


def test_the_row_of_each_package_has_the_keyed_hash_of_the_manifest_inside(office: Office) -> None:
    reference = office.approved(rights=tuple(Right))
    with office.built("ray", reference):
        pass
    packages = office.published(reference)
    assert len({package.manifest_hmac for package in packages}) == 2
    for package in packages:
        manifest = open_package(office.packages / str(package.file)).members[MANIFEST]
        sha256 = hashlib.sha256(manifest).hexdigest()
        vault = office.installation.vault
        assert package.manifest_hmac == vault.manifest_hmac(reference, package.right, sha256)
        assert sha256 not in repr(office.rows())  # without the key, a guess could be checked with it


def test_the_manifest_covers_the_payload_and_everything_else(office: Office) -> None:
    reference = office.approved()
    with office.built("ray", reference):
        pass
    (package,) = office.published(reference)
    members = open_package(office.packages / str(package.file)).members
    for name in ("manifest-sha256.txt", "datapackage.json"):
        assert f"{hashlib.sha256(members[name]).hexdigest()}  {name}" in members[MANIFEST].decode()


@pytest.mark.parametrize("other", [("DSAR-20261102-00000002", "access"), (REFERENCE, "portability")])
def test_it_is_of_one_request_and_right(other: tuple[str, str], office: Office) -> None:
    vault = office.installation.vault
    assert vault.manifest_hmac(*other, HASH) != vault.manifest_hmac(REFERENCE, "access", HASH)


def test_it_stays_after_a_rotation_and_differs_under_another_key_file(office: Office) -> None:
    keys = office.installation.keys
    made = Vault(keys).manifest_hmac(REFERENCE, "access", HASH)
    assert Vault(with_new_key(keys)).manifest_hmac(REFERENCE, "access", HASH) == made
    assert made != HASH
