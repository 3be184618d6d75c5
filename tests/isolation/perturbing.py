"""A few people of the demo, and ways to make them alike without changing the owner of any row."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from hypothesis import strategies as st

from dsar_export.demo import COMPANIES, HIRE_TABLES, MAPPED_TABLES, canary, customer_id
from tests.isolation.organisation import Organisation

HANDED_ON = "2024-06-01 00:00:00"
_CODES = {company.code: company for company in COMPANIES}


@dataclass(frozen=True)
class Somebody:
    """A person of the demo as one company knows them."""

    number: int
    company: str

    @property
    def id(self) -> str:
        return customer_id(self.number, _CODES[self.company])

    @property
    def own(self) -> str:
        """An SQL condition for this customer's rows, in tables that name the customer."""
        return f"company = '{self.company}' AND customer_id = '{self.id}'"

    @property
    def accounts(self) -> str:
        return f"(SELECT id FROM accounts WHERE {self.own})"


PEOPLE = (
    Somebody(16, "GB"), Somebody(17, "GB"), Somebody(18, "GB"), Somebody(16, "FR"), Somebody(19, "FR"),
    Somebody(20, "DE"),
)  # fmt: skip


@dataclass(frozen=True)
class Likeness:
    """Makes an identifier of `one` like that of `other`; `form` is the degree of likeness."""

    kind: str
    one: Somebody
    other: Somebody
    form: str


_FORMS: Mapping[str, Callable[[str], str]] = {
    "same": lambda text: text,
    "upper": str.upper,
    "plus": lambda text: text.replace("@", "+x@"),
    "space": lambda text: f"{text} ",
    "wildcard": lambda text: f"_{text[1:]}",
    "homoglyph": lambda text: text.replace("a", "\u0430"),
    "longer": lambda text: f"{text}0",
}
pairs = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda p: p[0] != p[1])
likenesses = st.builds(
    lambda kind, pair, form: Likeness(kind, pair[0], pair[1], form),
    st.sampled_from(["email", "phone", "device", "tablet", "merge", "name"]),
    pairs,
    st.sampled_from(sorted(_FORMS)),
)


def only_some(organisation: Organisation) -> None:
    """Deletes all rows but those of a few people, so that an export is quick."""
    for table in MAPPED_TABLES:
        file = "hire.db" if table in HIRE_TABLES else "group.db"
        with closing(sqlite3.connect(organisation.folder / file)) as database, database:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            texts = " || ".join(f"coalesce({column}, '')" for column in columns)
            kept = " OR ".join(f"instr({texts}, '{canary(p.number, table, p.company)}')" for p in PEOPLE)
            database.execute(f"DELETE FROM {table} WHERE NOT ({kept})")
    organisation.run(
        "DELETE FROM email_history WHERE (company, customer_id) NOT IN (SELECT company, id FROM customers)",
        "DELETE FROM device_accounts WHERE account_id NOT IN (SELECT id FROM accounts)",
        "DELETE FROM customer_merges",
    )
    cards = "SELECT hire_customer_id FROM hire_agreements UNION SELECT hire_customer_id FROM licence_checks"
    organisation.run(f"DELETE FROM hire_customers WHERE id NOT IN ({cards})", database="hire.db")


def make_alike(organisation: Organisation, all_of_them: Sequence[Likeness]) -> None:
    """Changes the databases; every row keeps its canary and with it its owner."""
    for likeness in all_of_them:
        _MAKE[likeness.kind](organisation, likeness)


def _one(organisation: Organisation, column: str, somebody: Somebody) -> str:
    with closing(sqlite3.connect(organisation.folder / "group.db")) as database:
        where = f"company = '{somebody.company}' AND id = '{somebody.id}'"
        return str(database.execute(f"SELECT {column} FROM customers WHERE {where}").fetchone()[0])


def email_of(organisation: Organisation, somebody: Somebody) -> str:
    """The address that a company has of a customer today."""
    return _one(organisation, "email", somebody)


