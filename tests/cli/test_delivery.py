"""Links to packages on the command line: mailed, listed, used by the person, and revoked."""

import email
import email.policy
import re

import pytest

from dsar_export.settings import read_settings
from dsar_export.use_cases.downloads import start_download
from dsar_export.use_cases.link_mail import LINK_PATH
from dsar_export.wiring.desk import open_web_desk
from tests.cli import test_requests
from tests.cli.test_requests import REVIEWER, Office
from tests.use_cases.reached import reach, reached_register

office = test_requests.office
ADDRESS = "sam@example.org"
WEB = "https://privacy.example.org"


@pytest.fixture
def mailing(office: Office) -> Office:
    """The office where people are reached; mail is written into a folder."""
    register = reached_register(office.folder / "register")
    reach(register, "C-1", ADDRESS)
    office.patch.setenv("DSAR_WEB_URL", WEB)
    office.patch.setenv("DSAR_OUTBOX_FOLDER", str(office.folder / "mail"))
    office.patch.setenv("DSAR_MAIL_FROM", "privacy@example.org")
    return office


def available(office: Office) -> str:
    """The reference of a request whose package waits, with a proven identifier."""
    reference = office.opened("customer_id=C-1")
    proof = ("--by-evidence", "known_address", "--evidence-file", "-", "--proves", "customer_id")
    office.done("request", "verify", reference, *proof, stdin="seen")
    office.done("request", "collect", "--now", reference)
    office.done("request", "approve", reference, uid=REVIEWER)
    passphrase = office.folder / "passphrase"
    office.done("request", "build", "--now", reference, "--write-passphrase", passphrase)
    return reference


def mailed_text(office: Office) -> tuple[str, str]:
    """To whom the only mail went, and its text."""
    (file,) = (office.folder / "mail").glob("*.eml")
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    return str(mail["To"]), str(body.get_content())


def listed_package(office: Office) -> dict[str, object]:
    packages = office.done("package", "list")["packages"]
    assert isinstance(packages, list)
    (package,) = packages
    assert isinstance(package, dict)
    return package


def test_a_link_is_mailed_used_listed_and_revoked(mailing: Office) -> None:
    reference = available(mailing)
    assert listed_package(mailing)["link"] is None
    sent = mailing.run("request", "deliver", reference, "--by", "link")
    assert sent.code == 0, sent.err
    assert "`dsar-export mail send` sends it" in sent.out
    assert re.search(r"^state +available$", sent.out, re.MULTILINE)
    assert mailing.done("mail", "send")["sent"] == 1
    to, text = mailed_text(mailing)
    assert (to, reference in text) == (ADDRESS, True)
    found = re.search(rf"^{re.escape(WEB + LINK_PATH)}(\S+)", text, re.MULTILINE)
    assert found is not None
    token = found[1]
    assert token not in sent.out + sent.err
    link = listed_package(mailing)["link"]
    assert isinstance(link, dict)
    assert link["left"] == 3
    desk = open_web_desk(read_settings())
    assert start_download(desk, token) is not None
    assert mailing.state(reference) == "delivered"
    assert mailing.done("package", "revoke", reference) == {"reference": reference, "revoked": 1}
    assert start_download(desk, token) is None
    desk.engine.dispose()
    assert listed_package(mailing)["link"] is None


def test_it_is_sent_again_as_json_and_replaces_the_first(mailing: Office) -> None:
    reference = available(mailing)
    for _ in range(2):
        assert mailing.done("request", "deliver", reference, "--by", "link")["state"] == "available"
    assert mailing.done("mail", "send")["sent"] == 2
    assert mailing.done("package", "revoke", reference) == {"reference": reference, "revoked": 1}
