"""Which kind of people a request is about, and the part of the register that answers them."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from dsar_export.errors import WrongUseError
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier
from dsar_export.model.subjects import each_kind, of_subject
from dsar_export.register.hints import nearest
from dsar_export.use_cases.services import Services


def subject_asked(register: Register, named: str | None, identifiers: Iterable[Identifier]) -> str | None:
    """The kind of people that is named, or the only one that has all kinds of the identifiers; None without kinds.

    WrongUseError for an unknown name, and where the identifiers don't decide.
    """
    kinds = register.organisation.subjects
    if named is not None:
        _refuse_unknown(register, named)
        return named
    if register.kind is not None or not kinds:
        return register.kind
    given = {identifier.kind for identifier in identifiers}
    known = register.identifier_kinds
    if unknown := sorted(given - known):  # not quoted: a value may stand in its place
        raise WrongUseError(f"unknown kind of identifier; {nearest(unknown[0], known)}")
    fitting = [part.kind for part in each_kind(register) if given <= part.identifier_kinds]
    if len(fitting) == 1:
        return fitting[0]
    problem = "fit several kinds of people" if fitting else "do not all belong to one kind of people"
    raise WrongUseError(f"these identifiers {problem}; name one: {', '.join(kinds)}")


def register_about(register: Register, subject: str | None, identifiers: Iterable[Identifier]) -> Register:
    """The part of the register for the kind of people of a request; WrongUseError if that is not clear.

    A request of before the register had several kinds names none: its identifiers decide.
    """
    found = subject_asked(register, subject, identifiers)
    return register if found is None else of_subject(register, found)


def services_about(services: Services, subject: str | None, identifiers: Iterable[Identifier]) -> Services:
    """The services with that part of the register, whose plans are kept beside those of other kinds."""
    whole = services.register
    found = subject_asked(whole, subject, identifiers)
    if found in {None, whole.kind}:
        return services
    part = services.kept.derived(("subject", found), partial(of_subject, whole, found or ""), whole)
    return replace(services, register=part)


def register_to_show(register: Register, subject: str | None) -> Register:
    """The part of the register where it is only shown: the whole, if it does not have this kind of people any more."""
    known = subject is not None and subject in register.organisation.subjects
    return of_subject(register, subject or "") if known else register


def _refuse_unknown(register: Register, named: str) -> None:
    kinds = register.organisation.subjects
    if not kinds:
        raise WrongUseError(f"the register names no kinds of people, so {named!r} is none; leave it out")
    if named not in kinds:
        raise WrongUseError(f"no kind of people {named!r} in the register; {nearest(named, kinds)}")
