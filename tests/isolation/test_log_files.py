"""From a folder of logs, a person gets all of their own lines and no others, and every file that fails shows."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsar_export.register_check import check_register
from tests.worlds import OpenPackage, World

DATASETS: Final = {
    "visits": """
name = "visits"
description = "Pages that you opened."
origin = "observed"
source = "logs"
files = "app.log*"
format = "ndjson"
purposes = { service = "A6-1-b" }
recipients = []
storage_period = "short"
subject_keys = [{ column = "user.id", identifier = "customer_id" }]

[fields]
page = { column = "page", type = "string", title = "Page", nullable = false }
count = { column = "count", type = "integer", title = "Count", nullable = true }
""",
    "usage": """
name = "usage"
description = "How your tablet was used."
origin = "observed"
source = "logs"
files = "tablet.log"
format = "ndjson"
valid_at = ["at"]
purposes = { service = "A6-1-b" }
recipients = []
storage_period = "short"
subject_keys = [{ column = "device", identifier = "device" }]
left_out = { device = { reason = "not_personal", note = "key only" } }

[fields]
at = { column = "at", type = "date-time", title = "When", nullable = false }
""",
}
SOURCE: Final = """
[sources.logs]
kind = "log_files"
url = "logs"
controllers = ["acme"]
left_out = { "lent.log" = { reason = "not_personal", note = "keys only" } }

[[links]]
given = "customer_id"
leads_to = "device"
source = "logs"
files = "lent.log"
format = "ndjson"
optional = ["until"]
given_column = "customer"
leads_to_column = "device"
valid = { since = "since", until = "until" }

[sources.main]"""
CANARY: Final = "CANARY-of-somebody-else"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The small world with a folder of logs: visits by customer number, and the use of a tablet that was passed on."""
    made = World(tmp_path / "register")
    made.register_text = made.register_text.replace(
        'datasets = ["records"]', 'datasets = ["records", "visits", "usage"]'
    ).replace("\n[sources.main]", SOURCE, 1)
    made.write([{"text": "one"}])
    for name, text in DATASETS.items():
        (made.folder / "datasets" / f"{name}.toml").write_text(text, encoding="utf-8")
    (made.folder / "logs").mkdir()
    log(made, "app.log", [visit("C-1", "/a"), visit("C-2", CANARY)])
    lent = [
        {
            "customer": "C-1",
            "device": "D-1",
            "since": "2026-01-01T00:00:00Z",
            "until": "2026-02-01T00:00:00Z",
        },
        {"customer": "C-2", "device": "D-1", "since": "2026-02-01T00:00:00Z"},
    ]
    log(made, "lent.log", lent)
    log(made, "tablet.log", [{"device": "D-1", "at": f"2026-0{month}-15T12:00:00Z"} for month in (1, 2, 3)])
    return made


def visit(owner: str, page: str, count: object = 1) -> Mapping[str, object]:
    return {"user": {"id": owner}, "page": page, "count": count}


def log(world: World, name: str, lines: Sequence[Mapping[str, object]]) -> None:
    (world.folder / "logs" / name).write_text(
        "".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8"
    )


def gaps(package: OpenPackage) -> list[str]:
    manifest = json.loads(package.members["datapackage.json"])
    return [gap["reason"] for gap in manifest["dsar"]["gaps"]]


def test_a_register_with_logs_passes_its_check(world: World) -> None:
    services = world.build()
    found = check_register(services.register, services.collectors, {})
    assert [str(each) for each in found if not each.warning] == []


def test_a_package_says_how_many_lines_were_searched(world: World) -> None:
    package = world.package()
    assert package.json("visits") == [{"page": "/a", "count": 1}]
    assert package.outcome("visits")["lines_searched"] == 2
    assert "lines_searched" not in package.outcome()


def test_the_lines_of_a_device_are_the_persons_only_for_the_time_that_a_link_says(world: World) -> None:
    assert [row["at"] for row in world.package().json("usage")] == ["2026-01-15T12:00:00Z"]


def test_a_line_that_does_not_fit_is_kept_beside(world: World) -> None:
    log(world, "app.log", [visit("C-1", "/a"), visit("C-1", "/b", "many")])
    package = world.package()
    assert [row["page"] for row in package.json("visits")] == ["/a"]
    (beside,) = package.kept_beside("visits")
    assert "many" in json.dumps(beside)


def test_a_file_that_fails_is_a_gap_and_the_rest_is_exported(world: World) -> None:
    whole = gzip.compress(json.dumps(visit("C-1", "/old")).encode() + b"\n")
    (world.folder / "logs" / "app.log.2.gz").write_bytes(whole[:-4])
    (world.folder / "logs" / "app.log.1").symlink_to(world.folder / "register.toml")
    package = world.package()
    assert [row["page"] for row in package.json("visits")] == ["/old", "/a"]
    assert len(gaps(package)) == 2
    assert "file 1 of 'app.log*' is damaged" in gaps(package)[0]
    assert "file 2 of 'app.log*' is a link" in gaps(package)[1]


def test_a_line_without_an_owner_is_a_count_and_never_content(world: World) -> None:
    with (world.folder / "logs" / "app.log").open("a", encoding="utf-8") as file:
        file.write(f'{{"page": "C-1 {CANARY}"}}\n{{"user": {{"id": "C-1", "page": "{CANARY}\n')
    package = world.package()
    assert gaps(package) == [
        "lines of files that name the person but do not show whose they are: 2; not copied"
    ]
    assert not any(CANARY.encode() in content for content in package.members.values())


OWNERS = st.sampled_from(["C-1", "C-2", "c-1", "C-1 ", "C-11", "C-", "", None, 1, ["C-1"], {"id": "C-1"}])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(OWNERS, st.sampled_from([1, None, "x"]), st.sampled_from(["plain", "escaped", "cut"])),
        max_size=20,
    )
)
def test_every_line_of_the_subject_is_written_or_kept_beside_and_no_other(
    world: World, lines: list[tuple[object, object, str]]
) -> None:
    mine, text = 0, ""
    for owner, count, how in lines:
        page = "/mine" if owner == "C-1" else f"{CANARY} C-1"
        line = json.dumps({"user": {"id": owner}, "page": page, "count": count})
        line = line.replace("C-1", "\\u0043-\\u0031") if how == "escaped" else line
        text += (line[:-1] if how == "cut" else line) + "\n"
        mine += owner == "C-1" and how != "cut"
    (world.folder / "logs" / "app.log").write_text(text, encoding="utf-8")
    package = world.package()
    outcome = package.outcome("visits")
    assert (outcome["read"], outcome["lines_searched"]) == (mine, len(lines))
    assert len(package.json("visits")) + len(package.kept_beside("visits")) == mine
    assert not any(CANARY.encode() in content for content in package.members.values())
