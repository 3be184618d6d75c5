"""A source that failed is collected again alone, under the identifiers found first; the others are carried over."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import pytest

from dsar_export.errors import SourceUnreadableError, StaleError
from dsar_export.export.draft import DraftRecord
from dsar_export.export.ledger import Ledger
from dsar_export.model.source import SourceDescription
from dsar_export.requests import trail
from dsar_export.requests.database import reading
from dsar_export.requests.states import State
from dsar_export.use_cases import collect, collect_again, decide
from dsar_export.use_cases.build import OpenDraft
from dsar_export.use_cases.desk import draft_of
from dsar_export.use_cases.review import review
from tests.drafts import Drafting
from tests.requests.installations import founded_installation
from tests.use_cases.flaky import Flaky
from tests.use_cases.office_checks import stored
from tests.use_cases.offices import SAM, SPOKEN, CallingProgress, Office, quick_services, register_in
from tests.worlds import World, hostile_cells, open_package

LINK = """
[[links]]
given = "email"
leads_to = "customer_id"
source = "second"
table = "customers"
given_column = "email"
leads_to_column = "id"
match = "casefold"
"""
BOTH = {"records", "extras", "data_requests"}
CARRIED = ("main", "dsar-export")


@dataclass
class Refusing:
    """A collector of a source that nobody may open."""

    name: str

    def describe(self) -> SourceDescription:
        self._refuse()

    def snapshot(self) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise AssertionError(f"{self.name} was opened")


@dataclass
class Retrying:
    """An office of its own whose sources fail as a test says; `second` has a database of its own."""

    office: Office
    register: World

    def failing(self, *names: str, place: str = "snapshot") -> None:
        """These sources can't be read from now on, and all others can."""
        honest = self.office.services.collectors
        self.office.collectors = {
            name: Flaky(honest[name], place, 10**9, SourceUnreadableError) for name in names
        }

    def refusing(self, *names: str) -> None:
        """All sources answer, but a test fails if one of these is opened."""
        self.office.collectors = {name: Refusing(name) for name in names}

    def without(self, *names: str) -> str:
        """A request whose Draft lacks these sources."""
        reference = self.office.verified()
        self.failing(*names)
        self.office.collect("ada", reference)
        self.failing()
        return reference

    def draft(self, reference: str) -> OpenDraft:
        return draft_of(self.office.desk("ada"), stored(self.office, reference))

    def ledger(self, reference: str) -> Ledger:
        return self.draft(reference).ledger

    def records(self, reference: str, dataset: str) -> list[DraftRecord]:
        return list(self.draft(reference).page(dataset, 0, 99))

    def rewrite(self, old: str, new: str) -> None:
        """Changes the text of the register, which services read anew."""
        self._rewrite("register.toml", old, new)

    def rewrite_dataset(self, name: str, old: str, new: str) -> None:
        """Changes the text of a dataset's file."""
        self._rewrite(f"datasets/{name}.toml", old, new)

    def _rewrite(self, name: str, old: str, new: str) -> None:
        file = self.register.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        self.office.services = quick_services(self.register.folder)

    def run_second(self, statement: str) -> None:
        Second(self.register.folder).run(statement)


@dataclass
class Second(World):
    """The database of the source `second`."""

    @property
    def database(self) -> Path:
        return self.folder / "second.db"


@pytest.fixture
def retrying(tmp_path: Path) -> Iterator[Retrying]:
    folder = register_in(tmp_path / "register")
    (folder / "second.db").write_bytes((folder / "main.db").read_bytes())
    file, url = folder / "register.toml", 'url = "sqlite:///main.db"'
    before, _, after = file.read_text(encoding="utf-8").rpartition(url)
    file.write_text(f"{before}{url.replace('main', 'second')}{after}", encoding="utf-8")
    made = founded_installation(
        f"sqlite:///{tmp_path / 'trail' / 'requests.db'}", tmp_path / "trail" / "keys.json"
    )
    office = Office(made, quick_services(folder), tmp_path / "state", tmp_path / "trail" / "anchor.json")
    yield Retrying(office, World(folder))
    made.engine.dispose()


