"""The texts about getting the answer and opening it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message

GETTING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "get_answer": message("Get your answer"),
        "get_is": message(
            "It is an encrypted file, which only a passphrase opens. The button leads to a page of its own, which "
            "works for seven days and three downloads."
        ),
        "get_it": message("To the download"),
        "get_size": message("Size"),
        "get_apart": message(
            "We never give you the passphrase by the mailbox that your code went to: whoever reads only that one gets "
            "nothing that opens the file."
        ),
        "get_by_code": message(
            "On the next page, a code can be sent to another address that we have of you. Enter it there, and the "
            "passphrase is shown."
        ),
        "get_by_staff": message(
            "Ask us for the passphrase: {contact}. We make sure that it is you, and give it to you in person or on the "
            "telephone."
        ),
        "get_by_post": message("The passphrase comes to you in a letter."),
        "get_given_out": message(
            "The passphrase was given out already. If you do not have it, write to {contact}: the file can be made "
            "anew, with another one."
        ),
        "open_here": message("Open it right here"),
        "open_here_is": message(
            "Works on a telephone too. Download the file first; then open this page, choose the downloaded file, and "
            "type or paste the passphrase. The page sends nothing anywhere."
        ),
        "open_page": message("Open the page and choose the downloaded file"),
        "get_too_often": message("You have asked for several links already. Please try again later."),
        "get_not_now": message(
            "That is not possible just now. Look at your request again, or come back with a new code."
        ),
    }
)
