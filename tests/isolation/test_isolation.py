"""Nobody else's data gets in: everybody of the demo exported, registers that are wrong, people who look alike."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from dsar_export.demo import MAPPED_TABLES, canary, secret_canary, write_organisation
from dsar_export.errors import OwnershipError, RegisterError, SubjectAmbiguousError
from dsar_export.handling.export_once import House, PackageOrder
from dsar_export.handling.verify import verified_request
from dsar_export.model.request import Identifier, Verification
from dsar_export.wiring import build_house
from tests.worlds import (
    NOON,
    PASSPHRASE,
    OpenPackage,
    SilentProgress,
    World,
    export_package,
    open_package,
    without_documents,
)

PEOPLE = range(1, 51)
SECRET = "SECRET-CANARY"
TABLE_OF_DATASET = {"profile": "customers"} | {t: t for t in MAPPED_TABLES if t != "customers"}


@dataclass(frozen=True)
class Organisation:
    """The demo's register and databases, in a folder that tests may change if they copy it."""

    folder: Path

    @cached_property
    def house(self) -> House:
        return build_house(self.folder, SilentProgress())

    @cached_property
    def house_without_report(self) -> House:
        return without_documents(self.house)

    def copy(self, folder: Path) -> "Organisation":
        return Organisation(Path(shutil.copytree(self.folder, folder)))

    def change(self, file: str, before: str, after: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    def run(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / "shop.db")) as database, database:
            for statement in statements:
                database.execute(statement)

    def rows_with(self, mark: str, table: str) -> int:
        """Counted without any register: a mark says whose row it is."""
        file = "engagement.db" if table.endswith("_events") else "shop.db"
        with closing(sqlite3.connect(self.folder / file)) as database:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            found = " OR ".join(f"instr({column}, '{mark}')" for column in columns)
            (count,) = database.execute(f"SELECT count(*) FROM {table} WHERE {found}").fetchone()
        return int(count)

    def package(self, out: Path, *identifiers: str, report: bool = False) -> OpenPackage:
        house = self.house if report else self.house_without_report
        parsed = [Identifier(*text.split("=", 1)) for text in identifiers]
        request = verified_request("access", "acme", parsed, Verification("tests", "synthetic", NOON))
        result = export_package(house, request, PackageOrder(out, PASSPHRASE, nothing_held_confirmed=False))
        assert result.package is not None
        return open_package(result.package)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    folder = tmp_path_factory.mktemp("organisation")
    write_organisation(folder, events=60)
    return Organisation(folder)


def everything(package: OpenPackage) -> bytes:
    return b"\n".join([*(name.encode() for name in package.members), *package.members.values()])


def report_text(package: OpenPackage) -> str:
    """The report's text and the decompressed contents of its pages, in which each glyph is drawn."""
    pages = PdfReader(BytesIO(package.members["report.pdf"])).pages
    drawn = [contents.get_data() for page in pages if (contents := page.get_contents()) is not None]
    texts = [page.extract_text() for page in pages] + [data.decode("latin-1") for data in drawn]
    return "".join("\n".join(texts).split())


# Everybody of the demo


@pytest.mark.parametrize("number", PEOPLE)
def test_a_package_holds_all_of_its_person_nothing_of_others_and_no_credential(
    number: int, demo: Organisation, tmp_path: Path
) -> None:
    package = demo.package(tmp_path, f"customer_id=C-{number}")
    for dataset, table in TABLE_OF_DATASET.items():
        mark = canary(number, table)
        rows = [*package.json(dataset), *package.kept_beside(dataset)]
        assert len(rows) == package.outcome(dataset)["read"] == demo.rows_with(mark, table), dataset
        assert all(mark in json.dumps(row) for row in rows), dataset
        assert mark.encode() in package.members[f"data/csv/{dataset}.csv"]
    held = everything(package)
    assert SECRET.encode() not in held
    for other in PEOPLE:
        if other != number:
            assert not any(canary(other, table).encode() in held for table in MAPPED_TABLES), other


@pytest.mark.parametrize("number", [1, 2, 13])
def test_the_report_shows_its_person_nothing_of_others_and_no_credential(
    number: int, demo: Organisation, tmp_path: Path
) -> None:
    package = demo.package(tmp_path, f"customer_id=C-{number}", report=True)
    text = report_text(package)
    marks = {n: [canary(n, table) for table in MAPPED_TABLES] for n in PEOPLE}
    assert all(mark in text for mark in marks[number])
    assert not [m for n in PEOPLE if n != number for m in marks[n] if m in text]
    assert SECRET not in text
    held = everything(package)
    assert SECRET.encode() not in held
    assert not [m for n in PEOPLE if n != number for m in marks[n] if m.encode() in held]