def test_only_the_source_that_failed_is_opened_again(retrying: Retrying) -> None:
    reference = retrying.without("second")
    before = retrying.ledger(reference)
    retrying.refusing("main")
    retrying.office.collect("ada", reference)
    after = retrying.ledger(reference)
    assert (set(before.datasets), set(after.datasets)) == ({"records", "data_requests"}, BOTH)
    assert after.carried == CARRIED
    assert [moment.source for moment in after.moments] == ["main", "second", "dsar-export"]
    assert (after.moments[0], after.moments[2]) == before.moments
    assert after.moments[1].opened > before.moments[0].opened
    assert after.identity == before.identity
    assert {name.split("/")[1] for name in retrying.office.drafts.names("")} == {"2"}


def test_a_carried_record_keeps_its_hash_and_what_changed_meanwhile_is_not_in_it(retrying: Retrying) -> None:
    reference = retrying.without("second")
    before = retrying.records(reference, "records")
    for database in (retrying.register, Second(retrying.register.folder)):
        database.run("UPDATE records SET text = 'changed'")
    retrying.office.collect("ada", reference)
    assert retrying.records(reference, "records") == before
    assert [r.record["text"] for r in before] == [SAM, f"{SAM} again"]
    assert {r.record["text"] for r in retrying.records(reference, "extras")} == {"changed"}


def test_the_trail_counts_the_sources_that_were_carried_over(retrying: Retrying) -> None:
    reference = retrying.without("second")
    retrying.office.collect("ada", reference)
    with reading(retrying.office.installation.engine) as connection:
        submitted = [e.values for e in trail.entries(connection, reference) if e.values["action"] == "submit"]
    assert [str(values["details"]).partition("'carried': ")[2][:1] for values in submitted] == ["0", "2"]


def test_the_package_of_a_completed_draft_equals_the_one_made_at_once(tmp_path: Path) -> None:
    world = Drafting(tmp_path, quick_services(register_in(tmp_path / "register")))
    World(tmp_path / "register").insert("C-1", [{"whole": "many"}, *({"text": t} for t in hostile_cells())])
    services = world.services
    failing = Flaky(services.collectors["second"], "midway", 9, SourceUnreadableError)
    world.services = replace(services, collectors={**services.collectors, "second": failing})
    _, first = world.collect()
    world.services = replace(services, collectors={**services.collectors, "main": Refusing("main")})
    completed = world.complete(first)
    assert completed is not None
    world.services = services
    from_draft, at_once = open_package(world.build(world.open(completed[1]))), open_package(world.export())
    assert from_draft.json("extras")
    assert from_draft.kept_beside("records")
    assert from_draft.members["manifest-sha256.txt"] == at_once.members["manifest-sha256.txt"]
    assert from_draft.members == at_once.members


def test_a_link_through_the_failed_source_that_leads_to_a_new_identifier_collects_all_anew(
    retrying: Retrying,
) -> None:
    reference = retrying.without("main")
    assert not retrying.records(reference, "extras")
    retrying.office.collect("ada", reference)
    after = retrying.ledger(reference)
    assert after.carried == ()
    assert len(retrying.records(reference, "extras")) == len(retrying.records(reference, "records")) == 2


def test_a_link_that_leads_nowhere_new_leaves_the_others_unread(retrying: Retrying) -> None:
    retrying.rewrite("[[links]]", f"{LINK}\n[[links]]")
    reference = retrying.without("second")
    before = retrying.ledger(reference)
    assert "further identifiers" in str(before.gaps)
    retrying.failing("main", place="chunks")
    retrying.office.collect("ada", reference)
    after = retrying.ledger(reference)
    assert after.carried == CARRIED
    assert (after.moments[0], after.moments[2]) == before.moments
    retrying.failing()
    retrying.office.collect("ada", reference)
    at_once = retrying.ledger(reference)
    assert at_once.carried == ()
    assert (after.identity, after.gaps) == (at_once.identity, at_once.gaps)


def test_the_gaps_are_those_of_all_sources_read_at_once(retrying: Retrying) -> None:
    retrying.register.run("ALTER TABLE customers ADD COLUMN referrer TEXT DEFAULT 'x@example.org'")
    retrying.register.run("ALTER TABLE records ADD COLUMN unknown TEXT")
    retrying.run_second("ALTER TABLE records ADD COLUMN unknown TEXT")
    to_default = LINK.replace('"email"', '"customer_id"', 1).replace(
        '"customer_id"\nsource', '"email"\nsource'
    )
    to_default = to_default.replace('"second"', '"main"').replace(
        'given_column = "email"', 'given_column = "id"'
    )
    to_default = to_default.replace(
        'leads_to_column = "id"\nmatch = "casefold"', 'leads_to_column = "referrer"'
    )
    retrying.rewrite('[[links]]\ngiven = "email"', f'{to_default}\n[[links]]\ngiven = "email"')
    reference = retrying.without("second")
    retrying.refusing("main")
    retrying.office.collect("ada", reference)
    completed = retrying.ledger(reference)
    retrying.failing()
    retrying.office.collect("ada", reference, anew=True)
    assert len(completed.gaps) == 3
    assert completed.gaps == retrying.ledger(reference).gaps


