"""Data from third parties about customers, conclusions about them, and disclosures of their data."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from dsar_export.demo.companies import DE, FR, GB
from dsar_export.demo.customers import Customer, active
from dsar_export.demo.profiles import AGENCIES
from dsar_export.demo.rows import Row, iso, later

_FIRST_DAY: Final = datetime(2023, 3, 1, tzinfo=UTC)
_DAYS: Final = 1200

# Source, its kind, reason for the enquiry, category, content; the first entry of each language is the credit agency.
_REPORTS: Final = {
    "en": (
        (None, "CRA", "Payment after delivery", "Credit score", "No unpaid bills in six years."),
        ("Example Fraud Bureau", "FRD", "Prevention of fraud", "Warning list", "Not listed."),
        ("Example Claims Register", "CLM", "A damaged parcel", "History of claims", "One claim, 2022, paid."),
        ("Example Market Research", "RES", "Statistics", "Household", "Two adults, one dog, hikes weekly."),
        ("Electoral register", "PUB", "Address check", "Address", "Found at this address since 2015."),
    ),
    "fr": (
        (None, "CRA", "Paiement apr\u00e8s livraison", "Score de cr\u00e9dit", "Aucun incident de paiement."),
        ("R\u00e9seau social Exemple", "SOC", "Concours photo", "Profil public", "Suit nos annonces."),
    ),
    "de": (
        (None, "CRA", "Kauf auf Rechnung", "Bonit\u00e4t", "Keine offenen Forderungen bekannt."),
        ("Melderegister", "PUB", "Adresspr\u00fcfung", "Anschrift", "Unter der Anschrift gemeldet."),
    ),
}
_SCORES: Final = {
    "en": "From 0 to 999; higher is better.",
    "fr": "De 0 \u00e0 999\u00a0; plus c\u2019est \u00e9lev\u00e9, mieux c\u2019est.",
    "de": "Von 0 bis 999; je h\u00f6her, desto besser.",
}

# Kind, name, value, meaning of the score, logic, data used, consequence.
_CONCLUSIONS: Final = {
    "en": (
        ("G", "Interest", "Weekend hikers", None, "Most of your orders are boots and maps.",
         "Orders of two years", "You see boots first on our start page."),
        ("S", "Chance that you order again", "Likely", "From 0 to 1; it changes no price.",
         "Days since the last order count half, the number of orders the other half.",
         "Dates of your orders", "Above 0.6 you get no voucher."),
        ("P", "Payment after delivery", "Offered", "From 0 to 1; above 0.5 it is offered.",
         "The agency's score counts seven tenths, paid orders three tenths.",
         "Credit score, payments", "You may pay within thirty days of delivery."),
    ),
    "fr": (
        ("G", "Centre d\u2019int\u00e9r\u00eat", "Randonneurs du week-end", None,
         "Vos achats sont surtout des chaussures.", "Commandes de deux ans", "Ordre des produits affich\u00e9s."),
        ("P", "Paiement apr\u00e8s livraison", "Propos\u00e9", "De 0 \u00e0 1\u00a0; propos\u00e9 au-dessus de 0,5.",
         "Le score compte pour sept dixi\u00e8mes.", "Score, paiements", "Vous pouvez payer sous trente jours."),
    ),
    "de": (
        ("G", "Interesse", "Wochenendwanderer", None, "Sie kaufen vor allem Schuhe.",
         "Bestellungen aus zwei Jahren", "Sie sehen zuerst Schuhe."),
        ("P", "Kauf auf Rechnung", "Angeboten", "Von 0 bis 1; \u00fcber 0,5 wird er angeboten.",
         "Die Auskunft z\u00e4hlt sieben Zehntel.", "Bonit\u00e4t, Zahlungen", "Sie k\u00f6nnen auf Rechnung kaufen."),
    ),
}  # fmt: skip

# The other company of the group that advertises, by the company that disclosed the data.
_SISTERS: Final = {
    GB: ("Acme Draussen GmbH", "DE"),
    FR: ("Acme Outdoor Ltd", "GB"),
    DE: ("Acme Outdoor Ltd", "GB"),
}

# Recipient, kind, categories, purpose, basis, country, safeguard; None as recipient is the other company.
_DISCLOSURES: Final = (
    ("Example Parcels Ltd", "C", "name, address, phone number", "delivery", "contract", "GB", None),
    ("Example Mail Inc.", "P", "name, email address", "newsletter", "A6-1-a", "US", "A46-2-c"),
    (None, "G", "name, address", "advertising of the group", "A6-1-f", None, None),
    (
        "Example Fraud Bureau",
        "C",
        "name, payments that failed",
        "warning list",
        "prevention of fraud",
        "GB",
        None,
    ),
    ("County Court Business Centre", "T", "name, address, unpaid bill", "claim", "legal claims", "GB", None),
)


def third_party_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """A credit score for everybody, and reports from one or more other sources."""
    number = 0
    for customer in customers:
        language = customer.company.language
        reports = _REPORTS[language]
        others = reports[1:] if customer.is_demo_person else (rng.choice(reports[1:]),)
        for name, kind, reason, category, content in (reports[0], *others):
            number += 1
            score = float(rng.randrange(300, 999)) if kind == "CRA" else None
            obtained = later(_FIRST_DAY, rng, _DAYS)
            reference = f"{kind}-{rng.randrange(10**6):06}"
            yield (
                number,
                customer.company.code,
                customer.id,
                name or AGENCIES[customer.company],
                kind,
                iso(obtained),
                reason,
                category,
                f"{content} {customer.mark('third_party_data')}",
                score,
                _SCORES[language] if score else None,
                reference,
                json.dumps({"ref": reference, "result": {"code": kind, "score": score}}),
            )


def profiling_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """The shop's conclusions about current customers, with the logic behind them."""
    number = 0
    for customer in active(customers):
        for kind, name, value, meaning, logic, used, consequence in _CONCLUSIONS[customer.company.language]:
            number += 1
            computed = later(_FIRST_DAY, rng, _DAYS)
            yield (
                number,
                customer.company.code,
                customer.id,
                kind,
                name,
                f"{value} {customer.mark('profiling')}",
                round(0.5 + rng.randrange(50) / 100, 2) if meaning else None,
                meaning,
                logic,
                used,
                iso(computed),
                f"2024.{rng.randrange(1, 9)}",
                int(kind == "P"),
                consequence,
                (computed + timedelta(days=365)).date().isoformat(),
            )


def disclosure_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """Recipients of current customers' data: the carrier, and one other recipient or, for the demo person, all."""
    number = 0
    for customer in active(customers):
        made = _DISCLOSURES if customer.is_demo_person else (_DISCLOSURES[0], rng.choice(_DISCLOSURES[1:]))
        sister, its_country = _SISTERS[customer.company]
        for recipient, kind, categories, purpose, basis, country, safeguard in made:
            number += 1
            yield (
                number,
                customer.company.code,
                customer.id,
                recipient or sister,
                kind,
                iso(later(_FIRST_DAY, rng, _DAYS)),
                categories,
                purpose,
                basis,
                country or its_country,
                safeguard,
                f"OUT-{number} {customer.mark('disclosures')}",
            )
