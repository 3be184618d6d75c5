"""Review shows records masked; whole ones leave a trace; files that were not read to their end are to be accepted."""

from dataclasses import replace

from sqlalchemy import select

from dsar_export.export.ledger import ledger_of, ledger_text
from dsar_export.model.source import FileFault, FileGap, Searched
from dsar_export.requests.database import reading
from dsar_export.requests.trail.table import TRAIL
from dsar_export.use_cases.desk import draft_of
from dsar_export.use_cases.review import blockers, page
from tests.use_cases.office_checks import stored
from tests.use_cases.offices import SAM, Office


def test_a_page_is_masked_before_any_face_of_the_program_shows_it(office: Office) -> None:
    reference = office.verified()
    office.collect("ada", reference)
    (record, _) = page(office.desk("ray"), reference, "records", 1, 9)
    assert record["text"] == "S…ER"


def test_whoever_sees_records_whole_is_in_the_trail(office: Office) -> None:
    reference = office.verified()
    office.collect("ada", reference)
    (record, _) = page(office.desk("ray"), reference, "records", 1, 9, whole=True)
    assert record["text"] == SAM
    with reading(office.installation.engine) as connection:
        query = select(TRAIL.c.actor, TRAIL.c.action, TRAIL.c.reference).order_by(TRAIL.c.number.desc())
        assert tuple(connection.execute(query).first() or ()) == ("ray", "show_whole", reference)


def test_a_file_that_was_not_read_to_its_end_is_to_be_accepted_and_stays_in_the_ledger(
    office: Office,
) -> None:
    reference = office.verified()
    office.collect("ada", reference)
    request = stored(office, reference)
    ledger = draft_of(office.desk("ray"), request).ledger
    entry, searched = ledger.datasets["records"], Searched(9, 1, (FileGap("a*.log", 2, FileFault.CUT),))
    held = replace(entry, tally=replace(entry.tally, searched=searched))
    of_files = replace(ledger, datasets={**ledger.datasets, "records": held})
    assert ledger_of(ledger_text(of_files)) == of_files
    assert blockers(office.services.register, ledger, request, ()) == ()
    (blocker,) = blockers(office.services.register, of_files, request, ())
    assert (blocker.source, blocker.datasets, blocker.accepted) == ("main", ("records",), False)
