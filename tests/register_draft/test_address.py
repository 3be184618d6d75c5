"""A register names the address of its source without a password, and a file as seen from the register."""

from pathlib import Path

import pytest

from dsar_export.errors import SourceUnreadableError, WrongUseError
from dsar_export.register_draft.address import Address, address_of, resolved


def test_a_file_is_named_as_seen_from_the_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert address_of("sqlite:///shop.db", Path("a/register")) == Address("shop", "sqlite:///../../shop.db")
    assert address_of("sqlite:////data/shop.db", Path("r")) == Address("shop", "sqlite:////data/shop.db")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:s3cret@db.example.org/shop",
        "mysql://reader:s3cret@db.example.org/shop",
        "postgresql://db.example.org/shop?user=reader&password=s3cret",
    ],
)
def test_a_password_stays_in_the_environment(url: str) -> None:
    found = address_of(url, Path("r"))
    assert found == Address("shop", "env:SHOP_DATABASE", "SHOP_DATABASE")
    assert found.remark is not None


def test_an_address_without_a_password_is_named() -> None:
    url = "postgresql://reader@db.example.org/shop"
    assert address_of(url, Path("r")) == Address("shop", url)
    assert address_of(url, Path("r")).remark is None


def test_a_variable_is_named_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_DATABASE", "postgresql://db.example.org/shop")
    assert address_of("env:SHOP_DATABASE", Path("r")) == Address("shop_database", "env:SHOP_DATABASE")
    assert resolved("env:SHOP_DATABASE") == "postgresql://db.example.org/shop"
    assert resolved("postgresql://db.example.org/shop") == "postgresql://db.example.org/shop"


def test_a_missing_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_DATABASE", raising=False)
    with pytest.raises(WrongUseError, match="the environment has no variable SHOP_DATABASE"):
        resolved("env:SHOP_DATABASE")


@pytest.mark.parametrize("text", ["shop.db", "", "postgresql//x:s3cret@y"])
def test_what_is_no_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(WrongUseError, match="not the address of a database") as raised:
        address_of(text, Path("r"))
    assert "s3cret" not in str(raised.value)


def test_a_file_that_is_not_there_is_named_as_seen_from_the_current_folder() -> None:
    with pytest.raises(SourceUnreadableError, match="a relative one begins at the current folder"):
        resolved("sqlite:///nowhere.db")
