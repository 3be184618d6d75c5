"""Arguments and options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from dsar_export.cli.completion import open_references

Reference = Annotated[
    str,
    typer.Argument(metavar="REFERENCE", help="The reference of the request.", autocompletion=open_references),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object on standard output, and nothing else."),
]
Identifiers = Annotated[
    list[str] | None, typer.Option(metavar="KIND=VALUE", help="A verified identifier; can be repeated.")
]
IdentifiersFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="A file of verified identifiers, one per line; - for standard input."),
]
Subject = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The kind of people, such as customers, if the register has several. Default: the identifiers decide.",
    ),
]
AcceptGaps = Annotated[
    str | None,
    typer.Option(
        metavar="REASON",
        help="Leave out sources that can't be read, and what is undecided; the package states that it is missing.",
    ),
]
PassphraseFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the passphrase to this new file (mode 0600).")
]
Chosen = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY",
        help="The person's key, after exit 4 listed several candidates. The choice is recorded.",
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        metavar="TAG",
        help="Language of the report and the passphrase, such as de. Default: the controller's language.",
    ),
]
Paper = Annotated[
    bool,
    typer.Option(
        "--paper", help="Print every record in full in the report, for people who only read on paper."
    ),
]
LargePrint = Annotated[bool, typer.Option("--large-print", help="Set the report in large print.")]
RegisterFolder = Annotated[
    Path, typer.Argument(metavar="REGISTER", help="The folder that contains register.toml.")
]
RegisterOption = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The folder that contains register.toml. Default: DSAR_REGISTER."),
]
AgentFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Who acts for the person, and how the authority was shown; - for standard input.",
    ),
]
MandateDatasets = Annotated[
    list[str] | None,
    typer.Option(
        "--mandate-dataset",
        metavar="NAME",
        help="A dataset that the agent may get; can be repeated. * for all. Default: all.",
    ),
]
MandateUntil = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="The last day of the agent's mandate, in ISO 8601, in the controller's time zone.",
    ),
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Do it without asking; needed where there is no terminal to ask on.")
]
ReasonFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="A file with the reason; - for standard input. Default: a prompt."),
]
TextFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="A file with the text; - for standard input. Default: a prompt."),
]
