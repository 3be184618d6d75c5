"""Messages between customers and companies, feedback, and marketing preferences."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from dsar_export.demo.canaries import shared_mark
from dsar_export.demo.companies import GB
from dsar_export.demo.customers import Customer, active
from dsar_export.demo.hostile_text import hostile
from dsar_export.demo.people import letter_cases
from dsar_export.demo.rows import Row, iso, later

_FIRST_DAY: Final = datetime(2024, 2, 1, tzinfo=UTC)
_DAYS: Final = 950
_SERVICE: Final = {
    "en": "service@acme.example.org",
    "fr": "bonjour@acme-plein-air.example.org",
    "de": "service@acme-draussen.example.org",
}

# Channel, direction, topic, template, subject, body; {name} is the customer.
_MESSAGES: Final = {
    "en": (
        ("E", "O", "order", "order-thanks-3", "Thank you for your order", "Dear {name}, we are packing it."),
        ("E", "I", "return", None, "Tent pole bent", "Hello, one pole came bent. May I send it back? {name}"),
        ("E", "O", "return", None, "Your return", "Dear {name}, of course. The label is attached."),
        ("C", "I", "delivery", None, None, "{name}: is somebody at the store on Sunday?"),
        ("S", "O", "delivery", "sms-1", None, "{name}, your parcel comes today between 2 and 4 pm."),
        (
            "L",
            "O",
            "warranty",
            None,
            "Your tent is called back",
            "Dear {name}, please bring it to any store.",
        ),
    ),
    "fr": (
        (
            "E",
            "O",
            "commande",
            "merci-2",
            "Merci de votre commande",
            "Bonjour {name}, nous la pr\u00e9parons.",
        ),
        ("E", "I", "retour", None, "Chaussures trop petites", "Bonjour, puis-je les \u00e9changer ? {name}"),
        ("C", "I", "livraison", None, None, "{name} : quand mon colis arrive-t-il ?"),
        ("S", "O", "livraison", "sms-1", None, "{name}, votre colis arrive aujourd'hui."),
    ),
    "de": (
        (
            "E",
            "O",
            "Bestellung",
            "danke-2",
            "Danke f\u00fcr Ihre Bestellung",
            "Guten Tag {name}, sie wird gepackt.",
        ),
        (
            "E",
            "I",
            "R\u00fcckgabe",
            None,
            "Rei\u00dfverschluss klemmt",
            "Gr\u00fc\u00dfe, darf ich tauschen? {name}",
        ),
        ("C", "I", "Lieferung", None, None, "{name}: Kommt das Paket noch vor \u00d6ffnung der H\u00fctte?"),
    ),
}

# Pairs of customers on the marketplace; the first asks the second about an article.
NEIGHBOURS: Final = ((5, 6), (21, 22))

_FEEDBACK: Final = {
    "en": ("boots", "The left boot squeaks.", "We are sorry; wax helps, and new ones are on their way."),
    "fr": ("tente", "Montage difficile sans notice.", "Nous vous envoyons la notice, avec nos excuses."),
    "de": ("Rucksack", "Der Tr\u00e4ger rei\u00dft ein.", "Das tut uns leid; Sie bekommen einen neuen."),
}
_WORDINGS: Final = {
    "en": (
        "Send me news and offers by email, at most twice a month.",
        "We may send you our catalogue by post.",
    ),
    "fr": ("Envoyez-moi vos offres par e-mail.", "Nous pouvons vous envoyer notre catalogue par la poste."),
    "de": (
        "Schicken Sie mir Angebote per E-Mail.",
        "Wir d\u00fcrfen Ihnen den Katalog mit der Post schicken.",
    ),
}


def communication_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """A few messages between each current customer and the company, then questions between neighbours."""
    number = 0
    for customer in active(customers):
        templates = _MESSAGES[customer.company.language]
        for turn in range(len(templates) if customer.is_demo_person else 1 + rng.randrange(2)):
            number += 1
            yield _message(number, customer, templates[(customer.person.number + turn) % len(templates)], rng)
    by_number = {c.person.number: c for c in customers if c.company is GB}
    for first, second in NEIGHBOURS:
        number += 1
        yield _question(number, by_number[first], by_number[second], rng)


def _message(number: int, customer: Customer, template: tuple[str | None, ...], rng: random.Random) -> Row:
    channel, direction, topic, name, subject, body = template
    sent_at = later(_FIRST_DAY, rng, _DAYS)
    theirs = _address_on(customer, channel, sent_at, rng)
    ours = _SERVICE[customer.company.language]
    text = (body or "").replace("{name}", customer.person.name)
    return (
        f"M-{number}",
        customer.company.code,
        customer.id,
        direction,
        channel,
        ours if direction == "O" else theirs,
        theirs if direction == "O" else ours,
        subject,
        f"{text}\n{hostile(number)}\n-- {customer.mark('communications')}",
        iso(sent_at),
        iso(sent_at + timedelta(seconds=rng.randrange(1, 90))) if direction == "O" else None,
        topic,
        name,
        json.dumps(["return-label.pdf"]) if topic == "return" and direction == "O" else "[]",
        f"Clerk {rng.randrange(1, 6)}" if name is None else None,
    )


def _address_on(customer: Customer, channel: str | None, sent_at: datetime, rng: random.Random) -> str:
    """The customer's address on a channel, as the sender wrote it."""
    if channel == "L":
        return f"{customer.street}, {customer.postcode} {customer.city}"
    if channel == "S":
        return customer.phone
    return rng.choice(letter_cases(customer.email_at(sent_at)))


