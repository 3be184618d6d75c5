"""Whoever finds a weakness learns whom to write to, if the installation says so."""

from datetime import UTC, datetime, timedelta

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.settings import read_settings
from tests.web.served import Served, served

PATH = "/.well-known/security.txt"


def test_it_has_the_contact_and_an_end_within_a_year(shop: Served) -> None:
    with served(shop.parcels, security_contact="mailto:security@example.org") as made:
        answer = made.get(PATH)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert lines["Contact"] == "mailto:security@example.org"
    ends = datetime.fromisoformat(lines["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < ends < timedelta(days=365)


def test_without_a_contact_there_is_no_such_page(shop: Served) -> None:
    assert shop.get(PATH).status == 404


@pytest.mark.parametrize(
    "wrong", ["security@example.org", "http://example.org", "mailto:a@example.org\nX: y"]
)
def test_a_contact_that_is_no_address_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSAR_SECURITY_CONTACT", wrong)
    with pytest.raises(WrongUseError, match=r"security_contact.*mailto:security@example\.org"):
        read_settings()
    monkeypatch.setenv("DSAR_SECURITY_CONTACT", "https://example.org/security")
    assert read_settings().security_contact == "https://example.org/security"