def _email(organisation: Organisation, likeness: Likeness) -> None:
    mine = _one(organisation, "email", likeness.one)
    new = _FORMS[likeness.form](_one(organisation, "email", likeness.other))
    places = [("customers", "email"), ("customers_history", "email"), ("email_history", "email")]
    places += [("email_events", "email"), ("communications", "sender"), ("communications", "recipient")]
    mark = f"-p{likeness.one.number:03}-{likeness.one.company}"
    for table, column in places:
        own = f"customer_id = '{likeness.one.id}'"
        if table == "customers":
            own = f"id = '{likeness.one.id}'"
        elif table in {"email_events", "communications"}:
            text = "campaign" if table == "email_events" else "body"
            own = f"instr({text}, '{mark}')"
        organisation.run(
            f"UPDATE {table} SET {column} = '{new}' WHERE lower({column}) = lower('{mine}') "
            f"AND company = '{likeness.one.company}' AND {own}"
        )


def _phone(organisation: Organisation, likeness: Likeness) -> None:
    new = _one(organisation, "phone", likeness.other)
    where = f"company = '{likeness.one.company}' AND id = '{likeness.one.id}'"
    organisation.run(f"UPDATE customers SET phone = '{new}' WHERE {where}")
    if likeness.one.company == "GB":
        # Find the cards through the person's own rows: somebody else's card may have the number already.
        mark = f"-p{likeness.one.number:03}-{likeness.one.company}"
        cards = " UNION ".join(
            f"SELECT hire_customer_id FROM {table} WHERE instr({column}, '{mark}')"
            for table, column in (("hire_agreements", "remarks"), ("licence_checks", "answer"))
        )
        organisation.run(
            f"UPDATE hire_customers SET phone = '{new}' WHERE id IN ({cards})", database="hire.db"
        )


def _device(organisation: Organisation, likeness: Likeness) -> None:
    """Both use one device at the same time; the register ties a device to one company's app."""
    if likeness.one.company != likeness.other.company:
        return
    shared = f"(SELECT min(device_id) FROM device_accounts WHERE account_id IN {likeness.other.accounts})"
    for table in ("devices", "web_sessions", "device_accounts"):
        some = "AND device_id IS NOT NULL"
        organisation.run(
            f"UPDATE {table} SET device_id = coalesce({shared}, device_id) "
            f"WHERE account_id IN {likeness.one.accounts} {some}"
        )


def _tablet(organisation: Organisation, likeness: Likeness) -> None:
    """One had the device until a moment, the other has had it since."""
    if likeness.one.company != likeness.other.company:
        return
    _device(organisation, likeness)
    before, after = likeness.one.accounts, likeness.other.accounts
    organisation.run(
        f"UPDATE device_accounts SET until = '{HANDED_ON}' WHERE account_id IN {before}",
        f"UPDATE device_accounts SET since = '{HANDED_ON}', until = NULL WHERE account_id IN {after}",
        f"DELETE FROM devices WHERE account_id IN {before} AND last_seen_at >= '{HANDED_ON}'",
        f"DELETE FROM devices WHERE account_id IN {after} AND first_seen_at < '{HANDED_ON}'",
        f"DELETE FROM web_sessions WHERE account_id IN {before} AND datetime(ended_at, 'unixepoch') >= '{HANDED_ON}'",
        f"DELETE FROM web_sessions WHERE account_id IN {after} AND datetime(started_at, 'unixepoch') < '{HANDED_ON}'",
    )


def _merge(organisation: Organisation, likeness: Likeness) -> None:
    if likeness.one.company == likeness.other.company:
        values = f"'{likeness.one.company}', '{likeness.one.id}', '{likeness.other.id}', '{HANDED_ON}'"
        organisation.run(f"INSERT INTO customer_merges VALUES ({values})")


def _name(organisation: Organisation, likeness: Likeness) -> None:
    for column in ("given_name", "family_name", "street", "date_of_birth"):
        new = _one(organisation, column, likeness.other).replace("'", "''")
        where = f"company = '{likeness.one.company}' AND id = '{likeness.one.id}'"
        organisation.run(f"UPDATE customers SET {column} = '{new}' WHERE {where}")


_MAKE = {
    "email": _email,
    "phone": _phone,
    "device": _device,
    "tablet": _tablet,
    "merge": _merge,
    "name": _name,
}
