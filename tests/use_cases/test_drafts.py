"""What is collected into a Draft is what is sent, and nothing else opens as it."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from dsar_export.demo import write_organisation
from dsar_export.errors import DraftUnreadableError, SourceUnreadableError
from dsar_export.model.request import Right
from dsar_export.sealing.drafts.keys import new_draft_key
from dsar_export.wiring import build_services
from tests.drafts import Drafting
from tests.worlds import SilentProgress, World, hostile_cells, open_package

DEMO_PERSON = "email=alex.fielding@example.org"
MARKER = "Sam wrote this marker"


def drafting(folder: Path, rows: Sequence[Mapping[str, object]], basis: str = "A6-1-b") -> Drafting:
    world = World(folder / "register")
    world.dataset_text = world.dataset_text.replace("A6-1-b", basis)
    return Drafting(folder, world.write(rows).build())


def members(package: Path) -> Mapping[str, bytes]:
    return open_package(package).members


@pytest.mark.parametrize("right", Right)
def test_a_package_from_a_draft_equals_the_one_made_at_once(tmp_path: Path, right: Right) -> None:
    write_organisation(tmp_path / "register", events=1200)
    demo = Drafting(tmp_path, build_services(tmp_path / "register", SilentProgress()), DEMO_PERSON)
    _, ledger = demo.collect()
    shutil.rmtree(tmp_path / "register" / "translations")  # the Draft has its own register
    (tmp_path / "register" / "group.db").rename(tmp_path / "gone.db")
    from_draft = members(demo.build(demo.open(ledger), right))
    write_organisation(tmp_path / "register", events=1200)
    at_once = members(demo.export(right))
    assert from_draft == at_once
    assert "manifest-sha256.txt" in at_once


def test_what_is_collected_does_not_depend_on_the_right(tmp_path: Path) -> None:
    """One Draft serves both rights, even where one of them covers nothing."""
    world = drafting(tmp_path, [{"text": "first"}, {"text": "second"}, {"whole": "many"}], basis="A6-1-c")
    collected = []
    for attempt, right in enumerate(Right, start=1):
        world.request = world.asking(right)
        ledger, facts = world.collect(attempt)
        tallies = {name: entry.tally for name, entry in ledger.datasets.items()}
        blocks = list(world.open(facts).part("records").blocks())
        collected.append((tallies, blocks, ledger.identity, ledger.gaps))
    assert collected[0] == collected[1]
    assert collected[0][0]["records"].read == 3


def test_rows_that_do_not_fit_and_odd_numbers_come_back_as_they_were(tmp_path: Path) -> None:
    odd: Sequence[Mapping[str, object]] = [
        {"whole": "many"},
        {"raw": "no bytes"},
        {"at": "2024-10-27 01:30:00"},
        {"details": '{"price": 2.50, "tiny": 1e-7, "whole": 3, "float": 2.5}', "number": 1e-05},
        {"details": '{"password": "hidden"}', "text": "kept back"},
        {"details": "no JSON"},
    ]
    world = drafting(tmp_path, [*odd, *({"text": text, "number": 0.1} for text in hostile_cells())])
    _, ledger = world.collect()
    from_draft = members(world.build(world.open(ledger)))
    at_once = members(world.export())
    assert b'"price":2.50' in at_once["data/json/records.json"]
    assert "data/nonconforming/records.json" in at_once
    assert from_draft == at_once


def test_a_page_is_read_without_the_pages_before_it(tmp_path: Path) -> None:
    world = drafting(tmp_path, [{"text": f"row {n}"} for n in range(1, 701)])
    _, facts = world.collect()
    draft = world.open(facts)
    read = draft.page("records", 498, 4)
    assert [r.record["text"] for r in read] == ["row 499", "row 500", "row 501", "row 502"]
    assert len({r.source_key for r in read}) == 4
    assert draft.page("records", 700, 10) == []


def test_a_record_keeps_its_key_and_hash_while_it_says_the_same(tmp_path: Path) -> None:
    rows = [{"text": "first"}, {"text": "second"}]
    world = drafting(tmp_path, rows)
    before = world.open(world.collect()[1]).page("records", 0, 2)
    World(tmp_path / "register").run("UPDATE records SET text = 'changed' WHERE id = 2")
    after = world.open(world.collect(attempt=2)[1]).page("records", 0, 2)
    assert before[0] == after[0]
    assert before[1].source_key == after[1].source_key
    assert before[1].content_hash != after[1].content_hash


def test_nobody_can_test_a_guess_of_a_record_without_the_key(tmp_path: Path) -> None:
    world = drafting(tmp_path, [{"text": "first"}])
    before = world.open(world.collect()[1]).page("records", 0, 1)
    world.key = new_draft_key()
    after = world.open(world.collect(attempt=2)[1]).page("records", 0, 1)
    assert before[0].content_hash != after[0].content_hash


def test_only_ciphertext_is_on_the_disk(tmp_path: Path) -> None:
    world = drafting(tmp_path, [{"text": MARKER, "whole": "many"}, {"text": MARKER}])
    world.collect()
    stored = [f for f in (tmp_path / "drafts").rglob("*") if f.is_file()]
    assert len(stored) == 3
    for file in stored:
        content = file.read_bytes()
        assert MARKER.encode() not in content
        assert b"sam@example.org" not in content.lower()
        assert file.stat().st_mode & 0o077 == 0


def test_a_failed_attempt_leaves_nothing(tmp_path: Path) -> None:
    world = drafting(tmp_path, [{"text": "first"}])
    (tmp_path / "register" / "main.db").write_bytes(b"no database at all")
    with pytest.raises(SourceUnreadableError):
        world.collect()
    assert [f for f in tmp_path.rglob("drafts/**/*") if f.is_file()] == []


def test_swapped_parts_are_refused(tmp_path: Path) -> None:
    write_organisation(tmp_path / "register", events=20)
    demo = Drafting(tmp_path, build_services(tmp_path / "register", SilentProgress()), DEMO_PERSON)
    ledger, facts = demo.collect()
    one, other = (tmp_path / "drafts" / ledger.datasets[name].part.name for name in ("orders", "payments"))
    _swap(one, other)
    with pytest.raises(DraftUnreadableError, match="is not the part"):
        demo.build(demo.open(facts))
    with pytest.raises(DraftUnreadableError, match="is not the part"):
        demo.open(facts).page("orders", 0, 1)
    assert not list(tmp_path.rglob("*.zip"))


def test_a_part_of_another_attempt_is_refused(tmp_path: Path) -> None:
    world = drafting(tmp_path, [{"text": "first"}])
    _, first = world.collect()
    ledger, second = world.collect(attempt=2)
    part = ledger.datasets["records"].part.name
    _swap(tmp_path / "drafts" / part, tmp_path / "drafts" / part.replace("/2/", "/1/"))
    for facts in (first, second):
        with pytest.raises(DraftUnreadableError, match="is not the part"):
            world.build(world.open(facts))


def test_an_old_ledger_put_back_is_refused(tmp_path: Path) -> None:
    world = drafting(tmp_path, [{"text": "first"}])
    _, first = world.collect()
    _, second = world.collect(attempt=2)
    store = tmp_path / "drafts"
    shutil.copy(store / first.name, store / second.name)
    with pytest.raises(DraftUnreadableError, match="is not the part"):
        world.open(second)


def test_a_changed_byte_is_refused(tmp_path: Path) -> None:
    world = drafting(tmp_path, [{"text": f"row {n}"} for n in range(600)])
    ledger, facts = world.collect()
    part = tmp_path / "drafts" / ledger.datasets["records"].part.name
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    with pytest.raises(DraftUnreadableError, match="is not the part"):
        world.build(world.open(facts))


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    world = drafting(tmp_path, [{"text": "first"}])
    _, facts = world.collect()
    world.key = new_draft_key()
    with pytest.raises(DraftUnreadableError):
        world.open(facts)


def test_a_ledger_of_another_request_is_refused(tmp_path: Path) -> None:
    world = drafting(tmp_path, [{"text": "first"}])
    _, facts = world.collect()
    world.request = world.asking(Right.ACCESS)
    object.__setattr__(world.request, "reference", "DSAR-20261122-ANOTHERR")
    with pytest.raises(DraftUnreadableError, match="another request"):
        world.open(facts)


def _swap(one: Path, other: Path) -> None:
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
