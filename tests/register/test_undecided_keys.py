"""A register may state that something is undecided; it may not leave it unsaid, nor say both."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.left_out import LeftOutReason
from dsar_export.model.undecided import Statement, Term
from dsar_export.wiring import register_in
from tests.worlds import World

LISTED = 'undecided = ["purposes", "recipients", "storage_period"]\n'
TERMS = ('purposes = { service = "A6-1-b" }\nrecipients = []\nstorage_period = "short"\n', LISTED)
NOTICE = ('notice = "notice of 2026-01-01"\n', 'undecided = ["notice", "promises"]\n')
PROMISES = ('[[promises]]\nid = "records"\ntext = "Your records"\ndatasets = ["records"]\n', "")


def world(
    folder: Path, *, register: tuple[tuple[str, str], ...] = (), dataset: tuple[str, str] = ("", "")
) -> World:
    """The small world, with texts of its files replaced."""
    made = World(folder)
    for old, new in register:
        assert old in made.register_text
        made.register_text = made.register_text.replace(old, new, 1)
    assert dataset[0] in made.dataset_text
    made.dataset_text = made.dataset_text.replace(*dataset, 1)
    return made.write([])


def refusal(made: World) -> str:
    with pytest.raises(RegisterError) as caught:
        register_in(made.folder)
    return str(caught.value).replace(str(made.folder), "R")


def test_undecided_terms_are_missing_from_the_file_and_from_the_dataset(tmp_path: Path) -> None:
    (dataset,) = register_in(world(tmp_path, dataset=TERMS).folder).datasets
    assert dataset.undecided == tuple(Term)
    assert (dict(dataset.purposes), dataset.recipients, dataset.storage_period) == ({}, None, None)


def test_an_undecided_notice_and_its_promises_are_missing(tmp_path: Path) -> None:
    organisation = register_in(world(tmp_path, register=(NOTICE, PROMISES)).folder).organisation
    assert organisation.undecided == tuple(Statement)
    assert (organisation.notice, organisation.promises) == (None, ())


@pytest.mark.parametrize(
    ("listed", "missing"),
    [
        ("", {"purposes", "storage_period"}),
        ('undecided = ["purposes"]\n', {"storage_period"}),
        ('undecided = ["storage_period", "recipients"]\n', {"purposes"}),
    ],
)
def test_a_missing_term_that_is_not_listed_is_refused(tmp_path: Path, listed: str, missing: set[str]) -> None:
    refused = refusal(world(tmp_path, dataset=(TERMS[0], listed))).splitlines()
    assert set(refused) == {
        f"R/datasets/records.toml: {key}: this key is missing; add it, or list it under undecided"
        for key in missing
    }


def test_missing_promises_that_are_not_listed_are_refused(tmp_path: Path) -> None:
    assert refusal(world(tmp_path, register=(PROMISES,))) == (
        "R/register.toml: promises: this key is missing; add it, or list it under undecided"
    )


@pytest.mark.parametrize("key", ["purposes", "recipients", "storage_period"])
def test_a_term_that_is_both_written_and_undecided_is_refused(tmp_path: Path, key: str) -> None:
    both = f'undecided = ["{key}"]\norder_by ='
    refused = refusal(world(tmp_path, dataset=("order_by =", both)))
    assert refused.endswith(
        f"undecided: '{key}' is decided in this file, so it must not be listed; keep one of them"
    )


@pytest.mark.parametrize("key", ["notice", "promises"])
def test_a_statement_that_is_both_written_and_undecided_is_refused(tmp_path: Path, key: str) -> None:
    refused = refusal(world(tmp_path, register=(("notice =", f'undecided = ["{key}"]\nnotice ='),)))
    assert f"undecided: '{key}' is decided in this file" in refused


def test_nothing_else_may_be_undecided(tmp_path: Path) -> None:
    refused = refusal(world(tmp_path, dataset=("order_by =", 'undecided = ["fields"]\norder_by =')))
    assert "undecided.0: input should be 'purposes', 'recipients' or 'storage_period'" in refused


def test_a_period_that_starts_and_is_undecided_is_refused_because_no_record_could_be_marked(
    tmp_path: Path,
) -> None:
    period = ('storage_period = "short"', 'undecided = ["storage_period"]\nstorage_starts = "at"')
    assert "storage_starts needs a storage_period; drop it" in refusal(world(tmp_path, dataset=period))


def test_what_is_left_out_needs_a_note_unless_it_is_undecided(tmp_path: Path) -> None:
    noted = '{ reason = "not_personal", note = "keys only" }'
    undecided = world(tmp_path / "one", register=((noted, '{ reason = "undecided" }'),))
    (left_out,) = register_in(undecided.folder).organisation.sources["main"].left_out.values()
    assert (left_out.reason, left_out.note) == (LeftOutReason.UNDECIDED, None)
    refused = refusal(world(tmp_path / "two", register=((noted, '{ reason = "not_personal" }'),)))
    assert "sources.main.left_out.customers: note is missing; write why it is left out" in refused