def test_while_a_source_with_links_is_down_nothing_that_was_read_is_lost(retrying: Retrying) -> None:
    retrying.rewrite("[[links]]", f"{LINK}\n[[links]]")
    reference = retrying.without("second")
    retrying.failing("main")
    retrying.office.collect("ada", reference)
    after = retrying.ledger(reference)
    assert (set(after.datasets), after.carried) == ({"records", "data_requests"}, CARRIED)
    assert "further identifiers" in str(after.gaps)


def test_a_source_that_decides_that_an_identifier_is_nobodys_collects_all_anew(retrying: Retrying) -> None:
    retrying.run_second("ALTER TABLE records ADD COLUMN mail TEXT DEFAULT 'sam@example.org'")
    key = 'column = "customer_id"\nidentifier = "customer_id"'
    retrying.rewrite_dataset("extras", key, 'column = "mail"\nidentifier = "email"\nmatch = "casefold"')
    reference = retrying.without("second")
    assert retrying.records(reference, "records")
    retrying.office.collect("ada", reference)
    assert retrying.office.listed(reference).state is State.NOBODY_FOUND


SOMETIMES = """
[[subject_keys]]
column = "mail"
identifier = "email"
match = "casefold"
proves = false

[fields]"""
"""A key without proof, so that a row is the subject's only if no other key names somebody else."""


def test_rows_that_other_sources_help_to_judge_are_read_with_those_open(
    retrying: Retrying,
) -> None:
    retrying.run_second("ALTER TABLE records ADD COLUMN mail TEXT")
    retrying.rewrite_dataset("extras", "[fields]", SOMETIMES)
    reference = retrying.without("second")
    main = Flaky(retrying.office.services.collectors["main"], "chunks", 9, SourceUnreadableError)
    retrying.office.collectors = {"main": main}
    retrying.office.collect("ada", reference)
    after = retrying.ledger(reference)
    assert (main.opened, set(after.datasets), after.carried) == (1, BOTH, CARRIED)


def test_carried_rows_that_would_now_be_judged_otherwise_are_read_anew(retrying: Retrying) -> None:
    retrying.register.run("ALTER TABLE records ADD COLUMN mail TEXT")
    retrying.rewrite_dataset("records", "[fields]", SOMETIMES)
    retrying.run_second("CREATE UNIQUE INDEX one_each ON records (customer_id) WHERE 0")
    reference = retrying.without("second")
    retrying.office.collect("ada", reference)
    assert retrying.ledger(reference).carried == CARRIED
    reference = retrying.without("second")
    retrying.run_second("DELETE FROM records WHERE id > 1")
    retrying.run_second("DROP INDEX one_each")
    retrying.run_second("CREATE UNIQUE INDEX one_each ON records (customer_id)")
    retrying.office.collect("ada", reference)
    assert retrying.ledger(reference).carried == ()


def test_a_source_that_fails_again_stays_a_gap_and_its_acceptance_is_void(retrying: Retrying) -> None:
    register = retrying.office.services.register
    reference = retrying.without("second")
    first = retrying.ledger(reference)
    decide.accept_gap(retrying.office.desk("ray"), register, reference, "second", SPOKEN)
    retrying.failing("second", place="midway")
    retrying.office.collectors["main"] = Refusing("main")
    retrying.office.collect("ada", reference)
    after = retrying.ledger(reference)
    assert (after.attempt, set(after.datasets), after.carried) == (2, {"records", "data_requests"}, CARRIED)
    assert after.gaps == first.gaps
    (blocker,) = review(retrying.office.desk("ray"), register, reference).open_blockers
    assert blocker.source == "second"


def day_later(retrying: Retrying, _: pytest.MonkeyPatch) -> None:
    retrying.office.now = retrying.office.now.replace(day=retrying.office.now.day + 1)


