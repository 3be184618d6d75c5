"""The three companies of the group, with the codes that its databases use for them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Company:
    """One company; `code` is its value in the column `company`, `controller` its name in the register."""

    code: str
    controller: str
    language: str
    zone: str
    currency: str


GB: Final = Company("GB", "acme", "en", "Europe/London", "GBP")
FR: Final = Company("FR", "acme_fr", "fr", "Europe/Paris", "EUR")
DE: Final = Company("DE", "acme_de", "de", "Europe/Berlin", "EUR")
COMPANIES: Final = (GB, FR, DE)
