"""The texts about work, packages, links, passphrases and holds."""

from collections.abc import Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import Texts, message
from dsar_export.language.zones import moment_text
from dsar_export.model.work import Task, Work, WorkStep
from dsar_export.requests.download_links import OpenLink
from dsar_export.use_cases.standing import HandedOut

WORK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "work": message("Work"),
        "no_worker": message("No worker shows a sign of life. Ask whoever operates this to start one."),
        "collect": message("Collect"),
        "confirm_nothing_held": message("Go on to review even if nothing is found"),
        "read_anew": message("Read all sources anew, not only those that the Draft lacks"),
        "build": message("Build the packages"),
        "report_language": message("Language of the report"),
        "language_of_request": message("That of the request"),
        "every_row": message("Put every row into the report, to be printed"),
        "large_print": message("Large print"),
        "send_link": message("Mail a link"),
        "agent_address": message("Address of the agent, as the mandate has it"),
        "deliver": message("Record that you handed the packages over"),
        "handed_over_by": message("By which way"),
        "revoke": message("Make the links void"),
        "reissue": message("Take the packages back, to build them again"),
        "collect_anew": message("The Draft is gone or unreadable: collect and approve again too"),
        "reveal": message("Reveal the passphrase, once"),
        "hold": message("Keep everything until a day"),
        "end_hold": message("End the hold"),
        "hold_until": message("Last day"),
        "held_until": message("Kept by a hold until"),
        "passphrase": message("The passphrase"),
        "links": message("Links to the packages"),
        "erased": message("erased"),
        "fetch": message("Download this package"),
        "opener": message("The page that opens packages in a browser: hand it over too"),
        "your_passphrase_is": message("The passphrase, shown once"),
        "never_again": message(
            "Note it down now: it was erased from here, and can't be shown again. It stands in the trail that you "
            "saw it."
        ),
        "give_apart": message(
            "Give it only to whom you know to be the person, by another way than the package, and never to the address "
            "that has the link."
        ),
    }
)
TASKS: Final[Mapping[Task, str]] = MappingProxyType(
    {Task.COLLECT: message("collect"), Task.BUILD: message("build")}
)
STEPS: Final[Mapping[WorkStep, str]] = MappingProxyType(
    {
        WorkStep.OPEN: message("the sources are opened"),
        WorkStep.IDENTIFY: message("the person is identified"),
        WorkStep.READ: message("rows are read"),
        WorkStep.WRITE: message("documents are made"),
        WorkStep.PUBLISH: message("the packages are published"),
    }
)
CROWDED: Final = message("Too many downloads run just now. Wait for a moment, then try again.")
DAMAGED: Final = message(
    "This package is lost, or is not what was published; nothing more of it was handed over. Restore it from a backup, "
    "or take it back and build it again."
)


def work_sentence(words: Texts, work: Work, zone: tzinfo) -> str:
    """Where the work on a request is, without how far it is in a dataset."""
    task = words.phrase(TASKS[work.task])
    named = {"task": task, "person": work.asked_by, "tries": str(work.tries), "failure": work.failure or ""}
    if work.parked_at is not None:
        return words.phrase("{task}, asked by {person}: failed at try {tries}: {failure}", **named)
    if work.not_before is not None and work.failure is not None:
        again = moment_text(work.not_before, zone, seconds=True)
        return words.phrase(
            "{task}, asked by {person}: try {tries} failed: {failure}; again from {again}",
            again=again,
            **named,
        )
    if work.step is None:
        return words.phrase("{task}, asked by {person}: waits for a worker", task=task, person=work.asked_by)
    step = words.phrase(STEPS[work.step])
    return words.phrase("{task}, asked by {person}: {step}", task=task, person=work.asked_by, step=step)


def rows_sentence(words: Texts, work: Work, zone: tzinfo) -> str:
    """How far it is in a dataset, and when it last showed that it is alive; nothing before anybody has begun."""
    if work.step is None or work.parked_at is not None or work.not_before is not None:
        return ""
    parts = [] if work.dataset is None else [work.dataset, words.plural("{n} row", "{n} rows", work.rows)]
    if work.alive_at is not None:
        at = moment_text(work.alive_at, zone, seconds=True)
        parts.append(words.phrase("last sign of life {at}", at=at))
    return ", ".join(parts)


def ended_sentence(words: Texts, state: str) -> str:
    """What is shown when nobody works any more, until the page is loaded again."""
    return words.phrase("This has ended. The request is now: {state}. Load the page again.", state=state)


def link_sentence(words: Texts, link: OpenLink, zone: tzinfo) -> str:
    """When a link was made, until when it counts, and how often it was used."""
    used = words.plural("used once", "used {n} times", link.used) if link.used else words.phrase("never used")
    left = words.plural("{n} download left", "{n} downloads left", link.left)
    made, until = moment_text(link.made_at, zone), moment_text(link.expires_at, zone)
    return words.phrase(
        "made {made}, counts until {until}, {used}, {left}", made=made, until=until, used=used, left=left
    )


def passphrase_sentence(words: Texts, found: HandedOut) -> str:
    """Whether the passphrase can still be revealed."""
    if found.passphrase_waits:
        return words.phrase("It waits to be revealed.")
    return words.phrase("There is none to reveal: it was shown already, or a backup was restored since.")
