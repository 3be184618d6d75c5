"""Letters, complaints, evidence and the outbox over HTTP: as the commands do them, and nothing typed is lost."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from dsar_export.model.mail import Mail, MailKind
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.database import reading
from dsar_export.requests.trail import entries
from dsar_export.use_cases.evidence_json import FORMAT
from dsar_export.use_cases.post import post_mail
from tests.use_cases.offices import MARKERS, START
from tests.use_cases.reached import reach
from tests.web.console.conftest import House

TYPED = "typed: which branch do you mean"


@pytest.fixture(scope="module")
def reference(house: House) -> str:
    """A request that waits to be verified."""
    return house.office.opened("ada", "email=sam@example.org")


def noted(house: House, reference: str, action: str) -> list[object]:
    with reading(house.office.installation.engine) as connection:
        return [entry.values["details"] for entry in entries(connection, reference, action)]


def test_a_letter_is_read_before_it_is_written(house: House, reference: str) -> None:
    for language, begins in (("en", "Our reference"), ("de", "Unser Zeichen"), ("fr", "Notre référence")):
        path = f"/requests/{reference}/letter?kind=acknowledgement&language={language}"
        answer = house.visitor("ada").get(path)
        assert answer.status == 200
        assert f'<article class="letter" lang="{language}">' in answer.text
        assert begins in answer.text.split("<article")[1]
        assert not [marker for marker in MARKERS if marker in answer.text]
    assert noted(house, reference, "letter") == []


def test_a_question_is_typed_first_and_shown_as_it_would_be_sent(house: House, reference: str) -> None:
    visitor = house.visitor("ada")
    first = visitor.get(f"/requests/{reference}/letter?kind=question")
    assert first.status == 200
    assert "<article" not in first.text
    shown = visitor.post(f"/requests/{reference}/letter", kind="question", text=TYPED, on="")
    assert TYPED in shown.text.split("<article")[1].split("</article>")[0]
    assert shown.text.count(TYPED) >= 3  # in the letter, in the form, and in what leads on


def test_a_letter_as_pdf_is_in_the_trail(house: House, reference: str) -> None:
    answer = house.visitor("ada").post(
        f"/requests/{reference}/letter/pdf", kind="question", text=TYPED, language="de"
    )
    assert answer.status == 200
    assert answer.body.startswith(b"%PDF-")
    assert answer.headers["content-disposition"] == f'attachment; filename="{reference}-question.pdf"'
    assert noted(house, reference, "letter") == [{"letter_kind": "question", "language": "de"}]


@pytest.mark.parametrize("action", ["", "/pdf", "/mail"])
def test_what_a_letter_is_refused_for_is_shown_and_what_was_typed_stays(
    house: House, reference: str, action: str
) -> None:
    answer = house.visitor("ada").post(f"/requests/{reference}/letter{action}", kind="delivery", text=TYPED)
    assert answer.status == 422
    assert "This letter was not written" in answer.text
    assert TYPED in answer.text


def test_without_an_address_on_file_no_letter_goes_into_the_outbox(house: House, reference: str) -> None:
    answer = house.visitor("ada").post(
        f"/requests/{reference}/letter/mail", kind="question", text=TYPED, language="fr"
    )
    assert answer.status == 422
    assert TYPED in answer.text
    assert '<option value="fr" selected>' in answer.text


@pytest.mark.parametrize("action", ["letter", "letter/pdf", "letter/mail", "evidence", "complain"])
def test_no_stranger_and_no_form_of_another_session_gets_anything(
    house: House, reference: str, action: str
) -> None:
    theirs = house.visitor("bea").post(f"/requests/{reference}/{action}", kind="acknowledgement")
    assert theirs.status == 404
    forged = house.visitor("ada").post(f"/requests/{reference}/{action}", csrf="guessed")
    assert forged.status == 403


def test_an_auditor_writes_no_letter(house: House, reference: str) -> None:
    assert house.visitor("aud").get(f"/requests/{reference}/letter?kind=acknowledgement").status == 403


def test_a_complaint_is_recorded_acknowledged_and_answered(house: House) -> None:
    reference = house.office.opened("ada", "email=sam@example.org")
    visitor = house.visitor("ada")
    path = f"/requests/{reference}"
    assert visitor.post(f"{path}/complain", complaint="too slow", channel="telephone").status == 303
    shown = visitor.get(path).text
    assert "too slow" in shown
    assert "by telephone" in shown
    assert "may answer" in shown.lower()
    assert visitor.post(f"{path}/acknowledge-complaint", number="1").status == 303
    answered = visitor.post(f"{path}/answer-complaint", number="1", outcome="upheld", answer="we were slow")
    assert answered.status == 303, answered.text
    installation = house.office.installation
    with reading(installation.engine) as connection:
        (complaint,) = complaints_of(connection, reference, installation.vault)
    assert (complaint.answer, complaint.listed.outcome) == ("we were slow", "upheld")
    assert complaint.listed.acknowledged_by == "ada"
    page = visitor.get(path).text
    assert "we were slow" in page
    assert "/answer-complaint" not in page


REFUSED = [
    ("complain", {"complaint": "typed before", "channel": "pigeon"}, 422),
    ("complain", {"complaint": "typed before", "channel": "email", "received": "yesterday"}, 422),
    ("complain", {"complaint": "typed before", "channel": "email", "received": "2999-01-01"}, 422),
    ("answer-complaint", {"answer": "typed before", "outcome": "upheld", "number": "7"}, 422),
    ("answer-complaint", {"answer": "typed before", "outcome": "upheld", "number": "x"}, 422),
    ("answer-complaint", {"answer": "typed before", "outcome": "perhaps"}, 422),
]


@pytest.mark.parametrize(("action", "fields", "status"), REFUSED)
def test_what_is_wrong_with_a_complaint_changes_nothing_and_loses_nothing(
    house: House, action: str, fields: dict[str, str], status: int
) -> None:
    reference = house.office.opened("ada", "email=sam@example.org")
    house.visitor("ada").post(f"/requests/{reference}/complain", complaint="first", channel="email")
    answer = house.visitor("ada").post(f"/requests/{reference}/{action}", **fields)
    assert answer.status == status
    assert "Nothing was changed" in answer.text
    assert "typed before" in answer.text
    assert len(noted(house, reference, "complain")) == 1


@pytest.mark.parametrize("name", ["ada", "ray", "aud"])
def test_evidence_is_a_file_and_in_the_trail(house: House, name: str) -> None:
    reference = house.reviewed()
    visitor = house.visitor(name)
    as_json = visitor.post(f"/requests/{reference}/evidence", format="json")
    assert json.loads(as_json.body)["format"] == FORMAT
    as_text = visitor.post(f"/requests/{reference}/evidence", format="text")
    assert as_text.text.startswith(f"Evidence about request {reference}")
    assert as_text.headers["content-disposition"] == f'attachment; filename="{reference}-evidence.txt"'
    assert not [marker for marker in MARKERS if marker in as_text.text + as_json.text]
    assert len(noted(house, reference, "evidence")) == 2
    assert visitor.post(f"/requests/{reference}/evidence", format="doc").status == 422


def test_the_outbox_shows_what_waits_without_text_and_address(house: House, reference: str) -> None:
    mail = Mail("sam@example.org", "SUBJECT-MARKER", "TEXT-MARKER", "en")
    with house.office.desk("ada").acting() as act:
        post_mail(act, mail, MailKind.LETTER, reference)
    for name, shown in (("ada", True), ("fay", True), ("bea", False)):
        page = house.visitor(name).get("/mail")
        assert page.status == 200
        assert (reference in page.text) is shown, name
        assert not [m for m in ("SUBJECT-MARKER", "TEXT-MARKER", "sam@example.org") if m in page.text]
    assert "wartet auf den Versand" in house.visitor("ada", language="de").get("/mail").text
    assert house.visitor("aud").get("/mail").status == 403


def test_what_is_no_notification_changes_nothing_and_stays_typed(house: House) -> None:
    answer = house.visitor("ada").post("/mail/bounced", notification="typed before")
    assert answer.status == 422
    assert "typed before" in answer.text


def test_a_letter_goes_into_the_outbox_for_an_address_on_file(house: House, reached: Path) -> None:
    reach(reached, "C-1", "sam@example.org", (START - timedelta(days=30), None))
    reference = house.office.verified(proven=("email",))
    answer = house.visitor("ada").post(f"/requests/{reference}/letter/mail", kind="question", text=TYPED)
    assert answer.status == 303, answer.text
    assert noted(house, reference, "queue_mail") == [{"mail_kind": "letter"}]
    assert reference in house.visitor("ada").get("/mail").text


@pytest.mark.parametrize("name", ["aud", "ray"])
def test_only_those_who_handle_mail_note_that_it_came_back(house: House, name: str) -> None:
    assert house.visitor(name).post("/mail/bounced", csrf="guessed", notification="x").status == 403
    assert house.visitor(name).post("/mail/bounced", notification="x").status in {403, 422}
