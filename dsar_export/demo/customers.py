"""Customers: people as one company knows them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dsar_export.demo.canaries import canary
from dsar_export.demo.companies import COMPANIES, DE, FR, GB, Company
from dsar_export.demo.lookalikes import RECYCLED_EMAIL, SHARED_PHONE
from dsar_export.demo.people import DEMO_PERSON, PEOPLE, Person, companies_of

PLACES: Final = {
    GB: (
        ("Mill Lane", "Station Road", "High Street", "Church Walk", "The Green"),
        ("Keswick", "Buxton", "Oban", "Brecon", "Newcastle, Co. Down"),
    ),
    FR: (
        ("rue des Lilas", "avenue de la Gare", "chemin du Moulin", "place de l\u2019\u00c9glise"),
        ("Annecy", "Brian\u00e7on", "Gap", "Saint-\u00c9tienne"),
    ),
    DE: (
        ("Bergstra\u00dfe", "M\u00fchlenweg", "Am Bahnhof", "Gr\u00fcner Weg"),
        ("Hamburg", "Goslar", "F\u00fcssen", "Bad T\u00f6lz"),
    ),
}
_ACCOUNT_LETTERS: Final = {GB: "A", FR: "AF", DE: "AD"}
_LATEST_START: Final = date(2022, 12, 10)
_SINCE: Final = {
    (DEMO_PERSON, GB): date(2016, 5, 12),
    (DEMO_PERSON, FR): date(2021, 4, 20),
    (DEMO_PERSON, DE): date(2022, 9, 1),
    (RECYCLED_EMAIL.first, GB): date(2019, 3, 1),
    (RECYCLED_EMAIL.second, GB): date(2020, 2, 3),
}
_ENDED_ON: Final = date(2018, 11, 30)  # more than seven years before the last of the data


@dataclass(frozen=True)
class EmailPeriod:
    """An email address and the time in which it was the customer's; `until` is exclusive."""

    email: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Customer:
    """A person as one company knows them; `ended_on` is the day on which they stopped being its customer."""

    person: Person
    company: Company
    id: str
    phone: str
    street: str
    city: str
    postcode: str
    since: date
    ended_on: date | None

    @property
    def is_demo_person(self) -> bool:
        """Whether this is the demo person at the company from which the demo exports."""
        return self.person.number == DEMO_PERSON and self.company is GB

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The accounts, starting with the one in use; a few people once opened a second one."""
        # Not padded: A-1 is a prefix of A-10, which a careless comparison would treat as equal.
        first = f"{_ACCOUNT_LETTERS[self.company]}-{self.person.number}"
        return (first, f"{first}-app") if self.person.number % 10 == 1 else (first,)

    @property
    def emails(self) -> tuple[EmailPeriod, ...]:
        """Every email address that was ever the customer's, ending with the current one."""
        start = datetime.combine(self.since, time(), UTC)
        person = self.person
        if person.earlier_email is None:
            return (EmailPeriod(person.email, start, None),)
        changed_at = person.email_changed_at
        return (
            EmailPeriod(person.earlier_email, start, changed_at),
            EmailPeriod(person.email, changed_at, None),
        )

    def email_at(self, at: datetime) -> str:
        """The email address that the customer had at a moment."""
        return [e.email for e in self.emails if e.since <= at][-1]

    def mark(self, table: str) -> str:
        """The canary of this customer's rows in a table."""
        return canary(self.person.number, table, self.company.code)


def make_customers(people: Sequence[Person], rng: random.Random) -> tuple[Customer, ...]:
    """Every person once for each of their companies, sorted by company and person number."""
    return tuple(
        _customer(person, company, rng)
        for company in COMPANIES
        for person in people
        if company in companies_of(person.number)
    )


def customer_id(number: int, company: Company) -> str:
    """A company's customer number for a person: Britain counts people from the first, the others from the last.

    So C-1 is three people, one of whom is the demo person.
    """
    if company is GB:
        return f"C-{number}"
    return f"C-{sum(company in companies_of(other) for other in range(number, PEOPLE + 1))}"


def active(customers: Sequence[Customer]) -> tuple[Customer, ...]:
    """The current customers."""
    return tuple(c for c in customers if c.ended_on is None)


def _customer(person: Person, company: Company, rng: random.Random) -> Customer:
    number = person.number
    streets, cities = PLACES[company]
    house, street = rng.randrange(1, 200), rng.choice(streets)
    since = _SINCE.get((number, company), _LATEST_START - timedelta(days=rng.randrange(2000)))
    ended = company is GB and number % 46 == 0
    return Customer(
        person=person,
        company=company,
        id=customer_id(number, company),
        phone=phone_of(number, company),
        street=f"{street} {house}" if company is DE else f"{house} {street}",
        city=rng.choice(cities),
        postcode=f"ZZ{number} {rng.randrange(1, 10)}AA" if company is GB else f"{99000 + number}",
        since=date(2011, 4, 1) if ended else since,
        ended_on=_ENDED_ON if ended else None,
    )


def phone_of(number: int, company: Company) -> str:
    """A telephone number from a range reserved for fiction, written in one of several ways."""
    if number == SHARED_PHONE.second:
        number = SHARED_PHONE.first
    # Foreign numbers always have a country code: the link to the hire desk reads numbers without one as British.
    if company is FR:
        return f"+33 6 39 98 {number // 100:02} {number % 100:02}"
    if company is DE:
        return f"+49 40 66969 {number:03}"
    digits = f"900{number:03}"
    return (f"07700 {digits}", f"+44 7700 {digits}", f"07700-{digits[:3]}-{digits[3:]}")[number % 3]
