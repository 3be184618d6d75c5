"""Who signs in to the pages, and when nobody does; on each kind of database."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

import pyotp
import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.requests.accounts import LOCKED_FOR, MOST_TRIES, TRIES_PER_SENDER
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import begin_epoch
from dsar_export.requests.key_file import with_new_key
from dsar_export.requests.rotation import seal_anew
from dsar_export.requests.sessions import IDLE, LONGEST, PROVEN_FOR
from dsar_export.requests.trail.table import TRAIL
from dsar_export.requests.vault import Vault
from dsar_export.use_cases import secrets_of_accounts
from dsar_export.use_cases.accounts import disable_account, make_account, reset_account
from dsar_export.use_cases.secrets_of_accounts import hashed, is_password
from dsar_export.use_cases.sign_in import Entry, prove_again, session_lasts, sign_in, sign_out, signed_in
from dsar_export.use_cases.staff import disable_colleague
from tests.use_cases.offices import Office

PASSWORD: Final = "correct horse battery"
OTHER: Final = "another horse battery"
MINUTE: Final = timedelta(minutes=1)


@pytest.fixture
def secret(each_office: Office) -> str:
    """The secret of ada's codes."""
    return make_account(each_office.desk("fay"), "ada", PASSWORD).totp_secret


def entered(
    office: Office, secret: str, login: str = "ada", password: str = PASSWORD, address: str = "192.0.2.1"
) -> str | None:
    """A try with the code of now."""
    code = pyotp.TOTP(secret).at(office.now)
    return sign_in(office.desk("nia"), Entry(login, password, code, address))


def begun(office: Office, secret: str) -> str:
    token = entered(office, secret)
    assert token is not None
    return token


def is_in(office: Office, token: str) -> bool:
    return signed_in(office.desk("nia"), token) is not None


def actions(office: Office) -> list[str]:
    with reading(office.installation.engine) as connection:
        return list(connection.scalars(select(TRAIL.c.action).order_by(TRAIL.c.number)))


def test_a_password_with_a_code_begins_a_session_of_its_person(each_office: Office, secret: str) -> None:
    found = signed_in(each_office.desk("nia"), begun(each_office, secret))
    assert found is not None
    assert (found.login, found.proven) == ("ada", True)


@pytest.mark.parametrize(
    ("login", "password"), [("ada", OTHER), ("abe", PASSWORD), ("nobody", PASSWORD), ("é\0", ""), ("", "")]
)
def test_another_password_or_login_begins_none(
    each_office: Office, secret: str, login: str, password: str
) -> None:
    assert entered(each_office, secret, login, password) is None


@pytest.mark.parametrize("code", ["", "000000", "12345", "é23456", "１２３４５６"])
def test_another_code_begins_none(each_office: Office, secret: str, code: str) -> None:
    if code == pyotp.TOTP(secret).at(each_office.now):
        code = "999999"
    assert sign_in(each_office.desk("nia"), Entry("ada", PASSWORD, code, "192.0.2.1")) is None


def test_a_code_counts_once_however_many_use_it_at_once(each_office: Office, secret: str) -> None:
    code = pyotp.TOTP(secret).at(each_office.now)
    entry = Entry("ada", PASSWORD, code, "192.0.2.1")
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: sign_in(each_office.desk("nia"), entry), range(3)))
    assert len([token for token in found if token]) == 1


def test_wrong_tries_lock_an_account_for_a_while_and_the_trail_has_it_once(
    each_office: Office, secret: str
) -> None:
    for _ in range(MOST_TRIES):
        assert entered(each_office, secret, password=OTHER) is None
    assert entered(each_office, secret) is None
    assert actions(each_office).count("lock_account") == 1
    each_office.now += LOCKED_FOR
    assert entered(each_office, secret) is not None


def test_a_right_try_makes_earlier_wrong_ones_forgotten(each_office: Office, secret: str) -> None:
    for _ in range(2):
        for _ in range(MOST_TRIES - 1):
            entered(each_office, secret, password=OTHER)
        assert entered(each_office, secret) is not None
        each_office.now += MINUTE


def test_one_address_has_so_many_tries_for_whatever_accounts(each_office: Office, secret: str) -> None:
    for number in range(TRIES_PER_SENDER):
        assert entered(each_office, secret, f"somebody{number}") is None
    assert entered(each_office, secret) is None
    assert entered(each_office, secret, address="192.0.2.2") is not None


@pytest.mark.parametrize("more", [timedelta(0), -MINUTE])
def test_a_session_ends_when_idle(each_office: Office, secret: str, more: timedelta) -> None:
    token = begun(each_office, secret)
    each_office.now += IDLE + more
    assert is_in(each_office, token) is (more < timedelta(0))


def test_a_session_in_use_lasts_and_ends_with_the_day(each_office: Office, secret: str) -> None:
    token, began = begun(each_office, secret), each_office.now
    while each_office.now < began + LONGEST - IDLE:
        each_office.now += IDLE - MINUTE
        assert is_in(each_office, token)
    each_office.now = began + LONGEST + MINUTE
    assert not is_in(each_office, token)


