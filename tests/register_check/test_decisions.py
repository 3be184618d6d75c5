"""What is undecided is counted by the check, and a gap wherever the data may be somebody's."""

from pathlib import Path

from dsar_export.model.outcome import Gap
from dsar_export.model.register import Register
from dsar_export.model.undecided import DecisionsLeft
from dsar_export.register_check.decisions import decisions_left, undecided_column_gaps, undecided_table_gaps
from dsar_export.wiring import register_in
from tests.register_check.changed import changed, problems
from tests.worlds import World

NOBODY = "nobody has decided yet whether"
UNDECIDED = '{ reason = "undecided" }'
TABLE = ("left_out = { customers", f"left_out = {{ notes = {UNDECIDED}, letters = {UNDECIDED}, customers")
TERMS = 'undecided = ["purposes", "storage_period"]\n'
OPEN = {
    'purposes = { service = "A6-1-b" }\nrecipients = []\nstorage_period = "short"\n': (
        f"left_out = {{ nickname = {UNDECIDED} }}\nrecipients = []\n{TERMS}"
    )
}
STATEMENTS = ("CREATE TABLE notes (a)", "CREATE TABLE letters (a)", "ALTER TABLE records ADD COLUMN nickname")


def undecided(folder: Path) -> World:
    """Two tables, a column and two terms are undecided."""
    return changed(folder, register=TABLE, dataset=OPEN, statement=STATEMENTS)


def of(made: World) -> Register:
    return register_in(made.folder)


def shown(gap: Gap) -> tuple[str, str | None, str, bool]:
    return gap.source, gap.dataset, str(gap.reason), gap.within_rows


def test_the_check_accepts_what_is_undecided_and_counts_it(tmp_path: Path) -> None:
    made = undecided(tmp_path)
    assert problems(made) == []
    assert decisions_left(of(made)) == DecisionsLeft(
        tables=2, columns=1, versions=0, terms=2, statements=0, details=0
    )
    assert decisions_left(of(made)).total == 5


def test_a_register_without_anything_undecided_has_no_decisions_left(tmp_path: Path) -> None:
    assert decisions_left(of(changed(tmp_path))).total == 0


def test_undecided_statements_columns_of_histories_and_versions_are_counted(tmp_path: Path) -> None:
    history = f'[[history]]\ntable = "records_old"\norder_by = ["id"]\nleft_out = {{ by = {UNDECIDED} }}\n\n[fields]'
    made = changed(
        tmp_path,
        register={'notice = "notice of 2026-01-01"': 'undecided = ["notice"]'},
        dataset={"order_by": f"versions_left_out = {UNDECIDED}\norder_by", "[fields]": history},
    )
    left = decisions_left(of(made))
    assert left == DecisionsLeft(tables=0, columns=1, versions=1, terms=0, statements=1, details=0)
    (columns, versions) = undecided_column_gaps(of(made).datasets)
    assert "'records_old.by'" in str(columns.reason)
    assert shown(versions) == (
        "main",
        "records",
        f"{NOBODY} earlier versions of the rows are data about the person, so they were not copied",
        False,
    )


def test_undecided_recipients_are_counted_and_no_warning_besides(tmp_path: Path) -> None:
    made = changed(tmp_path, dataset=("recipients = []", 'undecided = ["recipients"]'))
    assert problems(made) == []
    assert decisions_left(of(made)).terms == 1


def test_an_undecided_table_or_column_must_exist(tmp_path: Path) -> None:
    made = changed(tmp_path, register=TABLE, dataset=OPEN)
    missing = [line.partition(";")[0] for line in problems(made)]
    assert missing == [
        "records.toml: left_out: no column 'nickname' in 'records'",
        "register.toml: sources.main.left_out: no table 'notes' in the source",
        "register.toml: sources.main.left_out: no table 'letters' in the source",
    ]


def test_undecided_tables_are_one_gap_of_their_source(tmp_path: Path) -> None:
    (gap,) = undecided_table_gaps(of(undecided(tmp_path)), "acme", "main")
    assert shown(gap) == (
        "main",
        None,
        f"{NOBODY} these tables hold data about the person, so they were not searched: 'notes', 'letters'",
        False,
    )


def test_an_undecided_table_is_no_gap_of_a_company_whose_data_the_source_does_not_hold(
    tmp_path: Path,
) -> None:
    assert list(undecided_table_gaps(of(undecided(tmp_path)), "beta", "main")) == []


def test_an_undecided_table_is_no_gap_of_a_company_whose_dataset_reads_it(tmp_path: Path) -> None:
    read = ("left_out = { customers", f"left_out = {{ records = {UNDECIDED}, customers")
    register = of(changed(tmp_path, register=read))
    assert list(undecided_table_gaps(register, "acme", "main")) == []


def test_undecided_columns_are_a_gap_within_the_rows_of_their_dataset(tmp_path: Path) -> None:
    (gap,) = undecided_column_gaps(of(undecided(tmp_path)).datasets)
    assert shown(gap) == (
        "main",
        "records",
        f"{NOBODY} these columns are data about the person, so they were not copied: 'nickname'",
        True,
    )


def test_an_undecided_column_that_a_dataset_of_the_same_rows_copies_is_no_gap(tmp_path: Path) -> None:
    (dataset,) = of(changed(tmp_path / "one", dataset=OPEN)).datasets
    twice = {'raw = { column = "raw" }': 'raw = { column = "nickname" }'}
    (other,) = of(changed(tmp_path / "two", dataset=twice)).datasets
    assert list(undecided_column_gaps([dataset, other])) == []
    keys = {'column = "customer_id"': 'column = "friend_id"'}
    (others_rows,) = of(changed(tmp_path / "three", dataset={**twice, **keys})).datasets
    assert len(list(undecided_column_gaps([dataset, others_rows]))) == 1
