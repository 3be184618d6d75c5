"""The folder of the demonstration holds mail for its owner alone, and says that nobody got it."""

import email
from datetime import UTC, datetime
from pathlib import Path

from dsar_export.delivery.mail_folder import DemonstrationFolder
from dsar_export.delivery.mail_message import Author
from dsar_export.model.mail import Mail, Posted, Postmark, PostResult

POSTMARK = Postmark("0123abcd", datetime(2026, 11, 2, tzinfo=UTC))
MAIL = Mail("sam@example.org", "Your data", "Dear Sam", "en")


def folder_sender(folder: Path) -> DemonstrationFolder:
    return DemonstrationFolder(folder, Author("", "privacy@example.org"))


def test_a_mail_becomes_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    for _ in range(2):
        assert folder_sender(tmp_path / "mail").send(MAIL, POSTMARK) == PostResult(Posted.SENT)
    (file,) = (tmp_path / "mail").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("0123abcd.eml", 0o600)
    message = email.message_from_bytes(file.read_bytes())
    assert message["X-Demonstration-Only"] == "written into a folder, sent to nobody"
    assert (message["To"], message["Message-ID"]) == ("sam@example.org", "<0123abcd@example.org>")


def test_a_folder_that_can_not_be_written_is_no_fault_of_the_mail(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    found = folder_sender(tmp_path / "mail").send(MAIL, POSTMARK)
    assert found == PostResult(Posted.NO_SERVER, "folder")


def test_an_address_without_a_domain_is_refused(tmp_path: Path) -> None:
    mail = Mail(f"sam@{'ä' * 70}.org", "s", "t", "en")
    assert folder_sender(tmp_path).send(mail, POSTMARK) == PostResult(Posted.REFUSED, "address")
