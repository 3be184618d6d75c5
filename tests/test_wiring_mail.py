"""The settings choose how mail is sent, and refuse whatever would send it unprotected by mistake."""

from pathlib import Path

import pytest

from dsar_export.delivery.mail_folder import DemonstrationFolder
from dsar_export.delivery.mail_message import Author
from dsar_export.delivery.smtp import Encryption, MailServer, SmtpSender
from dsar_export.errors import WrongUseError
from dsar_export.settings import Settings, read_settings
from dsar_export.wiring.mail import mail_way, sender_in

PASSWORD = "PASSWORD-MARKER"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DSAR_MAIL_FROM", "Data protection <privacy@example.org>")
    return tmp_path


def settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"DSAR_{name}", value)
    return read_settings()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"SMTP_URL": "smtp://mail.example.org"}, MailServer("mail.example.org", 587, Encryption.STARTTLS)),
        (
            {"SMTP_URL": "smtp://mail.example.org:25/"},
            MailServer("mail.example.org", 25, Encryption.STARTTLS),
        ),
        ({"SMTP_URL": "smtps://mail.example.org"}, MailServer("mail.example.org", 465, Encryption.TLS)),
        (
            {"SMTP_URL": "smtp://mäil.example.org"},
            MailServer("xn--mil-qla.example.org", 587, Encryption.STARTTLS),
        ),
        (
            {"SMTP_URL": "smtp://desk%40example.org@mail.example.org", "SMTP_PASSWORD": PASSWORD},
            MailServer("mail.example.org", 587, Encryption.STARTTLS, "desk@example.org", PASSWORD),
        ),
        (
            {"SMTP_URL": "smtp://localhost:25", "SMTP_TLS": "none"},
            MailServer("localhost", 25, Encryption.NONE),
        ),
        (
            {"SMTP_URL": "smtp://mail.example.org:25", "SMTP_TLS": "unencrypted"},
            MailServer("mail.example.org", 25, Encryption.NONE),
        ),
    ],
)
def test_the_url_names_the_server(
    values: dict[str, str], expected: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = sender_in(settings(monkeypatch, **values))
    assert isinstance(found, SmtpSender)
    assert found.server == expected
    assert found.author == Author("Data protection", "privacy@example.org")
    assert found.context.check_hostname
    assert PASSWORD not in repr(found)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"SMTP_URL": "mail.example.org"}, "has the form"),
        ({"SMTP_URL": "http://mail.example.org"}, "has the form"),
        ({"SMTP_URL": "smtp://mail.example.org:none"}, "has the form"),
        ({"SMTP_URL": "smtp://mail.example.org/x"}, "has the form"),
        ({"SMTP_URL": f"smtp://desk:{PASSWORD}@mail.example.org"}, "DSAR_SMTP_URL has a password"),
        ({"SMTP_URL": "smtp://desk@mail.example.org"}, "a login needs both"),
        ({"SMTP_URL": "smtp://mail.example.org", "SMTP_PASSWORD": PASSWORD}, "a login needs both"),
        ({"SMTP_URL": "smtp://mail.example.org", "SMTP_TLS": "none"}, "for a mail server on this machine"),
        ({"SMTP_URL": "smtps://mail.example.org", "SMTP_TLS": "none"}, "smtps:// is encrypted"),
        (
            {
                "SMTP_URL": "smtp://desk@mail.example.org",
                "SMTP_PASSWORD": PASSWORD,
                "SMTP_TLS": "unencrypted",
            },
            "no password leaves this machine unencrypted",
        ),
        ({"SMTP_URL": "smtp://localhost", "SMTP_TLS": "no"}, "smtp_tls|SMTP_TLS"),
        ({"SMTP_URL": "smtp://localhost", "OUTBOX_FOLDER": "mail"}, "exclude each other"),
        ({"SMTP_URL": "smtp://localhost", "MAIL_FROM": "nobody"}, "DSAR_MAIL_FROM is one address"),
    ],
)
def test_a_wrong_setting_is_named_without_its_secret(
    values: dict[str, str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WrongUseError, match=text) as raised:
        sender_in(settings(monkeypatch, **values))
    assert PASSWORD not in str(raised.value)


@pytest.mark.parametrize("values", [{"SMTP_URL": "smtp://localhost"}, {"OUTBOX_FOLDER": "mail"}])
def test_mail_is_from_somebody(values: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DSAR_MAIL_FROM")
    with pytest.raises(WrongUseError, match="DSAR_MAIL_FROM is missing"):
        sender_in(settings(monkeypatch, **values))


def test_the_password_comes_from_a_secret_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "secrets").mkdir()
    (here / "secrets" / "DSAR_SMTP_PASSWORD").write_text(f"{PASSWORD}\n", encoding="utf-8")
    found = sender_in(
        settings(monkeypatch, SECRETS_DIR=str(here / "secrets"), SMTP_URL="smtp://desk@mail.example.org")
    )
    assert isinstance(found, SmtpSender)
    assert found.server.password == PASSWORD
    assert PASSWORD not in repr(read_settings())


def test_without_any_setting_mail_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sender_in(settings(monkeypatch)) is None
    assert mail_way(settings(monkeypatch)) is None


def test_a_folder_is_for_demonstrations_only(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, OUTBOX_FOLDER="mail")
    assert isinstance(sender_in(found), DemonstrationFolder)
    assert mail_way(found) == "written into mail, for demonstrations only: nobody receives it"


def test_where_mail_goes_is_shown_without_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, SMTP_URL="smtp://desk@mail.example.org", SMTP_PASSWORD=PASSWORD)
    assert mail_way(found) == "sent by mail.example.org, port 587, encryption: starttls"
