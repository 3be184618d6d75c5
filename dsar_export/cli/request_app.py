"""`dsar-export request …`: the commands about one request."""

from typing import Annotated

import typer

from dsar_export.cli.clock_app import clock_app
from dsar_export.cli.complaint_app import complaint_app
from dsar_export.cli.intake_app import intake_app
from dsar_export.cli.letter_app import letter_app
from dsar_export.cli.lists_app import lists_app
from dsar_export.cli.options import (
    AgentFile,
    Chosen,
    IdentifiersFile,
    Json,
    Language,
    MandateDatasets,
    MandateUntil,
    ReasonFile,
    Reference,
    RegisterOption,
    Subject,
    Yes,
)
from dsar_export.cli.overview_apps import evidence_app
from dsar_export.cli.refusal_app import refusal_app
from dsar_export.cli.work_app import work_app
from dsar_export.errors import WrongUseError

request_app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="Requests with their file: open, verify, collect, review, approve, build.",
)
request_app.add_typer(lists_app)
request_app.add_typer(intake_app)
request_app.add_typer(clock_app)
request_app.add_typer(letter_app)
request_app.add_typer(refusal_app)
request_app.add_typer(complaint_app)
request_app.add_typer(evidence_app)
request_app.add_typer(work_app)


@request_app.command("open", help="Take a request in; prints its reference.")
def open_(
    controller: Annotated[
        list[str],
        typer.Option(metavar="ID", help="The legal entity that answers; can be repeated for a group."),
    ],
    right: Annotated[
        list[str],
        typer.Option(
            metavar="RIGHT", help="access (Art. 15) or portability (Art. 20); can be repeated for both."
        ),
    ],
    channel: Annotated[str, typer.Option(help="letter, email, telephone, in_person or portal.")] = "email",
    received: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it arrived, in ISO 8601. Default: now.")
    ] = None,
    identifiers_file: IdentifiersFile = None,
    subject: Subject = None,
    language: Language = None,
    agent_file: AgentFile = None,
    mandate_dataset: MandateDatasets = None,
    mandate_until: MandateUntil = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RIGHT=CONTACT",
            help="What else it asks for (correction, erasure, restriction or objection), and to whom in the "
            "organisation you handed that on; can be repeated.",
        ),
    ] = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_intake import run_open
    from dsar_export.cli.commands.request_mandate import Besides

    besides = Besides(agent_file, tuple(mandate_dataset or ()), mandate_until, tuple(also or ()))
    arrival = (channel, received, language, subject, besides)
    return run_open(register, tuple(controller), right, arrival, identifiers_file, as_json=as_json)


@request_app.command(help="Replace the identifiers of a request, which must then be verified anew.")
def correct(
    reference: Reference,
    identifiers_file: IdentifiersFile = None,
    subject: Subject = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_intake import run_correct

    return run_correct(register, reference, identifiers_file, subject, as_json=as_json)


@request_app.command(help="Verify that the requester is the person: by a code, or by evidence that you saw.")
def verify(
    reference: Reference,
    by_evidence: Annotated[
        str | None, typer.Option(metavar="KIND", help="A short code of the evidence, such as known_address.")
    ] = None,
    by_code: Annotated[bool, typer.Option("--by-code", help="By the code that `request code` sent.")] = False,
    evidence_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="What was seen, or the code; - for standard input. Default: a prompt."
        ),
    ] = None,
    proves: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND", help="A kind of identifier that it proves; can be repeated. Default: all."
        ),
    ] = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_intake import run_verify

    kind = None if by_code else by_evidence
    if by_code == (by_evidence is not None):
        raise WrongUseError("name one of --by-code and --by-evidence KIND")
    if by_code and proves:
        raise WrongUseError(
            "--proves goes with --by-evidence; a code proves what led to its address, so leave --proves out"
        )
    return run_verify(register, reference, kind, (evidence_file, tuple(proves or ())), as_json=as_json)


