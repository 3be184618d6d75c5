"""Review shows records masked; whole ones leave a trace."""

from sqlalchemy import select

from dsar_export.requests.database import reading
from dsar_export.requests.trail.table import TRAIL
from dsar_export.use_cases.review import page
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
