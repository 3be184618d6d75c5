"""A process that answers many people: what it keeps, what it notices, and that nothing of a person stays."""

import gc
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from dsar_export.errors import RegisterError
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Right, Verification
from dsar_export.use_cases.export_once import exported_package
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_services
from dsar_export.wiring.kept import KeptServices, register_version
from tests.reachable import texts_behind
from tests.worlds import NOON, PASSPHRASE, STRANGER, SUBJECT, SilentProgress, World, open_package

_SALT_BYTES: Final = 16
_MARKER: Final = "marker-of-sam-4711"
_GERMAN: Final = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "{}"\nmsgstr "{}"\n'
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    rows = [{"text": _MARKER, "whole": 1, "number": 2.5, "at": "2026-11-01T10:00:00Z"}]
    return World(tmp_path / "register").write(rows, [{"text": "of another", "whole": 7, "number": 8.5}])


@pytest.fixture
def kept(world: World) -> Iterator[KeptServices]:
    thresholds = gc.get_threshold()
    yield KeptServices(world.folder, SilentProgress())
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def answered(world: World, services: Services, who: str) -> Path:
    """The package of a person, without its report."""
    documents = [r for r in services.renderers.documents if type(r).__name__ != "ReportPdf"]
    return package_of(
        world, replace(services, renderers=replace(services.renderers, documents=documents)), who
    )


def package_of(world: World, services: Services, who: str, language: str = "en") -> Path:
    identifier = Identifier(*who.split("=", 1))
    request = verified_request(Right.ACCESS, "acme", [identifier], Verification("tests", "invented", NOON))
    order = PackageOrder(world.out, PASSPHRASE, ReportChoices(language))
    with exported_package(services, request, order) as result:
        assert result.package is not None
        return result.package


def payload(package: Path) -> dict[str, bytes]:
    members = open_package(package).members
    return {name: content for name, content in members.items() if name.startswith("data/")}


def german_report(world: World, services: Services) -> str:
    report = open_package(package_of(world, services, SUBJECT, "de")).members["report.pdf"]
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(report)).pages)


def behind(world: World, services: Services) -> object:
    """What the register does not mention."""
    world.services = services
    try:
        result = world.export()
        return [gap.reason for gap in (*result.gaps, *result.register_behind)]
    finally:
        world.services = None


def edited(world: World, file: str, old: str, new: str) -> None:
    path = world.folder / file
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf-8")


def another_mapping(world: World) -> None:
    edited(world, "datasets/records.toml", 'number = { column = "number" }', 'number = { column = "whole" }')


def another_purpose(world: World) -> None:
    edited(world, "register.toml", "To serve you.", "To serve you well.")


def another_schema(world: World) -> None:
    edited(world, "schemas/records.schema.json", "Its content.", "What it has.")


def translate(world: World) -> None:
    (world.folder / "translations").mkdir(exist_ok=True)
    text = _GERMAN.format("To serve you.", "Um Ihnen zu dienen.")
    (world.folder / "translations" / "de.po").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("change", [another_mapping, another_purpose, another_schema])
def test_a_changed_file_of_the_register_is_noticed_before_the_next_person(
    change: Callable[[World], None], world: World, kept: KeptServices
) -> None:
    before = payload(answered(world, kept.current(), STRANGER))
    change(world)
    after = payload(answered(world, kept.current(), STRANGER))
    assert after != before
    assert after == payload(answered(world, build_services(world.folder, SilentProgress()), STRANGER))


def test_a_changed_translation_is_noticed_before_the_next_person(world: World, kept: KeptServices) -> None:
    assert "Um Ihnen zu dienen." not in german_report(world, kept.current())
    translate(world)
    assert "Um Ihnen zu dienen." in german_report(world, kept.current())


def test_a_file_with_the_same_size_and_time_is_noticed_too(world: World) -> None:
    file, before = world.folder / "register.toml", register_version(world.folder)
    status = file.stat()
    edited(world, "register.toml", "To serve you.", "To serve all.")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_size == status.st_size
    assert register_version(world.folder) != before


def test_services_stay_while_nothing_changes(world: World, kept: KeptServices) -> None:
    first = kept.current()
    answered(world, first, SUBJECT)
    assert kept.current() is first


def test_a_register_that_became_wrong_answers_nobody_until_it_is_right(
    world: World, kept: KeptServices
) -> None:
    answered(world, kept.current(), SUBJECT)
    edited(world, "register.toml", 'subject = "customer_id"', 'subject = "customer"')
    with pytest.raises(RegisterError, match="subject"):
        answered(world, kept.current(), SUBJECT)
    edited(world, "register.toml", 'subject = "customer"', "subject = ")
    with pytest.raises(RegisterError, match="not TOML"):
        kept.current()
    with pytest.raises(RegisterError, match="not TOML"):
        kept.current()
    edited(world, "register.toml", "subject = ", 'subject = "customer_id"')
    answered(world, kept.current(), SUBJECT)