def test_every_way_to_name_a_person_leads_to_the_same_data(demo: Organisation, tmp_path: Path) -> None:
    ways = (
        ("customer_id=C-1",), ("email=alex.fielding@example.org",), ("email=ALEX.Fielding@Example.ORG",),
        ("email=alex.fielding@example.org", "customer_id=C-1"),
    )  # fmt: skip
    manifests = {demo.package(tmp_path, *way).members["manifest-sha256.txt"] for way in ways}
    assert len(manifests) == 1


# A register that is wrong


def _join_by_row(demo: Organisation) -> None:
    """Each line with whatever order happens to stand at its number."""
    old = "LEFT JOIN products p ON p.id = l.product_id\nWHERE l.order_id IN :order_id"
    new = (
        "LEFT JOIN products p ON p.id = l.product_id\n"
        "JOIN orders o ON o.rowid = l.id\nWHERE o.id IN :order_id"
    )
    demo.change("datasets/order_lines.toml", old, new)


def _join_by_product(demo: Organisation) -> None:
    """All lines that share an article with a line of the person."""
    old = "WHERE l.order_id IN :order_id"
    new = "JOIN order_lines mine ON mine.product_id = l.product_id\nWHERE mine.order_id IN :order_id"
    demo.change("datasets/order_lines.toml", old, new)


def _no_condition_that_holds(demo: Organisation) -> None:
    demo.change(
        "datasets/order_lines.toml",
        "WHERE l.order_id IN :order_id",
        "WHERE l.order_id IN :order_id OR l.quantity > 0",
    )


def _constant_owner(demo: Organisation) -> None:
    """A query that claims every row for the person."""
    demo.change("datasets/order_lines.toml", "l.order_id AS order_id", "first_value AS order_id")
    demo.change(
        "datasets/order_lines.toml",
        "LEFT JOIN products",
        "JOIN (SELECT min(id) AS first_value FROM orders WHERE id IN :order_id)\nLEFT JOIN products",
    )
    demo.change("datasets/order_lines.toml", "WHERE l.order_id IN :order_id", "")


def _wrong_key(demo: Organisation) -> None:
    """Rows looked up again by a number that means something else."""
    demo.change("datasets/order_lines.toml", "l.id AS id", "l.product_id AS id")


def _wrong_subject_key(demo: Organisation) -> None:
    """The query selects by customer, the subject key says that the owner stands in `sku`."""
    demo.change(
        "datasets/order_lines.toml", 'subject_key = { column = "order_id"', 'subject_key = { column = "id"'
    )
    demo.change("datasets/order_lines.toml", 'order_by = ["order_id", "id"]', 'order_by = ["id"]')


def _link_by_name(demo: Organisation) -> None:
    """Two people are called Alex."""
    demo.change(
        "register.toml",
        "# How one identifier leads to another.",
        "[[links]]\n"
        'given = "customer_id"\nleads_to = "given_name"\nsource = "shop"\ntable = "customers"\n'
        'given_column = "id"\nleads_to_column = "given_name"\n'
        "[[links]]\n"
        'given = "given_name"\nleads_to = "customer_id"\nsource = "shop"\ntable = "customers"\n'
        'given_column = "given_name"\nleads_to_column = "id"\n',
    )


def _link_with_a_wrong_column(demo: Organisation) -> None:
    """An account leads to whoever lives in the country of its own customer."""
    demo.change(
        "register.toml",
        'given = "email"\nleads_to = "customer_id"\nsource = "shop"\ntable = "customers"\ngiven_column = "email"',
        'given = "email"\nleads_to = "customer_id"\nsource = "shop"\ntable = "customers"\ngiven_column = "country"',
    )
    demo.run("UPDATE customers SET country = 'alex.fielding@example.org' WHERE id IN ('C-7', 'C-8')")


