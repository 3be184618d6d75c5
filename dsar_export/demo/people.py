"""The fifty customers of the example organisation, chosen so that they are easily mistaken for each other."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

PEOPLE: Final = 50
DEMO_PERSON: Final = 1

# Given name, family name, and what stands before the @. The first two are namesakes; the others try names
# that careless software breaks on, and addresses that look alike to a LIKE.
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
}
_GIVEN_NAMES: Final = ("Ada", "Ben", "Cleo", "Dev", "Ewa", "Femi", "Grace", "Hugo", "Isla", "Jun", "Kofi")
_FAMILY_NAMES: Final = ("Marsh", "Nowak", "Okoye", "Patel", "Quinn", "Reid", "Shaw", "Tran", "Usman")
_STREETS: Final = ("Mill Lane", "Station Road", "High Street", "Church Walk", "The Green")
_CITIES: Final = ("Keswick", "Buxton", "Oban", "Brecon", "Newcastle, Co. Down")


@dataclass(frozen=True)
class Person:
    """One customer; `number` counts from 1."""

    number: int
    given_name: str
    family_name: str
    email: str
    phone: str
    date_of_birth: date
    street: str
    city: str
    postcode: str
    ip_addresses: tuple[str, ...]

    # Not padded: C-1 is the beginning of C-10, which a careless comparison takes for the same.

    @property
    def customer_id(self) -> str:
        return f"C-{self.number}"

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The accounts, the one that is used first; a few people once opened a second."""
        first = f"A-{self.number}"
        return (first, f"{first}-app") if self.number % 10 == 1 else (first,)


def make_people(rng: random.Random) -> tuple[Person, ...]:
    """Everybody, in the order of their numbers."""
    return tuple(_person(number, rng) for number in range(1, PEOPLE + 1))


def letter_cases(email: str) -> tuple[str, str, str]:
    """The same address as three systems write it."""
    return email, email.upper(), email.title()


def _person(number: int, rng: random.Random) -> Person:
    given_name, family_name, local_part = _SPECIAL_NAMES.get(number) or _plain_name(number)
    return Person(
        number=number,
        given_name=given_name,
        family_name=family_name,
        email=f"{local_part}@example.org",
        phone=_phone(number),
        date_of_birth=date(1950, 1, 1) + timedelta(days=rng.randrange(20_000)),
        street=f"{rng.randrange(1, 200)} {rng.choice(_STREETS)}",
        city=rng.choice(_CITIES),
        postcode=f"ZZ{number} {rng.randrange(1, 10)}AA",
        # Neighbours in number share one address, as people of one household do.
        ip_addresses=(
            f"192.0.2.{number}",
            f"192.0.2.{200 + number // 2}",
            f"198.51.100.{number}",
            f"2001:db8::{number:x}",
        ),
    )


def _plain_name(number: int) -> tuple[str, str, str]:
    given_name = _GIVEN_NAMES[number % len(_GIVEN_NAMES)]
    family_name = _FAMILY_NAMES[number % len(_FAMILY_NAMES)]
    return given_name, family_name, f"{given_name}.{family_name}".lower()


def _phone(number: int) -> str:
    """A number of the range that is kept free for fiction, written in one of several ways."""
    # The first two people share a telephone.
    digits = f"900{max(number, 2):03}"
    return (f"07700 {digits}", f"+44 7700 {digits}", f"07700-{digits[:3]}-{digits[3:]}")[number % 3]
