"""The texts of all pages, as the reader's language has them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import Texts, message
from dsar_export.language.formats import file_size, instant, number
from dsar_export.language.letter_words import language_of_dates
from dsar_export.model.request import Right
from dsar_export.use_cases.downloads import Offer

Facts = Sequence[tuple[str, str]]

_RIGHTS: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.ACCESS: message("Access to your data (Art. 15 {gdpr})"),
        Right.PORTABILITY: message("Your data to take with you (Art. 20 {gdpr})"),
    }
)
RIGHTS_IN_SHORT: Final[Mapping[Right, str]] = MappingProxyType(
    {Right.ACCESS: message("Access to your data"), Right.PORTABILITY: message("Your data to take with you")}
)


def facts(words: Texts, offer: Offer, zone: str) -> Facts:
    """What is known of a package: nothing of what is in it."""
    dates = language_of_dates(words.language)

    def at(moment: datetime) -> str:
        return instant(moment.isoformat(), dates, zone)

    return [
        (words.phrase("Right"), words.phrase(_RIGHTS[offer.right])),
        (words.phrase("Reference"), offer.reference),
        (words.phrase("Size"), file_size(offer.size, dates)),
        (words.phrase("Made on"), at(offer.published_at)),
        (words.phrase("Downloads left"), number(offer.left, dates)),
        (words.phrase("This link works until"), at(offer.expires_at)),
    ]


def steps(words: Texts, *, opener: bool) -> Sequence[str]:
    """How a package is opened, in the order of what one does."""
    if opener:
        return (
            words.phrase(
                "Save the page that opens packages (above) on your computer, or leave it open. It works in any "
                "up-to-date browser, without the internet, and sends nothing anywhere."
            ),
            words.phrase("Download the package and choose it in that page."),
            words.phrase("Type in the passphrase. How you get it is described below."),
        )
    return (
        words.phrase("Download the package. It is a ZIP file, encrypted with AES-256."),
        words.phrase(
            "Open it with 7-Zip (Windows), Keka (macOS) or 7z (Linux). What Windows and macOS bring along opens no "
            "ZIP files that are encrypted in this way."
        ),
        words.phrase(
            "Type in the passphrase. How you get it is described below. Then begin with report.pdf: it explains "
            "everything else."
        ),
    )


def other_programs(words: Texts) -> str:
    return words.phrase(
        "7-Zip (Windows), Keka (macOS) and 7z (Linux) open it too. What Windows and macOS bring along does not."
    )


def passphrase_by_staff(words: Texts, contact: str) -> str:
    return words.phrase(
        "Ask us for it and name the reference: {contact}. We make sure that it is you, and give it to you by another "
        "way than the one by which you got this link.",
        contact=contact,
    )


def passphrase_by_post(words: Texts) -> str:
    return words.phrase("We send it to you by post, to the address that we have of you.")


def gone(words: Texts) -> Sequence[str]:
    """Why a link may lead nowhere, in the same words whatever the reason is."""
    return (
        words.phrase("A link works for a few days and for a few downloads. This one may be used up, or too old."),
        words.phrase(
            "Perhaps your data were packed anew since. Then links to what there was before no longer work, a download "
            "that was under way breaks off, and a newer message from us has a newer link."
        ),
        words.phrase(
            "Perhaps the address is incomplete. Open the link in the message again, or copy it as a whole."
        ),
    )
