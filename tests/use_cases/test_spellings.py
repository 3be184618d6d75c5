"""An address is one however it is written, and two that only look alike are two people's."""

from pathlib import Path

import pytest

from tests.shops import Shop

CASEFOLD = 'match = "casefold"'
COMPOSED, DECOMPOSED = "j\u00f6rg@b\u00fccher.example", "jo\u0308rg@bu\u0308cher.example"
SPELLED = (COMPOSED, DECOMPOSED, "j\u00f6rg@xn--bcher-kva.example", f"{COMPOSED} ", COMPOSED.upper())
OTHERS = (f"<{COMPOSED}>", f"{COMPOSED}.", "j\u00f6rg+news@b\u00fccher.example", "jorg@b\u00fccher.example")


def mails(tmp_path: Path, subject: str, *addresses: str, customer: str = COMPOSED) -> Shop:
    """A mail log by address, and customers; `subject` is the kind of identifier that names one person."""
    made = Shop(tmp_path / "register", subject=subject)
    key = '{ column = "email", identifier = "email", match = "casefold" }'
    made.dataset("mails", key, {"id": "", "email": ""})
    if subject == "customer_id":
        made.left_out.append("customers")
        made.link("customers", "email:email", "customer_id:id", CASEFOLD)
        made.link("customers", "customer_id:id", "email:email")
    tables = [
        "CREATE TABLE mails (id INTEGER PRIMARY KEY, email TEXT)",
        "CREATE INDEX m ON mails (email, id)",
    ]
    if subject == "customer_id":
        tables += ["CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT)"]
        tables += [f"INSERT INTO customers VALUES (1, '{customer}')"]
    rows = [f"INSERT INTO mails VALUES ({n}, '{address}')" for n, address in enumerate(addresses)]
    return made.write(*tables, *rows)


@pytest.mark.parametrize("subject", ["customer_id", "email"])
@pytest.mark.parametrize("asked", SPELLED)
def test_each_spelling_finds_all_spellings_and_no_other_address(
    tmp_path: Path, subject: str, asked: str
) -> None:
    made = mails(tmp_path, subject, *SPELLED, *OTHERS)
    found = made.values("mails", "email", f"email={asked}")
    assert sorted(map(str, found)) == sorted(SPELLED)
    assert made.identify(f"email={asked}").people == 1


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("sam@fa\u00df.example", "sam@fass.example"),
        ("strau\u00df@example.org", "strauss@example.org"),
        ("\ufb01n@example.org", "fin@example.org"),
        ("\u0130@example.org", "i@example.org"),
    ],
    ids=["two domains", "two mailboxes", "a ligature", "a dotted I"],
)
def test_letters_that_expand_are_two_peoples(tmp_path: Path, mine: str, theirs: str) -> None:
    made = mails(tmp_path, "email", mine, theirs)
    assert made.values("mails", "email", f"email={mine}") == [mine]
    assert made.values("mails", "email", f"email={theirs}") == [theirs]


def test_two_spellings_that_are_given_are_one_person_where_the_address_is_the_subject(tmp_path: Path) -> None:
    made = mails(tmp_path, "email", *SPELLED)
    asked = [f"email={spelled}" for spelled in SPELLED]
    assert len(made.values("mails", "email", *asked)) == len(SPELLED)
    assert made.export(*asked).identity.candidates == 0