def another_register(retrying: Retrying, _: pytest.MonkeyPatch) -> None:
    retrying.rewrite('version = "2026-11-01"', 'version = "2026-11-02"')


def another_program(_: Retrying, patch: pytest.MonkeyPatch) -> None:
    for module in (collect, collect_again):
        patch.setattr(module, "SOFTWARE", "dsar-export 99.0")


def damaged(part: str) -> Callable[[Retrying, pytest.MonkeyPatch], None]:
    def damage(retrying: Retrying, _: pytest.MonkeyPatch) -> None:
        (name,) = [name for name in retrying.office.drafts.names("") if name.endswith(part)]
        file = retrying.office.folder / "drafts" / name
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)

    return damage


ANEW = {
    "a later day": day_later,
    "another register": another_register,
    "another program": another_program,
    "a damaged ledger": damaged("/ledger"),
    "a damaged register": damaged("/register"),
    "a damaged part": damaged("/records"),
}


@pytest.mark.parametrize("change", ANEW.values(), ids=ANEW)
def test_what_a_draft_was_made_with_must_be_the_same(
    retrying: Retrying,
    change: Callable[[Retrying, pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reference = retrying.without("second")
    change(retrying, monkeypatch)
    retrying.register.run("UPDATE records SET text = 'changed'")
    retrying.office.collect("ada", reference)
    after = retrying.ledger(reference)
    assert (after.carried, set(after.datasets)) == ((), BOTH)
    assert {r.record["text"] for r in retrying.records(reference, "records")} == {"changed"}


def test_whoever_asks_for_it_collects_all_anew(retrying: Retrying) -> None:
    reference = retrying.without("second")
    retrying.office.collect("ada", reference, anew=True)
    assert retrying.ledger(reference).carried == ()


def test_a_draft_that_was_sent_back_is_collected_anew(retrying: Retrying) -> None:
    reference = retrying.without("second")
    decide.send_back(retrying.office.desk("ray"), reference, SPOKEN)
    retrying.office.collect("ada", reference)
    assert retrying.ledger(reference).carried == ()


def test_a_draft_that_lacks_nothing_is_collected_anew(retrying: Retrying) -> None:
    reference = retrying.without()
    retrying.office.collect("ada", reference)
    assert retrying.ledger(reference).carried == ()


def test_another_choice_or_identifier_collects_all_anew(tmp_path: Path) -> None:
    world = Drafting(tmp_path, World(tmp_path / "register").write([{"text": "one"}]).build())
    ledger, facts = world.collect()
    draft = world.open(facts)
    lacking = OpenDraft(draft.place, replace(ledger, moments=()))
    found = collect_again.earlier_draft(world.services, world.request, lacking)
    assert found is not None
    assert found.unread == {"main"}
    for other in ({"chosen": ("C-1",)}, {"identifiers": world.request.identifiers * 2}):
        asked = replace(world.request, **other)
        assert collect_again.earlier_draft(world.services, asked, lacking) is None


def test_a_request_that_is_cancelled_while_it_is_completed_leaves_no_part(retrying: Retrying) -> None:
    reference = retrying.without("second")
    cancel = CallingProgress(lambda: decide.cancel(retrying.office.desk("abe"), reference))
    with pytest.raises(StaleError):
        retrying.office.collect("ada", reference, cancel)
    assert retrying.office.listed(reference).state is State.CANCELLED
    assert retrying.office.files() == {}


def test_undecided_tables_stay_gaps_of_every_source_when_a_draft_is_completed(retrying: Retrying) -> None:
    undecided = 'left_out = { notes = { reason = "undecided" }, customers'
    retrying.rewrite("left_out = { customers", undecided)
    archive = 'kind = "sql_database"\nurl = "sqlite:///no.db"\ncontrollers = ["acme"]'
    papers = f'[sources.archive]\n{archive}\nleft_out = {{ papers = {{ reason = "undecided" }} }}\n'
    retrying.rewrite("[controllers.acme.approval]", f"{papers}\n[controllers.acme.approval]")
    reference = retrying.without("second")
    before = gaps_of_sources(retrying.ledger(reference))
    retrying.refusing("main")
    retrying.office.collect("ada", reference)
    assert before == gaps_of_sources(retrying.ledger(reference)) == ["main", "second", "archive"]


def gaps_of_sources(ledger: Ledger) -> list[str]:
    """The sources with a gap that no dataset of theirs has."""
    return [gap.source for gap in ledger.gaps if gap.dataset is None]