def test_a_new_column_is_noticed(world: World, kept: KeptServices) -> None:
    assert behind(world, kept.current()) == []
    world.run("ALTER TABLE records ADD COLUMN mood TEXT")
    noticed = behind(world, kept.current())
    assert noticed
    assert noticed == behind(world, build_services(world.folder, SilentProgress()))


def test_a_dropped_column_is_noticed_before_a_row_is_read(world: World, kept: KeptServices) -> None:
    answered(world, kept.current(), SUBJECT)
    world.run("ALTER TABLE records DROP COLUMN number")
    with pytest.raises(RegisterError, match=r"no such column: records\.number") as noticed:
        answered(world, kept.current(), SUBJECT)
    with pytest.raises(RegisterError) as fresh:
        answered(world, build_services(world.folder, SilentProgress()), SUBJECT)
    assert str(noticed.value) == str(fresh.value)


def test_another_file_in_place_of_the_database_is_noticed(world: World, kept: KeptServices) -> None:
    answered(world, kept.current(), SUBJECT)
    numbers = [_schema_version(world)]
    world.write([{"text": "written anew"}])
    world.run("ALTER TABLE records RENAME COLUMN number TO numbered")
    world.run(f"PRAGMA schema_version = {numbers[0]}")
    assert _schema_version(world) == numbers[0]
    with pytest.raises(RegisterError, match=r"no such column: records\.number"):
        answered(world, kept.current(), SUBJECT)


def test_what_is_kept_changes_no_byte_of_the_payload(world: World, kept: KeptServices) -> None:
    for who in (SUBJECT, STRANGER, SUBJECT, "customer_id=C-2", "email=SAM@example.org"):
        fresh = build_services(world.folder, SilentProgress())
        assert payload(answered(world, kept.current(), who)) == payload(answered(world, fresh, who))


def test_a_storage_period_that_ends_at_midnight_is_noticed(world: World, kept: KeptServices) -> None:
    starts = 'storage_period = "short"\nstorage_starts = "at"'
    edited(world, "datasets/records.toml", 'storage_period = "short"', starts)

    def past_period(services: Services, days: int) -> object:
        later = replace(services, clock=lambda: NOON + timedelta(days=days))
        found = json.loads(open_package(answered(world, later, SUBJECT)).members["datapackage.json"])
        return found["dsar"]["outcomes"]

    for days in (0, 344, 345, 346, 0):
        fresh = build_services(world.folder, SilentProgress())
        assert past_period(kept.current(), days) == past_period(fresh, days)
    services = kept.current()
    assert past_period(services, 0) != past_period(services, 346)


def test_nothing_of_a_person_is_kept(world: World, kept: KeptServices) -> None:
    for who in (SUBJECT, f"customer_id=C-{_MARKER}", STRANGER):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("dsar_export.use_cases.export_once.refuse_nobody", lambda _: None)
            request = verified_request(
                Right.ACCESS,
                "acme",
                [Identifier(*who.split("=", 1))],
                Verification("tests", "invented", NOON),
            )
            order = PackageOrder(world.out, PASSPHRASE, ReportChoices("en"), nothing_held_confirmed=True)
            with exported_package(kept.current(), request, order):
                pass
    del request, order, who
    found = [text for text in texts_behind(kept) if _MARKER in text or "sam@example.org" in text.lower()]
    assert found == []
    assert "To serve you." in texts_behind(kept)


def test_no_salt_is_used_twice(world: World, kept: KeptServices) -> None:
    packages = [answered(world, kept.current(), who) for who in (SUBJECT, SUBJECT, STRANGER)]
    salts = [salt for package in packages for salt in _salts(package)]
    assert len(salts) > 15
    assert len(set(salts)) == len(salts)


def _schema_version(world: World) -> int:
    with closing(sqlite3.connect(world.database)) as database:
        return int(database.execute("PRAGMA schema_version").fetchone()[0])


def _salts(package: Path) -> list[bytes]:
    """The first bytes of each encrypted member, behind its local header."""
    content, found = package.read_bytes(), []
    with ZipFile(package) as archive:
        for info in archive.infolist():
            if info.flag_bits & 1:
                header = content[info.header_offset : info.header_offset + 30]
                lengths = [int.from_bytes(header[at : at + 2], "little") for at in (26, 28)]
                start = info.header_offset + 30 + sum(lengths)
                found.append(content[start : start + _SALT_BYTES])
    return found
