"""How what was approved reaches the person: what codes are for, and by what ways a passphrase is revealed."""

from enum import StrEnum


class CodePurpose(StrEnum):
    """What a code is for; one for something else never counts."""

    PROVE = "prove"
    """It proves who asks."""
    REVEAL = "reveal"
    """It reveals the passphrase to whoever has a link, and reads another address than the link's."""
    RETURN = "return"
    """It leads whoever proved it before back to a request in the portal."""


class PassphraseWay(StrEnum):
    """A way on which the passphrase reaches the person: none that the mailbox of the link alone gives."""

    CODE = "code"
    """On the page of the link, by a code that goes to another address on file."""
    STAFF = "staff"
    """By staff, on the telephone or at the counter."""
    POST = "post"
    """In a letter."""
    LOGIN = "login"
    """In the organisation's portal, to the person who has just signed in there."""