def test_a_session_ends_by_sign_out_reset_disabling_and_a_restore(each_office: Office, secret: str) -> None:
    fay = each_office.desk("fay")

    def restored() -> None:
        with writing(fay.engine) as connection:
            begin_epoch(connection, each_office.now)

    token = begun(each_office, secret)
    sign_out(fay, token)
    assert not is_in(each_office, token)
    each_office.now += MINUTE
    token = begun(each_office, secret)
    restored()
    assert not is_in(each_office, token)
    each_office.now += MINUTE
    token = begun(each_office, secret)
    new = reset_account(fay, "ada", PASSWORD).totp_secret
    assert not is_in(each_office, token)
    assert entered(each_office, secret) is None
    token = begun(each_office, new)
    disable_account(fay, "ada")
    assert not is_in(each_office, token)
    each_office.now += MINUTE
    assert entered(each_office, new) is None
    token = begun(each_office, reset_account(fay, "ada", PASSWORD).totp_secret)
    disable_colleague(fay, "ada")
    assert not is_in(each_office, token)


def test_what_asks_again_is_open_for_some_minutes(each_office: Office, secret: str) -> None:
    token, desk = begun(each_office, secret), each_office.desk("nia")
    each_office.now += PROVEN_FOR
    found = signed_in(desk, token)
    assert found is not None
    assert not found.proven
    assert not prove_again(desk, token, OTHER, "", "192.0.2.1")
    assert prove_again(desk, token, PASSWORD, "", "192.0.2.1")
    found = signed_in(desk, token)
    assert found is not None
    assert found.proven
    code = pyotp.TOTP(secret).at(each_office.now)
    assert prove_again(desk, token, "", code, "192.0.2.1")
    assert not prove_again(desk, token, "", code, "192.0.2.1")
    assert not prove_again(desk, "another", PASSWORD, "", "192.0.2.1")


def test_only_an_administrator_makes_resets_and_disables_and_the_trail_has_it(each_office: Office) -> None:
    ada, fay = each_office.desk("ada"), each_office.desk("fay")
    with pytest.raises(NotPermittedError):
        make_account(ada, "abe", PASSWORD)
    make_account(fay, "abe", PASSWORD)
    with pytest.raises(NotPermittedError):
        reset_account(ada, "abe", PASSWORD)
    with pytest.raises(NotPermittedError):
        disable_account(ada, "abe")
    reset_account(fay, "abe", PASSWORD)
    disable_account(fay, "abe")
    assert actions(each_office)[-3:] == ["make_account", "reset_account", "disable_account"]


@pytest.mark.parametrize("password", ["short", "x" * 2000, "I am ABE, let me in"])
def test_a_weak_password_is_refused_without_being_shown(each_office: Office, password: str) -> None:
    with pytest.raises(WrongUseError) as refused:
        make_account(each_office.desk("fay"), "abe", password)
    assert password not in str(refused.value)


def test_an_account_needs_a_colleague_and_is_made_once(each_office: Office, secret: str) -> None:
    fay = each_office.desk("fay")
    for change, name in ((make_account, "ada"), (make_account, "zoe"), (reset_account, "abe")):
        with pytest.raises(WrongUseError):
            change(fay, name, PASSWORD)


def test_the_database_alone_shows_neither_password_nor_secret_nor_session(
    each_office: Office, secret: str
) -> None:
    token = begun(each_office, secret)
    held = repr(each_office.rows())
    assert not [each for each in (secret, token, PASSWORD, "argon2", "192.0.2.1") if each in held]


@pytest.mark.parametrize("kept", [None, "its own"])
def test_a_password_is_compared_as_long_whether_or_not_there_is_an_account(
    kept: str | None,
) -> None:
    used = "" if kept is None else hashed("ada", OTHER)
    parameters = extract_parameters(used or secrets_of_accounts.NOBODYS)
    assert parameters == extract_parameters(hashed("ada", PASSWORD))
    with pytest.raises(VerifyMismatchError):  # not an error of its form, which would come at once
        PasswordHasher().verify(used or secrets_of_accounts.NOBODYS, PASSWORD)
    assert not is_password(used or None, PASSWORD)


def test_an_account_opens_after_its_keys_were_rotated(each_office: Office, secret: str) -> None:
    made = each_office.installation
    rotated = Vault(with_new_key(made.keys))
    with writing(made.engine) as connection:
        assert seal_anew(connection, rotated) == 2
        assert seal_anew(connection, rotated) == 0
    desk = dataclasses.replace(each_office.desk("nia"), vault=rotated)
    code = pyotp.TOTP(secret).at(each_office.now)
    assert sign_in(desk, Entry("ada", PASSWORD, code, "192.0.2.1")) is not None


def test_looking_whether_a_session_lasts_does_not_make_it_last_longer(
    each_office: Office, secret: str
) -> None:
    token = begun(each_office, secret)
    for _ in range(3):
        assert session_lasts(each_office.desk("nia"), token)
        each_office.now += IDLE / 3
    assert not session_lasts(each_office.desk("nia"), token)
    assert not is_in(each_office, token)
