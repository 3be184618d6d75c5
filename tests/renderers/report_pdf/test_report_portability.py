"""A portability report explains what the package is, what is left out, and how to get the rest."""

from dataclasses import replace

from dsar_export.model.message import Message
from dsar_export.model.request import Right
from dsar_export.model.schema import Origin
from tests.builders import contents, dataset_answer, not_portable, schema_field
from tests.renderers.report_pdf.telling import between, not_here, section_of, text_of

ORIGIN = "not portable: we have it from someone else (Art. 20(1) UK GDPR)"
BASIS = (
    "not portable: we use it neither with your consent nor for a contract with you (Art. 20(1)(a) UK GDPR)"
)
PROFILE = dataset_answer(
    "profile", [{"id": "1", "score": "2", "tier": "3", "past_storage_period": "no", "name": "Ada"}]
)


def test_page_one_explains_portability_and_that_access_gives_the_rest() -> None:
    text = section_of("What you should know", contents(PROFILE, right=Right.PORTABILITY))

    assert "what you gave us and what we recorded while you used our services" in text
    assert "with your consent or for a contract with you (Art. 20 UK GDPR)" in text
    assert "Ask for access (Art. 15 UK GDPR), and you get that too: privacy@shop.example." in text


def test_an_access_report_does_not_mention_portability() -> None:
    text = text_of(contents(PROFILE))

    assert "What you should know" not in text
    assert "portable" not in text


def test_left_out_fields_are_listed_by_dataset_and_reason() -> None:
    answer = not_portable(PROFILE, "score", "tier", reason=ORIGIN)

    package = contents(answer, right=Right.PORTABILITY)

    missing = not_here(package)
    assert f"Profile: Score; Tier {ORIGIN[0].upper()}{ORIGIN[1:]}." in missing
    assert missing.count("Profile") == 1
    assert "Left out by this right 2 fields" in text_of(package)


def test_left_out_marks_are_listed_once_for_all_datasets() -> None:
    visits = dataset_answer("visits", [{"id": "1", "past_storage_period": "no"}])
    answers = (not_portable(a, "past_storage_period") for a in (PROFILE, visits))

    package = contents(*answers, right=Right.PORTABILITY)

    missing = not_here(package)
    assert missing.count("Past storage period") == 1
    assert "Our own marks on records: Past storage period Not portable: derived." in missing
    assert "Profile" not in missing


def test_a_dataset_that_is_left_out_is_listed_with_reason_and_row_count() -> None:
    answer = dataset_answer("visits", [{"id": str(n)} for n in range(7)], withheld=1)
    visits = not_portable(answer, "id", reason=BASIS)

    package = contents(PROFILE, visits, right=Right.PORTABILITY)

    missing = not_here(package)
    assert "Visits Not portable: we use it neither with your consent" in missing
    assert missing.count("Visits") == 1
    assert " 8 If you think that something should be here" in missing
    section = section_of("Visits", package)
    assert "Nothing of it is in this package. Not portable: we use it neither" in section
    assert "8 found: 0 in this package, 8 not part of this right" in section
    assert "Who received it" not in section
    assert "The records" not in section


def test_the_reason_for_a_mark_is_not_listed_for_a_dataset_that_is_left_out() -> None:
    answer = dataset_answer("scores", [{"score": "1", "earlier_version": "no"}])
    scores = not_portable(answer, "score", "earlier_version", reason=ORIGIN)
    score, mark = scores.left_out
    scores = replace(
        scores, left_out=(score, replace(mark, reason=Message("not portable: a mark of records")))
    )

    missing = not_here(contents(PROFILE, scores, right=Right.PORTABILITY))

    assert "Scores Not portable: we have it from someone else" in missing
    assert "mark of records" not in missing


def test_an_empty_dataset_has_no_left_out_fields() -> None:
    empty = not_portable(dataset_answer("visits", fields=[schema_field("id"), schema_field("n")]), "id")

    package = contents(empty, right=Right.PORTABILITY)

    missing = not_here(package)
    assert "Visits We searched, and there is nothing that we must disclose." in missing
    assert "ortable" not in missing


def test_a_package_without_portable_data_states_that_it_has_no_records() -> None:
    text = text_of(
        contents(not_portable(dataset_answer("visits", [{"id": "1"}]), "id"), right=Right.PORTABILITY)
    )

    assert "No records; the next part explains why." in text


def test_the_right_that_was_used_is_not_offered_again_and_access_is() -> None:
    portability, access = (
        between(text_of(contents(PROFILE, right=right)), "Your rights", "(Art. 77 UK GDPR;")
        for right in (Right.PORTABILITY, Right.ACCESS)
    )

    assert "(Art. 15 UK GDPR)" in portability
    assert "(Art. 20 UK GDPR)" not in portability
    assert "(Art. 15 UK GDPR)" not in access
    assert "(Art. 20 UK GDPR): Profile." in access


def test_the_origin_of_a_field_is_the_one_in_the_released_schema() -> None:
    fields = [schema_field("note", origin=Origin.ACQUIRED)]

    text = section_of("Notes", contents(dataset_answer("notes", [{"note": "x"}], fields=fields)))

    assert "All of it from someone else." in text
    assert "from you" not in text
