"""A command line that the library refuses, as one line that says what is allowed: never the word that was typed.

It may be an identifier.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import typer

_HELP: Final = "dsar-export --help"


class _Parameter(Protocol):
    opts: Sequence[str]
    name: str | None
    param_type_name: str


class _Command(Protocol):
    params: Sequence[_Parameter]


class _Context(Protocol):
    command: _Command
    command_path: str


def usage(error: typer.TyperException) -> str:
    """What is wrong with the command line, and what is allowed instead."""
    context: _Context | None = getattr(error, "ctx", None)
    text = error.format_message()
    if context is None:  # it names an option of ours
        return f"{text[:1].lower()}{text[1:].rstrip('.')}; see {_HELP}"
    path, command = context.command_path, context.command
    parameter: _Parameter | None = getattr(error, "param", None)
    if parameter is not None:
        missing = text.startswith("Missing")
        wrong = f"{_name(parameter)} is missing" if missing else _range(parameter)
        return f"{wrong}; see {path} --help"
    named = [_name(each) for each in command.params if each.param_type_name == "option"]
    if text.startswith("No such option"):
        return f"no such option; {path} has {_listed([*named, '--help'])}"
    commands: Mapping[str, object] = getattr(command, "commands", {})
    if commands:
        begun = "a command is missing" if text.startswith("Missing") else "no such command"
        near = [
            name for name in re.findall(r"'([^']*)'", text.partition("Did you mean")[2]) if name in commands
        ]
        offered = f"perhaps {' or '.join(near)}" if near else f"{path} has {_listed(list(commands))}"
        return f"{begun}; {offered}; see {path} --help"
    taken = [_name(each) for each in command.params if each.param_type_name == "argument"]
    return f"a word too many; {path} takes {_listed(taken)} and options; see {path} --help"


def _range(parameter: _Parameter) -> str:
    """All options and arguments with a type of their own are whole numbers."""
    low: int | None = getattr(parameter, "min", None)
    high: int | None = getattr(parameter, "max", None)
    least = "" if low is None else f" of at least {low}" if high is None else f" from {low} to {high}"
    return f"{_name(parameter)} is a whole number{least}"


def _name(parameter: _Parameter) -> str:
    if parameter.param_type_name == "option":
        return max(parameter.opts, key=len)
    metavar: str | None = getattr(parameter, "metavar", None)
    return metavar or (parameter.name or "").upper()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
