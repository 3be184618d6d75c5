"""People who look alike each get their own rows, or the export stops and asks."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.demo import canary
from dsar_export.demo.lookalikes import HOUSEHOLD_TABLET, RECYCLED_EMAIL, SHARED_DEVICE
from dsar_export.errors import NobodyFoundError, SubjectAmbiguousError
from dsar_export.folding import folded
from dsar_export.model.comparison import Comparison, Match
from tests.isolation.organisation import Organisation, everything
from tests.worlds import World, open_package, without_documents

pytestmark = pytest.mark.usefixtures("one_salt")


@dataclass
class TwoPeople:
    """A world with the subject C-1 and the stranger C-2, each with rows and their own address."""

    folder: Path
    subject: tuple[str, str] = ("C-1", "sam@example.org")
    stranger: tuple[str, str] = ("C-2", "robin@example.org")
    subjects_rows: Sequence[Mapping[str, object]] = ({"text": "MINE"},)
    strangers_rows: Sequence[Mapping[str, object]] = ({"text": "STRANGE"},)
    by_email: bool = False
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.folder / "register")
        if self.by_email:  # the rows name the owner's address and no customer number
            text = self.world.dataset_text.replace(
                'identifier = "customer_id"', 'identifier = "email"\nmatch = "casefold"'
            )
            self.world.dataset_text = text
        self.world.write([], [])
        self.world.run("DELETE FROM customers")
        for person, rows in ((self.subject, self.subjects_rows), (self.stranger, self.strangers_rows)):
            self.world.run("INSERT INTO customers VALUES (?, ?)", *person)
            self.world.insert(person[1] if self.by_email else person[0], rows)
        self.world.services = without_documents(self.world.build())


LOOK_ALIKES = {
    "a number that begins alike": (("C-1", "sam@example.org"), ("C-10", "sam0@example.org")),
    "a number that ends alike": (("C-1", "sam@example.org"), ("CC-1", "ssam@example.org")),
    "a number in another case": (("C-a", "sam@example.org"), ("C-A", "sam2@example.org")),
    "a number with a space": (("C-1", "sam@example.org"), ("C-1 ", "s am@example.org")),
    "a wildcard of LIKE": (("C-%", "s_m@example.org"), ("C-1", "sam@example.org")),
    "an underscore": (("C_1", "jo_lake@example.org"), ("C-1", "joxlake@example.org")),
    "a quote": (("C-1", "o'neil@example.org"), ("C-1' OR '1'='1", "o''neil@example.org")),
    "an accent": (("C-e", "zo\u00eb@example.org"), ("C-\u00e9", "zoe@example.org")),
    "another composition": (("C-\u00e9", "am\u00e9lie@example.org"), ("C-e\u0301", "amelie@example.org")),
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


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("sam@example.org", "SAM@Example.org"),
        ("sam@example.org", " sam@example.org "),
        ("am\u00e9lie@example.org", "ame\u0301lie@example.org"),
        ("sam@b\u00fccher.example", "sam@xn--bcher-kva.example"),
    ],
    ids=["in capitals", "between blanks", "composed otherwise", "in another spelling of its domain"],
)
def test_a_recycled_address_is_asked_about(tmp_path: Path, mine: str, theirs: str) -> None:
    people = TwoPeople(tmp_path, ("C-1", mine), ("C-2", theirs))
    for identifier in (f"email={mine}", "customer_id=C-1"):
        with pytest.raises(SubjectAmbiguousError):
            people.world.package(identifier)
    assert list(people.world.out.iterdir() if people.world.out.exists() else []) == []


# Any two people

CASEFOLD = Comparison(Match.CASEFOLD)

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
pairs = st.tuples(words, words)


@settings(max_examples=25, deadline=None)
@given(subject=pairs, stranger=pairs, rows=st.lists(st.booleans(), max_size=12), by_email=st.booleans())
def test_each_of_any_two_people_gets_their_own_rows_or_is_asked_about(
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
        same_address = folded(subject[1], CASEFOLD) == folded(stranger[1], CASEFOLD)
        if same_address:
            with pytest.raises(SubjectAmbiguousError):
                people.world.package(f"customer_id={subject[0]}")
            return
        package = people.world.package(f"customer_id={subject[0]}")
        assert {str(r["text"]) for r in package.json()} == {str(r["text"]) for r in mine}
        assert b"STRANGE" not in everything(package)


# People of the demo who share something


def test_each_owner_of_a_tablet_that_was_passed_on_gets_their_own_time(
    demo: Organisation, tmp_path: Path
) -> None:
    first, second = HOUSEHOLD_TABLET.first, HOUSEHOLD_TABLET.second
    for mine, other in ((first, second), (second, first)):
        package = demo.package(tmp_path, f"customer_id=C-{mine}")
        held = everything(package)
        for table in ("devices", "web_sessions"):
            assert canary(mine, table).encode() in held
            assert canary(other, table).encode() not in held


def test_each_owner_of_a_recycled_address_gets_their_own_time(demo: Organisation, tmp_path: Path) -> None:
    first, second = RECYCLED_EMAIL.first, RECYCLED_EMAIL.second
    for mine, other in ((first, second), (second, first)):
        package = demo.package(tmp_path, f"customer_id=C-{mine}")
        assert canary(mine, "email_events").encode() in everything(package)
        assert canary(other, "email_events").encode() not in everything(package)
    with pytest.raises(SubjectAmbiguousError) as raised:
        demo.package(tmp_path, "email=k.marlow@example.org")
    assert raised.value.candidates == (f"C-{first}", f"C-{second}")


def test_a_person_chosen_by_a_recycled_address_gets_only_their_own_time(
    demo: Organisation, tmp_path: Path
) -> None:
    for mine, other in (
        (RECYCLED_EMAIL.first, RECYCLED_EMAIL.second),
        (RECYCLED_EMAIL.second, RECYCLED_EMAIL.first),
    ):
        package = demo.package(tmp_path, "email=k.marlow@example.org", chosen=(f"C-{mine}",))
        by_number = demo.package(tmp_path, f"customer_id=C-{mine}")
        assert canary(other, "email_events").encode() not in everything(package)
        assert (
            package.members["data/json/email_events.json"] == by_number.members["data/json/email_events.json"]
        )


def test_a_phone_that_two_people_use_at_once_goes_to_neither_and_is_a_gap(
    demo: Organisation, tmp_path: Path
) -> None:
    for number in (SHARED_DEVICE.first, SHARED_DEVICE.second):
        result = demo.export(tmp_path, f"customer_id=C-{number}", chosen=(f"C-{number}",))
        assert any(gap.dataset == "devices" for gap in result.gaps)
        (devices,) = [a for a in result.datasets if a.dataset.name == "devices"]
        assert devices.outcome.read == devices.outcome.written


def test_a_device_that_two_accounts_share_is_asked_about(demo: Organisation, tmp_path: Path) -> None:
    """The device is two links away from the person: links are followed backwards all the way."""
    shared = demo.copy(tmp_path / "organisation")
    mine = "SELECT device_id, 'A-2', since, until FROM device_accounts WHERE account_id = 'A-1'"
    shared.run(f"INSERT INTO device_accounts {mine}")
    for identifier in ("customer_id=C-1", "customer_id=C-2"):
        with pytest.raises(SubjectAmbiguousError):
            shared.package(tmp_path / "packages", identifier)
    assert shared.package(tmp_path / "packages", "customer_id=C-5").json("profile")


def test_a_cookie_that_the_person_supplies_finds_its_visits_and_nobody_elses(
    demo: Organisation, tmp_path: Path
) -> None:
    from_number = demo.package(tmp_path, "customer_id=C-1")
    cookie = demo.cookie_of("web_sessions_cookie-p001-GB")
    package = demo.package(tmp_path, "customer_id=C-1", f"cookie_id={cookie}")
    assert b"web_sessions_cookie-p001-GB" not in everything(from_number)
    assert b"web_sessions_cookie-p001-GB" in everything(package)
    assert b"CANARY-web_sessions-p002" not in everything(package)


def test_the_cookie_of_a_browser_in_which_somebody_else_logged_in_is_asked_about(
    demo: Organisation, tmp_path: Path
) -> None:
    theirs = demo.cookie_of("web_sessions_cookie-p001-GB")
    for number in ("C-2", "C-5"):
        with pytest.raises(SubjectAmbiguousError):
            demo.package(tmp_path, f"customer_id={number}", f"cookie_id={theirs}")
    with pytest.raises(SubjectAmbiguousError):
        demo.package(tmp_path, f"cookie_id={theirs}")  # it would find only a part of that person's data


def test_without_that_link_nobody_gets_its_visits_by_asking(demo: Organisation, tmp_path: Path) -> None:
    register = demo.copy(tmp_path / "organisation")
    link = 'given = "cookie_id"\nleads_to = "account_id"'
    register.change("register.toml", link, f'{link}\nstrength = "weak"')
    theirs = demo.cookie_of("web_sessions_cookie-p001-GB")
    result = register.export(tmp_path / "out", "customer_id=C-2", f"cookie_id={theirs}")
    assert [gap.dataset for gap in result.gaps] == ["web_sessions"]
    package = register.package(tmp_path / "out", "customer_id=C-2", f"cookie_id={theirs}")
    assert canary(1, "web_sessions").encode() not in everything(package)


def test_the_cookie_of_a_browser_in_which_nobody_logged_in_is_an_identifier_of_its_own(
    demo: Organisation, tmp_path: Path
) -> None:
    """Art. 11(2) GDPR: a person who is not known by another identifier may supply it."""
    browser = demo.copy(tmp_path / "organisation")
    columns = "landing_page, ip_address, pages, consent, session_token"
    visit = f"SELECT 1000000, 'K-NEW', started_at, ended_at, {columns} FROM web_sessions LIMIT 1"
    browser.run(f"INSERT INTO web_sessions (id, cookie_id, started_at, ended_at, {columns}) {visit}")
    package = browser.package(tmp_path / "out", "cookie_id=K-NEW")
    assert [visit["visit_id"] for visit in package.json("web_sessions")] == ["1000000"]
    assert package.json("profile") == []


def test_choosing_a_person_does_not_give_them_somebody_elses_cookie(
    demo: Organisation, tmp_path: Path
) -> None:
    theirs = demo.cookie_of("web_sessions_cookie-p001-GB")
    asked = ("customer_id=C-2", f"cookie_id={theirs}")
    with pytest.raises(SubjectAmbiguousError):
        demo.package(tmp_path, *asked)
    assert not list(tmp_path.rglob("*.zip"))
    result = demo.export(tmp_path, *asked, chosen=("C-2",))
    assert result.identity.unused == (("cookie_id", 1),)
    assert result.package is not None
    held = everything(open_package(result.package))
    assert canary(2, "customers").encode() in held
    assert b"web_sessions_cookie-p001-GB" not in held


def test_the_visit_of_somebody_who_logged_in_on_the_subjects_device_is_not_theirs(
    demo: Organisation, tmp_path: Path
) -> None:
    visitor = demo.copy(tmp_path / "organisation")
    visitor.run(
        "UPDATE web_sessions SET account_id = 'A-10' WHERE account_id = 'A-1' AND device_id IS NOT NULL"
    )
    result = visitor.export(tmp_path / "out", "customer_id=C-1")
    assert [gap.dataset for gap in result.gaps] == ["web_sessions"]
    package = visitor.package(tmp_path / "out", "customer_id=C-1")
    assert "A-10" not in {visit["account_id"] for visit in package.json("web_sessions")}


def test_an_empty_address_identifies_nobody(tmp_path: Path) -> None:
    """Rows of guests without an address do not belong to a customer without an address."""
    people = TwoPeople(tmp_path, subject=("C-1", ""), stranger=("C-2", "robin@example.org"), by_email=True)
    people.world.insert("", [{"text": "STRANGE"}])
    with pytest.raises(NobodyFoundError):
        people.world.package("customer_id=C-1")


def test_customers_without_an_address_are_not_treated_as_one_person(tmp_path: Path) -> None:
    people = TwoPeople(tmp_path, subject=("C-1", ""), stranger=("C-2", ""))
    assert [record["text"] for record in people.world.package("customer_id=C-1").json()] == ["MINE"]
