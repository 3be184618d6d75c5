"""`dsar-export check`: a register against its live sources, with everything that can be wrong in it."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.commands import dsar, in_this_process
from tests.cli.conftest import Demo
from tests.worlds import World


@dataclass(frozen=True)
class Fault:
    """A fault that arose after the register was written, and the parts of the expected finding."""

    parts: tuple[str, ...]
    register: tuple[str, str] = ("", "")
    dataset: tuple[str, str] = ("", "")
    statement: str = ""

    def world(self, folder: Path) -> World:
        made = World(folder)
        for text, (before, _) in (
            (made.register_text, self.register),
            (made.dataset_text, self.dataset),
        ):
            assert before in text, before
        made.register_text = made.register_text.replace(*self.register, 1)
        made.dataset_text = made.dataset_text.replace(*self.dataset, 1)
        made.write([{"text": "mine"}])
        for statement in filter(None, self.statement.split(";")):
            made.run(statement)
        return made


LINK = 'table = "customers"\ngiven_column = "email"'
FAULTS = {
    "unknown source": Fault(
        ("records.toml", "source", "'mian'", "main"), dataset=('source = "main"', 'source = "mian"')
    ),
    "unknown table": Fault(
        ("records.toml", "table", "'record'", "records"), dataset=('table = "records"', 'table = "record"')
    ),
    "unknown column": Fault(
        ("records.toml", "'txt'", "text"), dataset=('text = { column = "text" }', 'text = { column = "txt" }')
    ),
    "renamed column": Fault(
        ("records.toml", "'phone'"), statement="ALTER TABLE records RENAME COLUMN phone TO telephone"
    ),
    "unknown schema field": Fault(
        ("records.toml", "fields", "'fone'", "phone"), dataset=("phone = {", "fone = {")
    ),
    "field that the schema needs": Fault(
        ("records.toml", "'record_id'"), dataset=('record_id = { column = "id" }\n', "")
    ),
    "unknown purpose": Fault(
        ("records.toml", "purposes", "'servcie'", "service"), dataset=("{ service =", "{ servcie =")
    ),
    "unknown legal basis": Fault(
        ("records.toml", "purposes.service", "'A6-1-z'"), dataset=("A6-1-b", "A6-1-z")
    ),
    "unknown recipient": Fault(
        ("records.toml", "recipients", "'carrier'"),
        dataset=("recipients = []", 'recipients = ["carrier"]'),
    ),
    "unknown storage period": Fault(
        ("records.toml", "storage_period", "'shrt'", "short"), dataset=('"short"', '"shrt"')
    ),
    "unknown controller": Fault(
        ("register.toml", "sources.main.controllers", "'acmee'", "acme"),
        register=('controllers = ["acme"]', 'controllers = ["acmee"]'),
    ),
    "unknown time zone": Fault(
        ("records.toml", "fields.at.zone", "'Europe/Londno'", "Europe/London"),
        dataset=("Europe/London", "Europe/Londno"),
    ),
    "promise without a dataset": Fault(
        ("register.toml", "promises.0"), register=('text = "Your records"\ndatasets = ["records"]', 'text = "x"')
    ),
    "link over an unknown table": Fault(
        ("register.toml", "links.0.table", "'custmers'", "customers"),
        register=(LINK, LINK.replace("customers", "custmers")),
    ),
    "link over an unknown column": Fault(
        ("register.toml", "links.0.given_column", "'mail'", "email"),
        register=(LINK, LINK.replace('"email"', '"mail"')),
    ),
    "table that nobody decided on": Fault(
        ("register.toml", "sources.main.left_out", "table 'notes'"), statement="CREATE TABLE notes (a)"
    ),
    "view that nobody decided on": Fault(
        ("register.toml", "sources.main.left_out", "view 'notes'"),
        statement="CREATE VIEW notes AS SELECT text FROM records",
    ),
    "column that nobody decided on": Fault(
        ("records.toml", "records.nickname"), statement="ALTER TABLE records ADD COLUMN nickname"
    ),
    "left out table that is not there": Fault(
        ("register.toml", "sources.main.left_out", "'customers'"), statement="DROP TABLE customers"
    ),
    "table both read and left out": Fault(
        ("register.toml", "'records'", "left out"),
        register=("left_out = { customers", 'left_out = { records = { reason = "withheld", note = "x" }, customers'),
    ),
    "order without an index": Fault(
        ("records.toml", "order_by", "index"), statement="DROP INDEX records_order; UPDATE records SET id = 20000"
    ),
    "order that is not unique": Fault(
        ("records.toml", "order_by", "unique"), dataset=('order_by = ["id"]', 'order_by = ["day"]')
    ),
    "column that looks like a credential": Fault(
        ("records.toml", "fields.raw.column", "'session_token'"),
        dataset=('raw = { column = "raw" }', 'raw = { column = "session_token" }'),
        statement="ALTER TABLE records RENAME COLUMN raw TO session_token",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_problem_is_shown_with_its_file_and_key(
    fault: Fault, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = fault.world(tmp_path / "register")
    done = in_this_process(capsys, "check", world.folder)
    assert done.code == 1
    assert done.out == ""
    (line, *_) = [text for text in done.err.splitlines() if all(part in text for part in fault.parts)]
    assert line.startswith(f"dsar-export: {world.folder}")  # no warning, which begins with that word


def test_a_query_whose_key_is_not_unique_is_found_because_it_would_repeat_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path / "register")
    query = 'query = "SELECT * FROM records WHERE customer_id IN :customer_id"\nkey = "customer_id"\n'
    world.dataset_text = world.dataset_text.replace("order_by", f"{query}order_by", 1)
    world.write([{"text": "one"}, {"text": "two"}])
    done = in_this_process(capsys, "check", world.folder)
    assert done.code == 1
    assert "key" in done.err


def test_a_register_that_fits_its_sources_passes(demo: Demo) -> None:
    done = dsar("check", demo.register)
    assert done.code == 0
    assert "21 datasets" in done.out
    assert done.err == ""


def test_json_lists_the_findings_as_one_object(demo: Demo, tmp_path: Path) -> None:
    fits = dsar("check", demo.register, "--json")
    assert (fits.code, fits.json["findings"], fits.err) == (0, [], "")

    world = FAULTS["unknown column"].world(tmp_path / "register")
    done = dsar("check", world.folder, "--json")
    assert done.code == 1
    findings = done.json["findings"]
    assert isinstance(findings, list)
    for finding in findings:
        assert set(finding) == {"file", "key", "problem", "warning"}
        assert finding["file"] == str(world.folder / "datasets" / "records.toml")


def test_a_source_that_does_not_answer_is_no_finding_but_exit_code_3(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([])
    world.database.unlink()
    done = dsar("check", world.folder, "--json")
    assert done.code == 3
    assert done.out == ""
    assert "'main'" in done.err


@pytest.mark.parametrize(
    ("key", "wrong", "place"),
    [
        ("storage_period =", "storage_perid =", "storage_perid"),
        ("order_by =", "orderby =", "orderby"),
        ("zone =", "zome =", "fields.at.zome"),
        ("identifier =", "identifer =", "subject_keys.0.identifer"),
    ],
)
def test_a_wrong_key_is_shown_with_file_place_and_nearest_valid_name(
    key: str, wrong: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path / "register")
    assert key in world.dataset_text
    world.dataset_text = world.dataset_text.replace(key, wrong, 1)
    world.write([])
    done = in_this_process(capsys, "check", world.folder)
    assert done.code == 2
    (line,) = [text for text in done.err.splitlines() if f"{place}: unknown key" in text]
    assert str(world.folder / "datasets" / "records.toml") in line
    assert line.endswith(f"nearest valid name: {key.removesuffix(' =')}")


def test_a_wrong_key_in_register_toml_is_shown_with_its_place_and_nearest_valid_name(tmp_path: Path) -> None:
    world = World(tmp_path / "register")
    world.register_text = world.register_text.replace("given_column =", "givn_column =", 1)
    world.write([])
    done = dsar("check", world.folder)
    assert done.code == 2
    assert re.search(
        rf"{re.escape(str(world.folder / 'register.toml'))}:\d+: links.0.givn_column: unknown key", done.err
    )
    assert "nearest valid name: given_column" in done.err


@pytest.mark.parametrize("content", ["", "datasets = [", "version = 7", "\x00"])
def test_a_register_that_cannot_be_read_is_named_with_its_file(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "register.toml").write_text(content, encoding="utf-8")
    done = in_this_process(capsys, "check", tmp_path)
    assert done.code == 2
    assert str(tmp_path / "register.toml") in done.err


def test_a_folder_without_a_register_is_an_error(tmp_path: Path) -> None:
    done = dsar("check", tmp_path / "nowhere")
    assert done.code == 2
    assert str(tmp_path / "nowhere" / "register.toml") in done.err


def test_no_finding_shows_a_value_from_the_data(tmp_path: Path) -> None:
    world = FAULTS["unknown column"].world(tmp_path / "register")
    world.insert("C-1", [{"text": "MARKER-of-the-data", "details": "MARKER-of-the-data"}])
    done = dsar("check", world.folder)
    assert "MARKER" not in done.out + done.err


def test_recipients_that_nobody_decided_on_are_a_warning_and_no_failure(tmp_path: Path) -> None:
    world = Fault((), dataset=("recipients = []\n", "")).world(tmp_path / "register")
    done = dsar("check", world.folder)
    assert done.code == 0
    assert "records.toml: recipients: nobody has decided who receives this data" in done.err
    assert "recipients = []" in done.err


def test_decisions_that_are_left_are_counted_and_are_no_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path / "register")
    undecided = 'left_out = { notes = { reason = "undecided" }, customers'
    world.register_text = world.register_text.replace("left_out = { customers", undecided, 1)
    terms = 'undecided = ["purposes", "storage_period"]'
    world.dataset_text = world.dataset_text.replace('purposes = { service = "A6-1-b" }\n', "")
    world.dataset_text = world.dataset_text.replace('storage_period = "short"', terms)
    world.write([]).run("CREATE TABLE notes (a)")
    done = in_this_process(capsys, "check", world.folder)
    assert (done.code, done.err) == (0, "")
    fits, left = done.out.splitlines()
    assert fits.endswith("1 datasets fit their 1 sources")
    assert left == f"{world.folder}: 3 decisions left: 1 table, 2 terms"
    counted = in_this_process(capsys, "check", world.folder, "--json")
    assert counted.code == 0
    assert counted.json["decisions_left"] == {
        "tables": 1,
        "columns": 0,
        "versions": 0,
        "terms": 2,
        "statements": 0,
        "details": 0,
    }


def test_a_register_without_decisions_left_counts_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path / "register").write([])
    assert len(in_this_process(capsys, "check", world.folder).out.splitlines()) == 1


def test_explain_shows_the_ways_as_a_tree_and_as_json(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    done = in_this_process(capsys, "check", demo.register, "--explain")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "customer_id"
    assert "├── leads to email by group.customers: id, email" in lines
    assert "│   ├── email_events: group.email_events by email_events.email" in lines
    assert any(line.split() == ["group.products", "not_personal"] for line in lines)
    shown = in_this_process(capsys, "check", demo.register, "--explain", "--json").json["ways"]
    assert isinstance(shown, list)
    assert [kind["subject"] for kind in shown] == ["customer_id"]
    assert "ways" not in in_this_process(capsys, "check", demo.register, "--json").json


def test_the_graph_names_each_kind_and_dataset_once(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ways.mmd"
    assert in_this_process(capsys, "check", demo.register, "--graph", file).code == 0
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    assert head == "flowchart LR"
    nodes = re.findall(r"^  (n\d+)[\[(]", "\n".join(lines), re.MULTILINE)
    assert len(nodes) == len(set(nodes))
    assert '  n0(["customer_id"])' in lines
    assert {n for edge in lines for n in re.findall(r"\bn\d+\b", edge)} == set(nodes)


def test_a_graph_that_cannot_be_written_is_an_error(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = in_this_process(capsys, "check", demo.register, "--graph", tmp_path / "nowhere" / "ways.mmd")
    assert done.code == 6
    assert "can't be written (no such file or directory); name another file" in done.err
