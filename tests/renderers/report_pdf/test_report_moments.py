"""Data from before the export, such as a standby's, is shown with its time."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.package import PackageContents, ReportChoices, SourceMoment
from tests.builders import contents, dataset_answer, declared
from tests.renderers.report_pdf.telling import not_here, text_of
from tests.replacing import replace

OPENED: Final = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
BEHIND: Final = SourceMoment("crm", OPENED, OPENED - timedelta(hours=2))
CURRENT: Final = SourceMoment("shop", OPENED, OPENED)
AHEAD: Final = SourceMoment("clock", OPENED, OPENED + timedelta(seconds=2))
DELAY: Final = "with a delay"


def report(*moments: SourceMoment, language: str = "en") -> PackageContents:
    made = contents(dataset_answer("orders", [{"id": "1"}]), report=ReportChoices(language))
    return replace(made, moments=moments)


def test_a_copy_that_is_behind_is_named_with_its_moment_where_the_controller_is() -> None:
    of = report(CURRENT, BEHIND)
    text = text_of(of)
    assert of.controller.time_zone == "Europe/London"  # an hour beyond UTC in July
    assert "a copy that follows our system with a delay: “crm” as of 1 Jul 2026, 11:00:00 BST." in text
    assert "Later changes are not here yet." in text
    assert "“shop” as of" not in text


def test_a_source_that_is_of_the_moment_of_the_export_is_not_mentioned() -> None:
    assert DELAY not in text_of(report(CURRENT, AHEAD))
    assert DELAY not in text_of(report())


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "die unserem System mit Verzögerung folgt: „crm“ mit dem Stand"),
        ("fr", "qui suit notre système avec un retard : « crm » à la date du"),
    ],
)
def test_the_delay_is_mentioned_in_other_languages(language: str, expected: str) -> None:
    assert expected in text_of(report(BEHIND, language=language)).replace("\u00a0", " ")


def test_withheld_versions_are_listed_with_their_reason_with_or_without_rows() -> None:
    withheld = LeftOut(reason=LeftOutReason.WITHHELD, note="For audits only.")
    elsewhere = LeftOut(reason=LeftOutReason.COPIED_ELSEWHERE, note="In the letters.")
    held = dataset_answer("orders", [{"id": "1"}])
    line = "Orders: earlier versions of the records Withheld: For audits only."
    assert line in not_here(contents(declared(held, versions_left_out=withheld)))
    assert "In the letters" not in text_of(contents(declared(held, versions_left_out=elsewhere)))
    empty = declared(dataset_answer("orders"), versions_left_out=withheld)
    assert line in not_here(contents(empty))
