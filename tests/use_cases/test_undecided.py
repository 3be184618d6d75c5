"""What is undecided is never exported: tables and columns are gaps, and portability waits for a dataset's terms."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dsar_export.errors import RegisterError, WrongUseError
from dsar_export.model.intake import Channel, Mandate
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Right, Verification
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from dsar_export.use_cases.ask import ask_to_collect
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.export_once import count_only
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.review import Blocker, review
from dsar_export.use_cases.take_in import Intake, take_in
from dsar_export.use_cases.verify import verified_request
from tests.requests.installations import founded_installation
from tests.use_cases.offices import SPOKEN, START, Office, identifier, quick_services, register_in
from tests.worlds import NOON, PASSPHRASE, SUBJECT, World, export_package, open_package

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


def accepted(made: World) -> ExportResult:
    """Exports although something is undecided, even if nothing is held."""
    services, out = made.build(), made.out
    sam = [identifier(SUBJECT)]
    request = verified_request(Right.ACCESS, "acme", sam, Verification("tests", "synthetic", NOON), ())
    choices = ReportChoices("en")
    order = PackageOrder(out, PASSPHRASE, choices, nothing_held_confirmed=True, gaps_accepted=True)
    return export_package(services, request, order)


def gaps_of(made: World) -> list[tuple[str, str | None, str]]:
    return [(gap.source, gap.dataset, str(gap.reason)) for gap in accepted(made).gaps]


def test_an_undecided_table_and_column_are_gaps_and_in_no_member(tmp_path: Path) -> None:
    made = world(tmp_path, NICKNAME)
    assert gaps_of(made) == [TABLES, COLUMNS]
    package = open_package(next(made.out.glob("*.zip")))
    assert [record["text"] for record in package.json()] == ["mine"]
    assert not any(b"CANARY" in body for body in package.members.values())


@pytest.mark.parametrize(
    ("decided", "lacking"),
    [(NOTES, "'records'"), ("no such text", "'main'")],
    ids=["column", "table and column"],
)
def test_no_package_is_made_while_nobody_accepts_what_is_undecided(
    tmp_path: Path, decided: str, lacking: str
) -> None:
    made = world(tmp_path, NICKNAME)
    register = made.folder / "register.toml"
    noted = 'left_out = { notes = { reason = "not_personal", note = "n" }, customers'
    register.write_text(register.read_text("utf-8").replace(decided, noted), "utf-8")
    with pytest.raises(
        WrongUseError, match=f"nobody has decided yet on tables or columns of {lacking}, so the"
    ):
        made.export()
    assert not list(made.out.glob("*.zip"))


def test_a_dry_run_shows_what_is_undecided(tmp_path: Path) -> None:
    made = world(tmp_path, NICKNAME)
    sam = [identifier(SUBJECT)]
    request = verified_request(Right.ACCESS, "acme", sam, Verification("tests", "synthetic", NOON), ())
    shown = [(gap.source, gap.dataset, str(gap.reason)) for gap in count_only(made.build(), request).gaps]
    assert shown == [TABLES, COLUMNS]


def test_an_undecided_column_is_no_gap_of_somebody_without_a_row(tmp_path: Path) -> None:
    made = world(tmp_path, NICKNAME, rows=())
    result = accepted(made)
    assert [(g.source, g.dataset, str(g.reason)) for g in result.gaps] == [TABLES]
    assert [(g.source, g.dataset, str(g.reason)) for g in result.register_behind] == [COLUMNS]


def test_a_promise_is_not_answered_with_none_held_while_a_table_is_undecided(tmp_path: Path) -> None:
    made = world(tmp_path, {}, rows=())
    path = accepted(made).package
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
    path = accepted(world(tmp_path, TERMS)).package
    assert path is not None
    package = open_package(path)
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


@pytest.fixture
def waiting_office(tmp_path: Path) -> Office:
    """An office whose source `second` has an undecided table, and `extras` an undecided column."""
    folder = register_in(tmp_path / "register")
    World(folder).run("ALTER TABLE records ADD COLUMN nickname TEXT")
    left_out = '\nleft_out = {{ nickname = {{ reason = "{}" }} }}\npurposes = {{'
    for name, reason in (("records", 'not_personal", note = "n'), ("extras", "undecided")):
        file = folder / "datasets" / f"{name}.toml"
        file.write_text(file.read_text("utf-8").replace("\npurposes = {", left_out.format(reason)), "utf-8")
    file = folder / "register.toml"
    before, after = file.read_text("utf-8").split("[sources.second]")
    file.write_text(f"{before}[sources.second]{after.replace('left_out = { customers', NOTES)}", "utf-8")
    made = founded_installation(
        f"sqlite:///{tmp_path / 'trail' / 'requests.db'}", tmp_path / "trail" / "keys.json"
    )
    return Office(made, quick_services(folder), tmp_path / "state", tmp_path / "trail" / "anchor.json")


def test_an_approval_waits_until_a_reviewer_accepts_what_is_undecided(waiting_office: Office) -> None:
    office, register = waiting_office, waiting_office.services.register
    reference = office.verified()
    office.collect("ada", reference)
    assert review(office.desk("ray"), register, reference).blockers == (
        Blocker("second", ("extras",), accepted=False, undecided=True),
    )
    with pytest.raises(WrongUseError, match="nobody has decided on tables or columns of second"):
        decide.approve(office.desk("ray"), register, reference)
    decide.accept_gap(office.desk("ray"), register, reference, "second", SPOKEN)
    decide.approve(office.desk("kim"), register, reference)
    with office.built("ada", reference):
        pass
    assert len(office.published(reference)) == 1
    file = request_file(office.desk("ray"), reference, register)
    assert [source for source, _ in file.accepted_gaps] == ["second"]