def _question(number: int, first: Customer, second: Customer, rng: random.Random) -> Row:
    """A message that concerns two customers and therefore contains neither's canary."""
    sent_at = later(_FIRST_DAY, rng, _DAYS)
    return (
        f"M-{number}",
        first.company.code,
        None,
        None,
        "A",
        first.email_at(sent_at),
        second.email_at(sent_at),
        "Your tent for sale",
        f"Is it still waterproof? {shared_mark(first.person.number, second.person.number)}",
        iso(sent_at),
        iso(sent_at + timedelta(seconds=2)),
        "marketplace",
        None,
        "[]",
        None,
    )


def feedback_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """Feedback from every third customer, with the answer if there is one."""
    number = 0
    for customer in customers:
        if customer.person.number % 3 != 1:
            continue
        number += 1
        topic, text, answer = _FEEDBACK[customer.company.language]
        received = later(_FIRST_DAY, rng, _DAYS)
        if customer.ended_on is not None:
            received = datetime(2018, 10, 2, 9, tzinfo=UTC)
        answered = number % 5 != 0
        yield (
            number,
            customer.company.code,
            customer.id,
            rng.choice("PELSWAI"),
            iso(received),
            topic,
            rng.randrange(1, 6),
            f"{text} {hostile(number)} {customer.mark('feedback')}",
            answer if answered else None,
            iso(received + timedelta(days=2)) if answered else None,
            "answered" if answered else "received",
            json.dumps(["photo.jpg", "r\u00e9ceipt.pdf"] if number % 2 else []),
            f"Clerk {rng.randrange(1, 6)}" if answered else None,
        )


def marketing_preference_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """Each customer's preference for newsletter and catalogue, some of them withdrawn."""
    number = 0
    for customer in customers:
        newsletter, catalogue = _WORDINGS[customer.company.language]
        given = datetime(customer.since.year, customer.since.month, customer.since.day, 9, tzinfo=UTC)
        withdrawn = given + timedelta(days=200 + rng.randrange(1200)) if rng.random() < 0.3 else None
        objected = (
            given + timedelta(days=100 + rng.randrange(1500)) if customer.person.number % 4 == 1 else None
        )
        for channel, topic, wording in (("E", "newsletter", newsletter), ("P", "catalogue", catalogue)):
            number += 1
            by_email = channel == "E"
            ended = withdrawn if by_email else objected
            in_transit = None if by_email or ended is None else ended + timedelta(days=21)
            yield (
                number,
                customer.company.code,
                customer.id,
                channel,
                topic,
                ("G" if ended is None else "W") if by_email else ("N" if ended is None else "O"),
                f"{topic}-{given.year}",
                wording,
                iso(given) if by_email else None,
                "W" if by_email else None,
                iso(given + timedelta(minutes=rng.randrange(1, 600))) if by_email else None,
                None if ended is None else iso(ended),
                None if ended is None else ("U" if by_email else "T"),
                f"form {rng.randrange(10_000):04} {customer.mark('marketing_preferences')}",
                None if in_transit is None else in_transit.date().isoformat(),
            )
