"""What is undecided is never exported: tables and columns are gaps, and portability waits for a dataset's terms."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.intake import Channel, Mandate
from dsar_export.model.request import Right
from dsar_export.requests.states import State
from dsar_export.use_cases.ask import ask_to_collect
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.take_in import Intake, take_in
from tests.requests.installations import founded_installation
from tests.use_cases.offices import SPOKEN, START, Office, identifier, quick_services, register_in
from tests.worlds import World, open_package

NOTES = 'left_out = { notes = { reason = "undecided" }, customers'
NICKNAME = {
    'purposes = { service = "A6-1-b" }': 'left_out = { nickname = { reason = "undecided" } }\n'
    'purposes = { service = "A6-1-b" }'
}
TERMS = {
    'purposes = { service = "A6-1-b" }\nrecipients = []\nstorage_period = "short"\n': (
        'undecided = ["purposes", "recipients", "storage_period"]\n'
    )
}
TABLES = (
    "main",
    None,
    "nobody has decided yet whether these tables hold data about the person, so they were not searched: 'notes'",
)
COLUMNS = (
    "main",
    "records",
    "nobody has decided yet whether these columns are data about the person, so they were not copied: 'nickname'",
)


def world(
    folder: Path, texts: dict[str, str], rows: Sequence[dict[str, object]] = ({"text": "mine"},)
) -> World:
    """The small world with an undecided table and texts of the dataset replaced; a stranger has a nickname."""
    made = World(folder / "register")
    made.register_text = made.register_text.replace("left_out = { customers", NOTES, 1)
    for old, new in texts.items():
        assert old in made.dataset_text
        made.dataset_text = made.dataset_text.replace(old, new, 1)
    made.write(rows, [{"text": "STRANGE"}])
    made.run("CREATE TABLE notes (customer_id TEXT, note TEXT)")
    made.run("INSERT INTO notes VALUES ('C-1', 'CANARY')")
    if "nickname" in made.dataset_text:
        made.run("ALTER TABLE records ADD COLUMN nickname TEXT DEFAULT 'CANARY'")
    return made


def gaps_of(made: World) -> list[tuple[str, str | None, str]]:
    return [(gap.source, gap.dataset, str(gap.reason)) for gap in made.export(confirmed=True).gaps]


def test_an_undecided_table_and_column_are_gaps_and_in_no_member(tmp_path: Path) -> None:
    made = world(tmp_path, NICKNAME)
    assert gaps_of(made) == [TABLES, COLUMNS]
    package = made.package()
    assert [record["text"] for record in package.json()] == ["mine"]
    assert not any(b"CANARY" in body for body in package.members.values())


def test_an_undecided_column_is_no_gap_of_somebody_without_a_row(tmp_path: Path) -> None:
    made = world(tmp_path, NICKNAME, rows=())
    result = made.export(confirmed=True)
    assert [(g.source, g.dataset, str(g.reason)) for g in result.gaps] == [TABLES]
    assert [(g.source, g.dataset, str(g.reason)) for g in result.register_behind] == [COLUMNS]


def test_a_promise_is_not_answered_with_none_held_while_a_table_is_undecided(tmp_path: Path) -> None:
    made = world(tmp_path, {}, rows=())
    path = made.export(confirmed=True).package
    assert path is not None
    (answer,) = manifest(path)["promises"]
    assert answer["answer"] == "not_obtained"


def manifest(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(open_package(path).members["datapackage.json"])["dsar"]
    return found


def test_a_source_of_which_all_is_undecided_is_a_gap_although_nothing_opens_it(tmp_path: Path) -> None:
    made = world(tmp_path, {})
    (made.folder / "register.toml").write_text(
        made.register_text + '\n[sources.archive]\nkind = "sql_database"\nurl = "sqlite:///no.db"\n'
        'controllers = ["acme"]\nleft_out = { papers = { reason = "undecided" } }\n',
        encoding="utf-8",
    )
    assert [gap[:2] for gap in gaps_of(made)] == [("main", None), ("archive", None)]


def test_access_is_answered_while_terms_are_undecided_and_the_package_says_so(tmp_path: Path) -> None:
    package = world(tmp_path, TERMS).package()
    assert [record["text"] for record in package.json()] == ["mine"]
    missing = {each["what"] for each in json.loads(package.members["datapackage.json"])["dsar"]["not_here"]}
    assert {
        "What we use it for, and on what legal ground: Records",
        "Who receives it: Records",
        "How long we keep it: Records",
    } <= missing


def test_portability_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    made = world(tmp_path, TERMS)
    made.database.unlink()
    with pytest.raises(RegisterError) as caught:
        made.export(right=Right.PORTABILITY)
    assert str(caught.value) == (
        "portability can't be answered while terms are undecided: "
        "datasets/records.toml (purposes, recipients, storage_period). Decide them, or answer access alone"
    )


@pytest.fixture
def open_office(tmp_path: Path) -> Office:
    """An office in whose register the terms of `extras`, a dataset of the source `second`, are undecided."""
    folder = register_in(tmp_path / "register")
    file = folder / "datasets" / "extras.toml"
    text, (decided, undecided) = file.read_text("utf-8"), *TERMS.items()
    decided = decided.replace("A6-1-b", "A6-1-c")
    assert decided in text
    file.write_text(text.replace(decided, undecided), "utf-8")
    made = founded_installation(
        f"sqlite:///{tmp_path / 'trail' / 'requests.db'}", tmp_path / "trail" / "keys.json"
    )
    return Office(made, quick_services(folder), tmp_path / "state", tmp_path / "trail" / "anchor.json")


@pytest.mark.parametrize("rights", [[Right.PORTABILITY], [Right.ACCESS, Right.PORTABILITY]])
def test_a_request_for_portability_is_neither_collected_nor_asked_for(
    open_office: Office, rights: list[Right]
) -> None:
    reference = open_office.verified(rights=rights)
    with pytest.raises(
        RegisterError, match=r"datasets/extras\.toml \(purposes, recipients, storage_period\)"
    ):
        open_office.collect("ada", reference)

    class Awake:
        def wake(self, reference: str, *, heavy: bool) -> bool:
            raise AssertionError((reference, heavy))

    register = open_office.services.register
    with pytest.raises(RegisterError, match="portability can't be answered"):
        ask_to_collect(open_office.desk("ada"), register, reference, CollectOrder(), Awake())
    assert open_office.listed(reference).state is State.VERIFIED


def test_a_request_for_access_is_answered(open_office: Office) -> None:
    reference = open_office.approved()
    with open_office.built("ada", reference):
        pass
    assert [package.right for package in open_office.published(reference)] == [Right.ACCESS]


def test_a_mandate_that_leaves_undecided_datasets_out_does_not_wait_for_them(open_office: Office) -> None:
    mandate = Mandate(SPOKEN, ("records",))
    sam = (identifier("email=Sam@example.org"),)
    intake = Intake((Right.PORTABILITY,), "acme", Channel.LETTER, START, sam, None, mandate)
    reference = take_in(open_office.desk("ada"), open_office.services.register, intake).reference
    open_office.verify(reference)
    open_office.collect("ada", reference)
    assert open_office.listed(reference).state is State.IN_REVIEW