@pytest.mark.parametrize(
    ("mistake", "error"),
    [
        (_join_by_row, OwnershipError),
        (_join_by_product, RegisterError),
        (_no_condition_that_holds, OwnershipError),
        (_constant_owner, OwnershipError),
        (_wrong_key, RegisterError),
        (_wrong_subject_key, OwnershipError),
        (_link_by_name, SubjectAmbiguousError),
        (_link_with_a_wrong_column, SubjectAmbiguousError),
    ],
)
def test_a_wrong_join_key_or_link_stops_the_export_and_leaves_nothing(
    mistake: Callable[[Organisation], None], error: type[Exception], demo: Organisation, tmp_path: Path
) -> None:
    wrong = demo.copy(tmp_path / "organisation")
    mistake(wrong)
    with pytest.raises(error) as raised:
        wrong.package(tmp_path / "packages", "email=alex.fielding@example.org")
    assert "CANARY" not in str(raised.value)
    assert "alex" not in str(raised.value).lower()
    assert list((tmp_path / "packages").rglob("*") if (tmp_path / "packages").exists() else []) == []


# People who look alike


@dataclass
class TwoPeople:
    """A world of the subject C-1 and the stranger C-2, each with an address of their own and rows."""

    folder: Path
    subject: tuple[str, str] = ("C-1", "sam@example.org")
    stranger: tuple[str, str] = ("C-2", "robin@example.org")
    subjects_rows: Sequence[Mapping[str, object]] = ({"text": "MINE"},)
    strangers_rows: Sequence[Mapping[str, object]] = ({"text": "STRANGE"},)
    by_email: bool = False
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.folder / "register")
        if self.by_email:  # the rows know nobody's number, only an address
            text = self.world.dataset_text.replace(
                'identifier = "customer_id"', 'identifier = "email"\nmatch = "casefold"'
            )
            self.world.dataset_text = text
        self.world.write([], [])
        self.world.run("DELETE FROM customers")
        for person, rows in ((self.subject, self.subjects_rows), (self.stranger, self.strangers_rows)):
            self.world.run("INSERT INTO customers VALUES (?, ?)", *person)
            self.world.insert(person[1] if self.by_email else person[0], rows)
        self.world.house = without_documents(self.world.build())


LOOK_ALIKES = {
    "a number that begins alike": (("C-1", "sam@example.org"), ("C-10", "sam0@example.org")),
    "a number that ends alike": (("C-1", "sam@example.org"), ("CC-1", "ssam@example.org")),
    "a number in another case": (("C-a", "sam@example.org"), ("C-A", "sam2@example.org")),
    "a number with a space": (("C-1", "sam@example.org"), ("C-1 ", "sam@example.org ")),
    "a wildcard of LIKE": (("C-%", "s_m@example.org"), ("C-1", "sam@example.org")),
    "an underscore": (("C_1", "jo_lake@example.org"), ("C-1", "joxlake@example.org")),
    "a quote": (("C-1", "o'neil@example.org"), ("C-1' OR '1'='1", "o''neil@example.org")),
    "an accent": (("C-e", "zo\u00eb@example.org"), ("C-\u00e9", "zoe@example.org")),
    "another composition": (("C-\u00e9", "am\u00e9lie@example.org"), ("C-e\u0301", "ame\u0301lie@example.org")),
    "a letter of another script": (("C-1", "sam@example.org"), ("\u0421-1", "s\u0430m@example.org")),
    "digits that compare alike": (("1", "one@example.org"), ("1.0", "uno@example.org")),
    "leading zeros": (("1", "one@example.org"), ("01", "uno@example.org")),
    "a NUL inside": (("C-1", "sam@example.org"), ("C-1\x00", "sam@example.org\x00")),
}  # fmt: skip


