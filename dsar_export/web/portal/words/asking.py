"""The texts of the screens on which somebody asks and proves who they are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.intake import FurtherRight
from dsar_export.use_cases.portal_asking import WishProblem

RIGHTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "access": (
            message("See all the data that is held about me"),
            message("You get everything, with where it came from and who received it (Article 15)."),
        ),
        "portability": (
            message("Take the data that I provided with me"),
            message("You get it in a form that other services can read (Article 20)."),
        ),
        "both": (message("Both"), message("You get two packages.")),
    }
)
ALSO: Final[Mapping[FurtherRight, str]] = MappingProxyType(
    {
        FurtherRight.CORRECTION: message("Correct something that is wrong"),
        FurtherRight.ERASURE: message("Erase data about me"),
        FurtherRight.RESTRICTION: message("Use my data less for now"),
        FurtherRight.OBJECTION: message("Object to what is done with my data"),
    }
)
PROBLEMS: Final[Mapping[WishProblem, str]] = MappingProxyType(
    {
        WishProblem.NOTHING_GIVEN: message("Enter at least one of these, so that your data can be found."),
        WishProblem.UNFIT: message("This cannot be looked up. Look at it again, on one line."),
        WishProblem.WHICH_PERSON: message(
            "Choose what you are to us, so that your data is found in the right place."
        ),
    }
)
ASKING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "portal_navigation": message("Your request"),
        "languages": message("Language"),
        "skip_to": message("Skip to the content"),
        "ask": message("Ask for your data"),
        "follow_one": message("Follow a request"),
        "step": message("Step {step} of 4"),
        "go_on": message("Go on"),
        "step_back": message("Back"),
        "problem": message("Something needs your attention"),
        "ask_is": message(
            "It costs nothing, and you need no reasons. You choose, enter what we know you by, check it, and prove "
            "that it is you: that takes about two minutes."
        ),
        "what": message("What do you want?"),
        "choose_right": message("Choose what you want."),
        "which_company": message("Whom do you ask?"),
        "choose_company": message("Choose whom you ask."),
        "also": message("Anything else?"),
        "also_hint": message(
            "We pass it on to those who do it, and they write to you. You need not choose anything."
        ),
        "who": message("Who are you?"),
        "who_is": message(
            "Enter what we know you by. One is enough; more make it surer that all is found. A code goes to an address "
            "that we already have of you, never to one that is only typed here."
        ),
        "more": message("Other things by which your data may be found"),
        "subject": message("What are you to us?"),
        "subject_hint": message("Leave it open if you are not sure."),
        "not_sure": message("Not sure"),
        "check": message("Check your request"),
        "check_what": message("You want"),
        "check_company": message("You ask"),
        "check_also": message("Also"),
        "check_language": message("We answer in"),
        "change": message("Change something"),
        "next": message("What happens next, and when"),
        "next_prove": message(
            "Now: you prove that it is you, by a code that we send to an address we have of you."
        ),
        "next_collect": message("Then we collect your data from all our systems, and somebody checks it."),
        "next_answer": message(
            "You get the answer by {due} at the latest. On this page you can follow it until then."
        ),
        "why_then": message("Why then: {reason}"),
        "send": message("Send the request"),
        "send_is": message(
            "Only now is anything kept: what you typed, and a cookie by which this browser knows it again."
        ),
        "too_many": message(
            "Too many requests came from your network within an hour. Please try again later."
        ),
        "not_sent": message(
            "The request could not be sent as it stands. Look at what you typed, and try again; or write to us."
        ),
        "prove_it": message("Prove that it is you"),
        "received_is": message("Your request has arrived. Its reference is {reference}; note it down."),
        "typed": message("You entered"),
        "code_way": message(
            "We send a code to an address that we have on file under what you entered. Which address that is, we show "
            "you only afterwards."
        ),
        "send_me_code": message("Send me a code"),
        "another_code": message("Send another code"),
        "code_sent": message(
            "If we have an address on file under what you entered, a code is on its way, and is valid for a few "
            "minutes. Look into all your mailboxes. You can ask for a few codes an hour."
        ),
        "enter_it": message("Enter the code"),
        "the_code": message("Code"),
        "the_code_hint": message("Six digits, from our message"),
        "code_wrong": message(
            "This code does not count. Look at it again; after a few tries, or some minutes, you need another one."
        ),
        "prove_now": message("Prove it"),
        "no_code_came": message("No code came?"),
        "other_ways": message(
            "Perhaps we have no address of you, or it changed lately. Then write to us and name the reference, or come "
            "in person; we find another way to see that it is you: {contact}."
        ),
        "no_way": message(
            "By what you entered, no code can be sent. That does not matter: write to us, by mail or by post, and name "
            "the reference, or come in person. We find another way to see that it is you: {contact}."
        ),
        "ask_anew": message("Enter something else"),
    }
)