@request_app.command(help="Send a code to an address of the person that is on file; then `verify --by-code`.")
def code(reference: Reference, register: RegisterOption = None, as_json: Json = False) -> int:
    from dsar_export.cli.commands.request_intake import run_code

    return run_code(register, reference, as_json=as_json)


@request_app.command("choose", help="Choose who the person is, after several matched.")
def choose_(
    reference: Reference,
    choose: Chosen = None,
    reason_file: ReasonFile = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_work import run_choose

    return run_choose(register, reference, tuple(choose or ()), reason_file, as_json=as_json)


@request_app.command(help="Show what would be sent: counts and gaps, or records of one dataset, masked.")
def review(
    reference: Reference,
    dataset: Annotated[str | None, typer.Option(metavar="NAME", help="Show records of this dataset.")] = None,
    first: Annotated[int, typer.Option(min=1, help="The first record to show.")] = 1,
    count: Annotated[int, typer.Option(min=1, max=250, help="How many records to show.")] = 20,
    whole: Annotated[
        bool, typer.Option("--whole", help="Show them unmasked; the trail records that you did.")
    ] = False,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_review import run_review

    return run_review(register, reference, (dataset, first, count), whole=whole, as_json=as_json)


@request_app.command(
    "accept-gap", help="Accept, with a reason, that a source could not be read, or has something undecided."
)
def accept_gap(
    reference: Reference,
    source: Annotated[str, typer.Option(metavar="NAME", help="The source that could not be read.")],
    reason_file: ReasonFile = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_review import run_accept_gap

    return run_accept_gap(register, reference, source, reason_file, as_json=as_json)


@request_app.command(help="Approve the Draft as it is now.")
def approve(reference: Reference, register: RegisterOption = None, as_json: Json = False) -> int:
    from dsar_export.cli.commands.request_review import run_approve

    return run_approve(register, reference, as_json=as_json)


@request_app.command("send-back", help="Send a Draft back, to be collected again.")
def send_back(reference: Reference, reason_file: ReasonFile = None, as_json: Json = False) -> int:
    from dsar_export.cli.commands.request_review import run_send_back

    return run_send_back(reference, reason_file, as_json=as_json)


@request_app.command(help="End a request that the person withdrew; its Draft is erased.")
def cancel(reference: Reference, yes: Yes = False, as_json: Json = False) -> int:
    from dsar_export.cli.commands.request_review import run_cancel

    return run_cancel(reference, yes=yes, as_json=as_json)


@request_app.command(help="End a request that was answered, or about which nothing is held.")
def close(reference: Reference, as_json: Json = False) -> int:
    from dsar_export.cli.commands.request_review import run_close

    return run_close(reference, as_json=as_json)


@request_app.command(help="Mail a link to each package, or record that you handed the packages over.")
def deliver(
    reference: Reference,
    by: Annotated[
        str, typer.Option(metavar="CHANNEL", help="link to mail one; or letter, email, in_person or portal.")
    ],
    agent_address_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="With link: the mail address of the agent; - for standard input."),
    ] = None,
    register: RegisterOption = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_work import run_deliver

    return run_deliver(register, reference, by, agent_address_file, as_json=as_json)


@request_app.command(help="Take packages back: links and passphrase are void, and they are built again.")
def reissue(
    reference: Reference,
    anew: Annotated[
        bool, typer.Option("--anew", help="Collect again too, for a Draft that is gone or unreadable.")
    ] = False,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_work import run_reissue

    return run_reissue(reference, anew=anew, as_json=as_json)


@request_app.command(help="Write a note into the request's file.")
def note(
    reference: Reference,
    text_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="The note; - for standard input. Default: a prompt.")
    ] = None,
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_intake import run_note

    return run_note(reference, text_file, as_json=as_json)


@request_app.command(help="Give a request to a colleague.")
def assign(
    reference: Reference,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The colleague, as `people list` has them.")],
    as_json: Json = False,
) -> int:
    from dsar_export.cli.commands.request_intake import run_assign

    return run_assign(reference, name, as_json=as_json)