@pytest.mark.parametrize("by_email", [False, True])
@pytest.mark.parametrize(("first", "second"), LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_nobody_gets_the_rows_of_somebody_who_looks_alike(
    first: tuple[str, str],
    second: tuple[str, str],
    by_email: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    for folder, subject, stranger in (("one", first, second), ("other", second, first)):
        people = TwoPeople(tmp_path / folder, subject, stranger, by_email=by_email)
        package = people.world.package(f"customer_id={subject[0]}")
        assert [record["text"] for record in package.json()] == ["MINE"]
        assert b"STRANGE" not in everything(package)


def test_a_recycled_address_is_asked_about(tmp_path: Path) -> None:
    people = TwoPeople(tmp_path, stranger=("C-2", "SAM@Example.org"))
    for identifier in ("email=sam@example.org", "customer_id=C-1"):
        with pytest.raises(SubjectAmbiguousError):
            people.world.package(identifier)
    assert list(people.world.out.iterdir() if people.world.out.exists() else []) == []


def test_an_account_that_two_customers_share_is_asked_about(demo: Organisation, tmp_path: Path) -> None:
    """A merged account: its events are both people's, so they may go to neither without asking."""
    merged = demo.copy(tmp_path / "organisation")
    merged.run(
        "CREATE TABLE logins (account_id TEXT, customer_id TEXT)",
        "INSERT INTO logins SELECT id, customer_id FROM accounts",
        "INSERT INTO logins VALUES ('A-2', 'C-1')",
    )
    merged.change(
        "register.toml",
        'table = "accounts"\ngiven_column = "customer_id"\nleads_to_column = "id"',
        'table = "logins"\ngiven_column = "customer_id"\nleads_to_column = "account_id"',
    )
    for person in ("C-1", "C-2"):
        with pytest.raises(SubjectAmbiguousError):
            merged.package(tmp_path / "packages", f"customer_id={person}")


# Any two people

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
pairs = st.tuples(words, words)


@settings(max_examples=25, deadline=None)
@given(subject=pairs, stranger=pairs, rows=st.lists(st.booleans(), max_size=12), by_email=st.booleans())
def test_of_any_two_people_each_gets_their_own_rows_or_is_asked(
    subject: tuple[str, str],
    stranger: tuple[str, str],
    rows: list[bool],
    by_email: bool,  # noqa: FBT001
) -> None:
    if subject[0] == stranger[0] or "" in {part.strip() for part in (*subject, *stranger)}:
        return
    mine = [{"text": f"MINE-{n}"} for n, own in enumerate(rows) if own] + [{"text": "MINE"}]
    strange = [{"text": f"STRANGE-{n}"} for n, own in enumerate(rows) if not own] + [{"text": "STRANGE"}]
    with tempfile.TemporaryDirectory() as folder:
        people = TwoPeople(
            Path(folder),
            subject,
            stranger,
            subjects_rows=mine,
            strangers_rows=strange,
            by_email=by_email,
        )
        same_address = subject[1].casefold() == stranger[1].casefold()
        if same_address:
            with pytest.raises(SubjectAmbiguousError):
                people.world.package(f"customer_id={subject[0]}")
            return
        package = people.world.package(f"customer_id={subject[0]}")
        assert {str(r["text"]) for r in package.json()} == {str(r["text"]) for r in mine}
        assert b"STRANGE" not in everything(package)


def test_the_secret_canaries_are_what_these_tests_look_for() -> None:
    assert all(secret_canary(n).startswith(SECRET) for n in PEOPLE)


# Whom an identifier belongs to


def test_a_device_that_two_accounts_share_is_asked_about(demo: Organisation, tmp_path: Path) -> None:
    """Two links away from the person: the links are followed backwards all the way."""
    shared = demo.copy(tmp_path / "organisation")
    shared.run(
        "CREATE TABLE devices (device_id TEXT, account_id TEXT)",
        "INSERT INTO devices VALUES ('D-1', 'A-1'), ('D-1', 'A-2'), ('D-3', 'A-3')",
    )
    link = '[[links]]\ngiven = "account_id"\nleads_to = "device_id"\nsource = "shop"\ntable = "devices"\n'
    link += 'given_column = "account_id"\nleads_to_column = "device_id"\n\n[[promises]]'
    shared.change("register.toml", "[[promises]]", link)
    for identifier in ("customer_id=C-1", "customer_id=C-2", "device_id=D-1"):
        with pytest.raises(SubjectAmbiguousError):
            shared.package(tmp_path / "packages", identifier)
    assert shared.package(tmp_path / "packages", "customer_id=C-3").json("profile")


def test_an_identifier_that_links_match_exactly_but_a_dataset_loosely_is_asked_about(
    demo: Organisation, tmp_path: Path
) -> None:
    alike = demo.copy(tmp_path / "organisation")
    alike.run("UPDATE accounts SET id = 'a-1' WHERE id = 'A-2'")
    old = 'subject_key = { column = "account_id", identifier = "account_id" }'
    new = 'subject_key = { column = "account_id", identifier = "account_id", match = "casefold" }'
    alike.change("datasets/usage_events.toml", old, new)
    with pytest.raises(SubjectAmbiguousError):
        alike.package(tmp_path / "packages", "customer_id=C-1")


def test_an_order_number_alone_makes_no_package_that_denies_the_rest(
    demo: Organisation, tmp_path: Path
) -> None:
    with pytest.raises(SubjectAmbiguousError, match=r"only a part of their data.*customer_id, email"):
        demo.package(tmp_path / "packages", "order_id=SO-101")
    assert not list(tmp_path.rglob("*.zip"))
