"""A draft is written as TOML, whatever names and comments the database has."""

from datetime import date

from dsar_export.register_draft.shape import DraftedDataset, DraftedRegister, Line
from dsar_export.register_draft.write import Frame, register_files
from tests.register_draft.catalogues import CUSTOMERS, FRAME, ITEMS, ORDERS, STAFF, drafted, part, written


def test_the_register_lists_all_that_was_drafted() -> None:
    files = written(drafted(CUSTOMERS, ORDERS, ITEMS, STAFF))
    assert files.register["datasets"] == ["customers", "orders", "items"]
    assert files.register["subject"] == "customer_id"
    assert files.register["version"] == "2026-11-30"
    assert files.register["undecided"] == ["notice", "promises"]
    assert files.left_out.keys() == {"employees"}
    assert files.texts.keys() == {
        "register.toml",
        *(f"datasets/{name}.toml" for name in ("customers", "orders", "items")),
    }


def test_people_of_other_kinds_stand_as_comments() -> None:
    text = written(drafted(CUSTOMERS, ORDERS, STAFF)).texts["register.toml"]
    assert "# employees may hold people too: --person employees\n" in text


def test_choices_stand_as_comments_only() -> None:
    files = written(drafted(CUSTOMERS, ORDERS))
    for key in ("purposes", "recipients", "storage_periods"):
        assert part(files.register, key) == {}
        assert f"[{key}]" in files.texts["register.toml"]
    assert "promises" not in files.register


def test_the_controller_has_the_name_that_was_given() -> None:
    (controller,) = part(written(drafted(CUSTOMERS)).register, "controllers").values()
    assert isinstance(controller, dict)
    assert controller["name"] == "Teapots & Sons Ltd"


def test_several_companies_are_asked_for_their_values() -> None:
    shared = "CREATE TABLE customers (company TEXT NOT NULL, id INT NOT NULL, email TEXT, PRIMARY KEY (company, id))"
    source = part(part(written(drafted(shared)).register, "sources"), "shop")
    assert source["tenants"] == {"teapots_sons_ltd": ["undecided"]}


def test_any_name_and_comment_is_written() -> None:
    odd = 'a"b.c]\\ü\n#'
    dataset = DraftedDataset(
        "x",
        odd,
        ("two\nlines\x01",),
        (
            Line("name", "x"),
            Line("table", odd, "a\nremark\x7f with \x00 control"),
        ),
        (Line("f", {"column": odd, "description": 'quoted """ and \'\' and \t'}),),
        (Line(odd, {"reason": "undecided", "note": "—"}),),
    )
    draft = DraftedRegister(
        "id", None, (dataset,), (), (Line(odd, {"reason": "undecided", "note": ""}),), (odd,)
    )
    files = written(draft)
    assert files.datasets["x"]["table"] == odd
    assert part(files.datasets["x"], "left_out").keys() == {odd}
    assert "# two lines\n" in files.texts["datasets/x.toml"]
    assert files.left_out.keys() == {odd}


def test_a_long_list_has_one_name_a_line() -> None:
    named = [DraftedDataset(f"a_dataset_with_a_long_name_{n}", "t", (), (), (), ()) for n in range(9)]
    draft = DraftedRegister("id", None, tuple(named), (), ())
    text = register_files(draft, Frame("A", "s", "sqlite:///a.db", date(2026, 1, 1)))["register.toml"]
    assert '\n  "a_dataset_with_a_long_name_0",\n' in text


def test_the_same_draft_gives_the_same_files() -> None:
    assert register_files(drafted(CUSTOMERS, ORDERS), FRAME) == register_files(
        drafted(CUSTOMERS, ORDERS), FRAME
    )
