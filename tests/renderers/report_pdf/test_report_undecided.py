"""What nobody has decided yet stands on page one, among what is not here, and where the decision would stand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from dsar_export.model.dataset import EarlierTerms
from dsar_export.model.outcome import Answer
from dsar_export.model.package import DatasetAnswer, PackageContents, ReportChoices
from dsar_export.model.undecided import Statement, Term
from tests.builders import contents, dataset_answer, declared, promise_answer
from tests.renderers.report_pdf.telling import not_here, section_of, text_of, titles_of

RECORD = {"id": "1"}
ALL: Mapping[str, object] = {"purposes": {}, "recipients": None, "storage_period": None}


def undecided(name: str, *terms: Term, records: Sequence[dict[str, str]] = (RECORD,)) -> DatasetAnswer:
    missing = {term.value: ALL[term.value] for term in terms}
    return declared(dataset_answer(name, records), undecided=terms, **missing)


def with_statements(
    of: PackageContents, *statements: Statement, notice: str | None = None
) -> PackageContents:
    organisation = replace(of.register.organisation, undecided=statements, notice=notice)
    return replace(of, register=replace(of.register, organisation=organisation))


OPEN = contents(
    undecided("orders", *Term), undecided("letters", Term.PURPOSES), dataset_answer("visits", [RECORD])
)


def test_page_one_names_what_is_undecided_and_whom_to_ask() -> None:
    assert section_of("What you should know", OPEN) == (
        "We have not recorded yet everything that you have a right to know about your data: what we use it for, and "
        "on what legal ground; who receives it; how long we keep it. “What is not here, and why” shows which data "
        "this concerns. Please ask us: privacy@shop.example."
    )


def test_what_is_undecided_is_listed_with_its_datasets_among_what_is_not_here() -> None:
    text = not_here(OPEN)
    why = "We have not recorded this yet. Please ask us: privacy@shop.example."
    assert f"What we use it for, and on what legal ground: Orders; Letters {why}" in text
    assert f"Who receives it: Orders {why}" in text
    assert f"How long we keep it: Orders {why}" in text
    assert "Visits" not in text


def test_a_dataset_does_not_claim_to_have_terms_that_are_undecided() -> None:
    text = section_of("Orders", OPEN)
    why = "Our register does not say. Please ask us."
    for label in ("Why we hold it", "Shared with", "How long we keep it"):
        assert f"{label} {why}" in text


def test_earlier_terms_are_shown_although_those_of_today_are_undecided() -> None:
    earlier = EarlierTerms(until=date(2024, 1, 1), purposes={"service": "A6-1-b"}, storage_period="brief")
    text = section_of("Orders", contents(declared(undecided("orders", *Term), earlier=(earlier,))))
    now, _, before = text.partition("For records before 1 Jan 2024")
    assert "Serving you" not in now
    assert "Serving you: Needed for a contract with you" in before
    assert "Briefly: 6 months" in before


def test_rights_that_depend_on_an_undecided_legal_ground_are_left_open() -> None:
    assert (
        "Which rights you have beside these depends on the legal ground, which we have not recorded yet for: Orders; "
        "Letters. Please ask us."
    ) in section_of("Your rights", OPEN)


def test_nothing_is_undecided_about_data_that_is_not_held() -> None:
    text = text_of(contents(undecided("orders", *Term, records=()), dataset_answer("visits", [RECORD])))
    assert "not recorded" not in text


def test_a_report_mentions_no_decisions_where_all_are_made() -> None:
    text = text_of(contents(dataset_answer("orders", [RECORD])))
    assert "not recorded" not in text
    assert "What you should know" not in titles_of(contents(dataset_answer("orders", [RECORD])))


def test_undecided_promises_stand_on_page_one_and_in_their_section() -> None:
    of = with_statements(
        contents(dataset_answer("orders", [RECORD])), Statement.PROMISES, notice="Notice of 2026"
    )
    assert "which kinds of data our privacy notice names" in section_of("What you should know", of)
    assert "Which kinds of data our privacy notice names We have not recorded this yet." in not_here(of)
    assert section_of("What we promised, and what we found", of) == (
        "We have not recorded yet which kinds of data our privacy notice names, so this report can't compare them "
        "with what we found."
    )


@pytest.mark.parametrize(
    ("promised", "lead"),
    [
        (
            (promise_answer("Orders", Answer.PRESENT, records=1, datasets=("orders",)),),
            "names these kinds of data.",
        ),
        ((), "names no kinds of data."),
    ],
)
def test_a_notice_that_is_undecided_is_not_named(promised: tuple[()], lead: str) -> None:
    of = contents(dataset_answer("orders", [RECORD]), promises=promised)
    text = section_of("What we promised, and what we found", with_statements(of, Statement.NOTICE))
    assert text.startswith(f"Our notice {lead}")
    assert "Privacy notice Our register does not say. Please ask us." in section_of(
        "Your rights", with_statements(of, Statement.NOTICE)
    )
    assert "None" not in text_of(with_statements(of, Statement.NOTICE))


@pytest.mark.parametrize(
    ("language", "facts"),
    [
        (
            "de",
            "wofür wir sie verwenden und auf welcher Rechtsgrundlage; wer sie erhält; wie lange wir sie aufbewahren",
        ),
        ("fr", "à quoi nous les utilisons et sur quelle base juridique"),
    ],
)
def test_it_is_in_the_language_of_the_report(language: str, facts: str) -> None:
    of = replace(OPEN, report=ReportChoices(language))
    assert facts in text_of(of)
    assert "recorded" not in text_of(of)
