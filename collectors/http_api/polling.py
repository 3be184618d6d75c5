"""Exports that an API prepares: started once, then asked about until they are ready."""

import time

from collectors.http_api.answers import BrokenAnswerError, text_at
from collectors.http_api.asking import Asking
from collectors.http_api.hosts import RefusedAddressError
from collectors.http_api.parts import Poll
from collectors.http_api.questions import Values, question


class ExportFailedError(Exception):
    """A job that will have no result; the text has no value of an answer."""


def started(asking: Asking, poll: Poll, values: Values, what: str) -> str:
    """The id of a new job; SourceUnreadableError."""
    try:
        answer = asking.ask(question(asking.hosts, poll.start, values, {}), f"{what}, starting its export")
        job = text_at(answer.content, poll.job, "the id of the job")
        if job is None:
            raise BrokenAnswerError("the answer has no id of a job; correct poll.job")
    except (BrokenAnswerError, RefusedAddressError) as error:
        raise asking.unreadable(what, str(error)) from None
    return job


def finished(asking: Asking, poll: Poll, job: str, what: str) -> Values:
    """What fills the slots of the list once the job is done; SourceUnreadableError, ExportFailedError."""
    where = f"{what}, waiting for its export"
    until = time.monotonic() + poll.at_most
    try:
        while True:
            answer = asking.ask(question(asking.hosts, poll.status, {"job": job}, {}), where)
            state = text_at(answer.content, poll.state, "the state of the job")
            if state in poll.done:
                break
            if state in poll.failed or state is None:
                raise ExportFailedError("the API could not prepare it; collect again")
            if time.monotonic() + poll.every > until:
                raise BrokenAnswerError("the API took longer than poll.at_most; collect again later")
            asking.pause(poll.every, where)
        if poll.result is None:
            return {"job": job}
        result = text_at(answer.content, poll.result, "the address of the result")
        if result is None:
            raise BrokenAnswerError("the answer has no address of the result; correct poll.result")
    except (BrokenAnswerError, RefusedAddressError) as error:
        raise asking.unreadable(where, str(error)) from None
    return {"job": job, "result": result}
