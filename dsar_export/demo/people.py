"""The two hundred people of the example organisation; some are easily mistaken for each other."""

import random
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from dsar_export.demo.companies import DE, FR, GB, Company
from dsar_export.demo.lookalikes import LOOK_ALIKES, RECYCLED_EMAIL

PEOPLE: Final = 200
DEMO_PERSON: Final = 1

# Given name, family name, and the local part of the email address: names that break careless software, then the
# people in lookalikes.py whose names matter.
_SPECIAL_NAMES: Final = {
    1: ("Alex", "Fielding", "alex.fielding"),
    2: ("Alex", "Fielding", "alex.fielding2"),
    3: ("Zo\u00eb", 'O\'Brien-"\u00dcnal"', "zo\u00eb.obrien"),
    4: ("\u0646\u0648\u0631", "\u0627\u0644\u062d\u0633\u0646", "nour"),
    5: ("\u05e0\u05d5\u05e2\u05d4", "\u05db\u05d4\u05df", "noa"),
    6: ("Ame\u0301lie", "S\u030ckvorecky\u0301", "amelie"),
    7: ("\u674e", "\U00020bb7\u7530", "li"),
    8: ("Sam \U0001f468\u200d\U0001f680", "Zero\u200bWidth", "sam"),
    9: ("=1+1", "@SUM(A1:A9)", "formula"),
    10: ("<b>Pat</b>", "&amp; Sons", "markup"),
    11: ("{0} %s", "%(name)s", "format"),
    12: ("Null", "before\x00after", "nul"),
    13: ("Jo", "Lake", "jo_lake"),
    14: ("Jo", "Lake", "joxlake"),
    15: ("Alexandra", "Fielding", "alex.fielding+shop"),
    31: ("Ivy", "Barlow", "ivy.barlow"),
    32: ("Max", "Barlow", "max.barlow"),
    33: ("Pia", "Stone", "pia.stone"),
    34: ("Ned", "Stone", "ned.stone"),
    41: ("Kit", "Marlow", "kit.marlow"),
    42: ("Kay", "Marlow", "k.marlow"),
    51: ("Lou", "Hale", "lou.hale"),
    52: ("Louise", "Hale", "louise.hale"),
    61: ("Nina", "Harper", "the.harpers"),
    62: ("Tom", "Harper", "the.harpers"),
    71: ("Rosa", "Lind", "rosa.lind"),
    72: ("Otto", "Lind", "otto.lind"),
}
_NAMES: Final = {
    GB: (
        ("Ada", "Ben", "Cleo", "Dev", "Ewa", "Femi", "Grace", "Hugo", "Isla", "Jun", "Kofi"),
        ("Marsh", "Nowak", "Okoye", "Patel", "Quinn", "Reid", "Shaw", "Tran", "Usman"),
    ),
    FR: (
        ("Camille", "L\u00e9o", "Manon", "Th\u00e9o", "In\u00e8s", "Jules", "Chlo\u00e9"),
        ("Martin", "Lef\u00e8vre", "Petit", "Durand", "Moreau", "Diallo"),
    ),
    DE: (
        ("Jonas", "Lena", "Finn", "Mia", "J\u00f6rg", "Anja", "K\u00e4the"),
        ("M\u00fcller", "Schmidt", "Weber", "Kr\u00fcger", "Y\u0131lmaz"),
    ),
}

# Earlier email addresses, with the moment at which the person changed to the current one.
_MOVED: Final = datetime(2023, 7, 1, tzinfo=UTC)
_EARLIER_EMAILS: Final = {
    RECYCLED_EMAIL.first: ("k.marlow@example.org", datetime(2022, 12, 1, tzinfo=UTC)),
    RECYCLED_EMAIL.second: ("kay.marlow@example.org", datetime(2023, 1, 1, tzinfo=UTC)),
}
_IN_BRITAIN: Final = {*range(1, 16), *(n for pair in LOOK_ALIKES for n in (pair.first, pair.second))}


@dataclass(frozen=True)
class Person:
    """One human being; `number` counts from 1. `earlier_email` was theirs until `email_changed_at`."""

    number: int
    given_name: str
    family_name: str
    email: str
    earlier_email: str | None
    email_changed_at: datetime
    date_of_birth: date
    ip_addresses: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


def companies_of(number: int) -> tuple[Company, ...]:
    """The companies that have a person as a customer; the demo person is a customer of all."""
    if number == DEMO_PERSON:
        return GB, FR, DE
    found = []
    if number % 4 != 3 or number in _IN_BRITAIN:
        found.append(GB)
    if number % 3 == 1:
        found.append(FR)
    if number % 5 == 0:
        found.append(DE)
    return tuple(found) or (FR,)


def make_people(rng: random.Random) -> tuple[Person, ...]:
    """All people, in the order of their numbers."""
    return tuple(_person(number, rng) for number in range(1, PEOPLE + 1))


def letter_cases(email: str) -> tuple[str, str, str]:
    """The same address as three systems write it."""
    return email, email.upper(), email.title()


def _person(number: int, rng: random.Random) -> Person:
    given_name, family_name, local_part = _SPECIAL_NAMES.get(number) or _plain_name(number)
    earlier, changed_at = _EARLIER_EMAILS.get(number, (None, _MOVED))
    if earlier is None and number % 6 == 0:
        earlier = f"{local_part}@mail.example.org"
    return Person(
        number=number,
        given_name=given_name,
        family_name=family_name,
        email=f"{local_part}@example.org",
        earlier_email=earlier,
        email_changed_at=changed_at,
        date_of_birth=date(1950, 1, 1) + timedelta(days=rng.randrange(20_000)),
        # People with consecutive numbers share one IP address, as people in one household do.
        ip_addresses=(
            f"192.0.2.{number}",
            f"203.0.113.{number // 2}",
            f"198.51.100.{number}",
            f"2001:db8::{number:x}",
        ),
    )


def _plain_name(number: int) -> tuple[str, str, str]:
    given_names, family_names = _NAMES[companies_of(number)[-1]]
    given_name = given_names[number % len(given_names)]
    family_name = family_names[number % len(family_names)]
    local_part = unicodedata.normalize("NFKD", f"{given_name}.{family_name}".lower())
    return given_name, family_name, local_part.encode("ascii", "ignore").decode() + str(number)
