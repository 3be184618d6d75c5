"""Refuses what an undecided register can't answer: portability without terms, and rows of an unknown company."""

from collections.abc import Collection

from dsar_export.errors import RegisterError
from dsar_export.model.register import Register
from dsar_export.model.request import Right, in_scope
from dsar_export.model.undecided import TENANT
from dsar_export.requests.requests import StoredRequest


def refuse_undecided_terms(
    register: Register, controller: str, rights: Collection[Right], scope: Collection[str] = ()
) -> None:
    """Raises RegisterError if portability is asked for and nobody has decided on a dataset's terms.

    A legal basis decides what this right covers (Art. 20(1)(a)); access covers the data whatever the terms are.
    """
    if Right.PORTABILITY not in rights:
        return
    undecided = [
        f"datasets/{dataset.name}.toml ({', '.join(dataset.undecided)})"
        for dataset in register.datasets_of(controller)
        if dataset.undecided and in_scope(dataset.name, scope)
    ]
    if undecided:
        raise RegisterError(
            f"portability can't be answered while terms are undecided: {', '.join(undecided)}. Decide them, or answer "
            "access alone"
        )


def refuse_undecided_tenants(register: Register, controller: str) -> None:
    """Raises RegisterError if nobody has decided which rows of a shared table are this company's."""
    for name in dict.fromkeys(dataset.source for dataset in register.datasets_of(controller)):
        if TENANT in register.tenants_of(name, controller):
            raise RegisterError(
                f"sources.{name}.tenants: nobody has decided yet which rows are those of {controller!r}; write the "
                "values that the tenant column has in them"
            )


def refuse_undecided_request(register: Register, request: StoredRequest) -> None:
    """The same for each right of a request, before it is moved or anybody is woken for it."""
    listed, mandate = request.listed, request.subject.mandate
    scope = () if mandate is None else mandate.scope
    refuse_undecided_terms(register, listed.controller, listed.rights, scope)
