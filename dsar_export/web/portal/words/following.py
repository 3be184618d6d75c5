"""The texts of the pages of a request."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.requests.states import State
from dsar_export.use_cases.portal_writing import TextProblem

EARLIER: Final = message("Your earlier requests")
STEPS: Final = (
    message("You proved that it is you"),
    message("We collect your data"),
    message("Somebody checks it"),
    message("Your package is made"),
    message("Your answer is ready"),
)
_COLLECTED: Final = message("Your data is being collected from our systems. You need not do anything.")
STATES: Final[Mapping[State, tuple[str, str]]] = MappingProxyType(
    {
        State.RECEIVED: (
            message("We look once more at who you are"),
            message(
                "What the request names was corrected, so we make sure again that it is you. We write to you."
            ),
        ),
        State.VERIFIED: (message("You have proven that it is you"), _COLLECTED),
        State.COLLECTING: (message("We collect your data"), _COLLECTED),
        State.AMBIGUOUS: (
            message("We look more closely"),
            message(
                "Somebody makes sure that the data we found is yours alone. If we need something, we ask you."
            ),
        ),
        State.NOBODY_FOUND: (
            message("We have not found anything yet"),
            message("Somebody looks at this once more. If we hold nothing about you, we write that to you."),
        ),
        State.IN_REVIEW: (
            message("Somebody checks your data"),
            message(
                "It is collected. Before it goes out, we make sure that it is complete, and only about you."
            ),
        ),
        State.APPROVED: (
            message("It is checked"),
            message("Your package is made next, encrypted so that only you can open it."),
        ),
        State.BUILDING: (
            message("Your package is being made"),
            message("That takes minutes, seldom longer. Then you get a message from us."),
        ),
        State.AVAILABLE: (
            message("Your answer is ready"),
            message("Get it here, or by the link in our mail. What opens it comes to you by another way."),
        ),
        State.DELIVERED: (
            message("You have your answer"),
            message("If something is missing or unclear, ask us about it here."),
        ),
        State.CLOSED: (
            message("Your request is closed"),
            message("You can ask again at any time, and complain about our answer here."),
        ),
        State.EXPIRED: (
            message("Nobody fetched the answer"),
            message("So we erased it. You can ask again at any time."),
        ),
        State.REFUSED: (
            message("We do not do what you asked for"),
            message(
                "Our letter to you has the reasons. You can complain about it here, or to the authority."
            ),
        ),
        State.CANCELLED: (
            message("The request is withdrawn"),
            message("Nothing more happens with it. You can ask again at any time."),
        ),
        State.FAILED: (
            message("It takes a little longer"),
            message("Something did not work, and somebody looks after it. You need not do anything."),
        ),
    }
)
TEXT_PROBLEMS: Final[Mapping[TextProblem, str]] = MappingProxyType(
    {
        TextProblem.EMPTY: "text_empty",
        TextProblem.TOO_LONG: "text_too_long",
        TextProblem.UNREADABLE: "text_unreadable",
    }
)
"""The name of the text about each problem."""
FOLLOWING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "follow_is": message(
            "Enter the reference of your request. A code goes to the address by which you proved that it is you."
        ),
        "lost_is": message(
            "This page is not open in this browser, or you have not used it for half an hour. Enter the reference of "
            "your request, and a code lets you in again. If you never proved that it is you, ask once more."
        ),
        "in_this_browser": message("Open in this browser"),
        "your_reference": message("Reference"),
        "your_reference_hint": message("Such as DSAR-20261102-K7M2Q9XA; it is in each of our messages"),
        "return_code_sent": message(
            "If this is a request that you have proven to be yours, a code is on its way to the address by which you "
            "did so, and is valid for a few minutes. You can ask for a few codes an hour."
        ),
        "let_me_in": message("Show my request"),
        "no_return": message("If nothing comes, write to us and name the reference."),
        "your_request": message("Your request"),
        "now": message("Where it stands"),
        "reload": message("Look again"),
        "is_done": message("done"),
        "is_now": message("now"),
        "asked_for": message("You asked for"),
        "received_on": message("Received on"),
        "answer_by": message("Answer by"),
        "answered_on": message("Answered on"),
        "code_went_to": message("Your code went to"),
        "also_asked": message("Passed on"),
        "why_date": message("Why this date"),
        "we_wait": message("We wait for you"),
        "wait_identity": message("We asked you for something that shows that it is you."),
        "wait_clarification": message("We asked you what exactly you want to know."),
        "wait_fee": message("We asked you for a fee."),
        "since_then": message("Since then the time limit waits too:"),
        "answer_now": message("Answer us"),
        "in_it": message("What is in your answer"),
        "not_yet": message("What will be in it is shown here once somebody has checked it."),
        "nothing_held_of": message("Searched, and nothing is there:"),
        "not_there": message("What is not there, and why"),
        "not_covered": message("Not part of this request:"),
        "ask_about": message("Ask about this"),
        "you_wrote": message("You wrote"),
        "you_complained": message("Your complaints"),
        "our_answer": message("Our answer:"),
        "waits_for_answer": message("You get an answer to it."),
        "other_requests": message("Your other requests in this browser"),
        "request_nav": message("This request"),
        "overview": message("Overview"),
        "write_answer": message("Answer our question"),
        "write_question": message("Ask us something"),
        "write_complaint": message("Complain"),
        "withdraw": message("Withdraw the request"),
        "leave": message("Leave"),
        "section": message("What is it about?"),
        "whole_request": message("The request as a whole"),
        "your_text": message("Your text"),
        "text_hint": message("Up to 4,000 letters. Those who work on your request read it."),
        "complaint_is": message(
            "Somebody looks at it who did not decide on your request. You can also complain to the authority at any "
            "time."
        ),
        "judged_is": message(
            "We look at what you write; until that is enough, the time limit goes on waiting."
        ),
        "send_text": message("Send it"),
        "text_empty": message("Write something first."),
        "text_too_long": message("This is longer than 4,000 letters. Shorten it, or send the rest apart."),
        "text_unreadable": message("There are signs in it that cannot be shown. Take them out."),
        "text_too_often": message("You have sent much within an hour. Please try again later."),
        "text_not_now": message("That is not possible any more as the request stands. Look at it again."),
        "done_answer": message("Your answer has arrived."),
        "done_question": message("Your question has arrived. We answer you by mail or by letter."),
        "done_complaint": message("Your complaint has arrived."),
        "done_withdraw": message("The request is withdrawn."),
        "withdraw_is": message(
            "Then nothing more happens, and what was collected is erased. You can ask again at any time."
        ),
        "withdraw_yes": message("Yes, withdraw it"),
        "withdraw_no": message("No, keep it"),
        "withdraw_late": message("It cannot be withdrawn any more: it is answered, or has ended."),
        "not_here": message("Nobody can be asked here"),
        "not_here_is": message("Write to those whose data you want; they answer you all the same."),
        "forged": message("This form is of an earlier visit"),
        "forged_is": message("Go back, load the page again, and send it once more."),
    }
)
