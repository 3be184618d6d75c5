"""The texts of all pages, in the reader's language."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import Texts, message
from dsar_export.language.formats import file_size, minute, number
from dsar_export.language.letter_words import language_of_dates
from dsar_export.model.request import Right
from dsar_export.use_cases.downloads import Offer

Facts = Sequence[tuple[str, str]]


class Notice(StrEnum):
    """What a page without anything else says."""

    GONE = "gone"
    CROWDED = "crowded"
    UNAVAILABLE = "unavailable"
    DAMAGED = "damaged"
    CROSS_SITE = "cross_site"
    TOO_MUCH = "too_much"
    LATE = "late"


_RIGHTS: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.ACCESS: message("Everything that we hold (access, Article 15)"),
        Right.PORTABILITY: message("Data to take elsewhere (portability, Article 20)"),
    }
)
_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "answer": message("The answer to your request"),
        "answer_is": message("It is one package, encrypted, which only a passphrase opens."),
        "opening": message("How to open it"),
        "opener": message("The page that opens packages"),
        "download": message("Download the package"),
        "download_again": message(
            "A download that breaks off can be resumed by your browser, and does not count a second time."
        ),
        "passphrase": message("The passphrase"),
        "by_code": message(
            "A code goes to another address that we have of you, never to the one that got this link: whoever reads "
            "only one mailbox of yours gets nothing. Enter the code on the next page, and it shows the passphrase."
        ),
        "send_code": message("Send the code to my other address"),
        "has_code": message("I have a code already"),
        "by_staff": message(
            "Ask us for it, and name the reference: {contact}. We make sure that it is you, and give it to you by "
            "another way than this link came."
        ),
        "or_by_staff": message(
            "Or ask us for it, and name the reference: {contact}. We make sure that it is you, and give it to you by "
            "another way than this link came."
        ),
        "by_post": message("It comes to you in a letter."),
        "or_by_post": message("Or it comes to you in a letter, if you ask us for that: {contact}."),
        "given_out": message(
            "It was given out already. If you do not have it, write to {contact}: the package can be made anew, with "
            "another passphrase."
        ),
        "enter_code": message("Enter the code"),
        "on_its_way": message(
            "If we have another address of yours, a code is on its way to it, and is valid for a few minutes. "
            "Otherwise ask us for the passphrase: {contact}."
        ),
        "perhaps_on_its_way": message(
            "If this link still works and we have another address of yours, a code is on its way to that address, and "
            "is valid for a few minutes. If nothing comes, ask for another link, or write to us."
        ),
        "code": message("Code"),
        "code_hint": message("Six digits"),
        "wrong_code": message(
            "This code does not count. Look at it again; after a few tries, or some minutes, you need another one."
        ),
        "show": message("Show the passphrase"),
        "have_paper": message("It is shown only once, so have something to write at hand."),
        "your_passphrase": message("Your passphrase"),
        "note_down": message(
            "Note it down now, exactly as it stands here, with the hyphens. It is not shown again, and we do not keep "
            "it."
        ),
        "keep_apart": message("Keep it apart from the package, and give it to nobody. We never ask for it."),
        "lost_passphrase": message(
            "If you lose it, write to {contact}: the package can be made anew, with another passphrase."
        ),
        "back": message("Back to the package"),
        "lost_link": message("Ask for another link"),
        "lost_link_is": message(
            "If your link is lost or no longer works, enter the reference of your request, which is in each of our "
            "messages."
        ),
        "reference": message("Reference"),
        "reference_hint": message("Such as {example}"),
        "send_link": message("Send another link"),
        "link_on_its_way": message(
            "If an answer waits under this reference, another link is on its way to the address that the last one went "
            "to. The earlier one works until you download with the new one. You can ask for a few of them a day."
        ),
        "nothing_came": message("If nothing comes within an hour, write to us."),
        "ask_us": message("Questions? Write to us, and name the reference if you have one."),
    }
)
_NOTICES: Final[Mapping[Notice, tuple[str, ...]]] = MappingProxyType(
    {
        Notice.GONE: (
            message("This link leads nowhere"),
            message(
                "A link works for a few days and a few downloads. This one may be used up or too old, or incomplete: "
                "then copy the whole of it out of our message."
            ),
            message(
                "Perhaps the package was made anew since. Then a newer message of ours has a newer link, the earlier "
                "one no longer works, and a download that was under way breaks off."
            ),
        ),
        Notice.CROWDED: (
            message("Too many downloads at once"),
            message("Please try again in a minute. This try does not count."),
        ),
        Notice.UNAVAILABLE: (
            message("We cannot answer just now"),
            message("Something here does not work at the moment. Please try again later; this try does not count."),
        ),
        Notice.DAMAGED: (
            message("The package is damaged"),
            message(
                "It is not as we made it, so it is not sent. Please write to us, so that we make it anew."
            ),
        ),
        Notice.CROSS_SITE: (
            message("This came from another site"),
            message("Open the link in our message, and use the button on that page."),
        ),
        Notice.TOO_MUCH: (
            message("This was too much"),
            message("What your browser sent is longer than anything that this page asks for."),
        ),
        Notice.LATE: (
            message("This took too long"),
            message("What your browser sent did not arrive in time. Please try again."),
        ),
    }
)  # fmt: skip
_STEPS_WITH_OPENER: Final = (
    message(
        "Open it, and save it if you like. It works in an up-to-date browser, without the internet too, and sends "
        "nothing anywhere."
    ),
    message("Download the package, and choose it in that page."),
    message("Type in the passphrase."),
)
_STEPS: Final = (
    message("Download the package. It is a ZIP file, encrypted with AES-256."),
    message(
        "Open it with 7-Zip (Windows), Keka (macOS) or 7z (Linux). What Windows and macOS bring along opens no such "
        "ZIP file."
    ),
    message("Type in the passphrase, and begin with report.pdf, which explains everything else."),
)
_OTHER_PROGRAMS: Final = message(
    "7-Zip (Windows), Keka (macOS) and 7z (Linux) open it as well; what Windows and macOS bring along does not."
)


def page_texts(words: Texts, contact: str, example: str) -> Mapping[str, str]:
    """The texts of the pages, by their names in the templates."""
    return {name: words.phrase(text, contact=contact, example=example) for name, text in _TEXTS.items()}


def notice_texts(words: Texts, notice: Notice) -> Sequence[str]:
    """A heading and its paragraphs."""
    return [words.phrase(text) for text in _NOTICES[notice]]


def facts(words: Texts, offer: Offer, zone: str) -> Facts:
    """What is known of a package: nothing of what is in it."""
    dates = language_of_dates(words.language)

    return [
        (words.phrase("Content"), words.phrase(_RIGHTS[offer.right])),
        (words.phrase("Reference"), offer.reference),
        (words.phrase("Size"), file_size(offer.size, dates)),
        (words.phrase("Made on"), minute(offer.published_at, dates, zone)),
        (words.phrase("Downloads left"), number(offer.left, dates)),
        (words.phrase("This link works until"), minute(offer.expires_at, dates, zone)),
    ]


def steps(words: Texts, *, opener: bool) -> Sequence[str]:
    """How a package is opened, in the order of what one does."""
    return [words.phrase(text) for text in (_STEPS_WITH_OPENER if opener else _STEPS)]


def other_programs(words: Texts) -> str:
    """What opens a package besides the page."""
    return words.phrase(_OTHER_PROGRAMS)
