"""Whether everything in a register says to which kind of people it belongs, before a part of it is taken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dsar_export.model.dataset import Dataset
from dsar_export.model.register import Organisation, Promise
from dsar_export.register.hints import nearest


@dataclass(frozen=True)
class SubjectProblem:
    """What is wrong at a key of register.toml, or of a dataset's file."""

    dataset: str | None
    steps: tuple[str | int, ...]
    problem: str


def subject_problems(organisation: Organisation, datasets: Sequence[Dataset]) -> Iterator[SubjectProblem]:
    """Kinds of people that are missing or unknown: what belongs to none would be handed over to nobody."""
    if organisation.subject is not None and organisation.subjects:
        yield SubjectProblem(None, ("subject",), "subject and subjects exclude each other; keep one")
        return
    if organisation.subject is None and not organisation.subjects:
        yield SubjectProblem(
            None, ("subject",), "this key is missing; add it, or [subjects.…] for each kind of people"
        )
        return
    for name, steps, named in _holders(organisation, datasets):
        problem = _problem(organisation, named)
        if problem is not None:
            yield SubjectProblem(name, (*steps, "subject"), problem)
    for index, promise in enumerate(organisation.promises):
        yield from _promise(organisation, promise, index, datasets)


def held_problems(organisation: Organisation, datasets: Sequence[Dataset]) -> Iterator[SubjectProblem]:
    """What would read a source with a client's data."""
    held = {name for name, source in organisation.sources.items() if source.held_for is not None}
    links = ((None, ("links", n), link.source) for n, link in enumerate(organisation.links))
    contacts = ((None, ("contacts", n), each.source) for n, each in enumerate(organisation.contacts))
    named = ((dataset.name, (), dataset.source) for dataset in datasets)
    for dataset, steps, source in (*links, *contacts, *named):
        if source in held:
            yield SubjectProblem(
                dataset,
                (*steps, "source"),
                f"{source!r} is held for a client (held_for) and never read; drop this entry, or held_for",
            )


def _holders(
    organisation: Organisation, datasets: Sequence[Dataset]
) -> Iterator[tuple[str | None, tuple[str | int, ...], str | None]]:
    """What belongs to one kind of people: the dataset's name or None, its key, and the kind that it names."""
    for index, link in enumerate(organisation.links):
        yield None, ("links", index), link.subject
    for index, contact in enumerate(organisation.contacts):
        yield None, ("contacts", index), contact.subject
    for dataset in datasets:
        yield dataset.name, (), dataset.subject


def _problem(organisation: Organisation, named: str | None) -> str | None:
    kinds = organisation.subjects
    if named is not None and not kinds:
        return "register.toml has one kind of people and no [subjects]; drop this key"
    if named is not None and named not in kinds:
        return f"unknown kind of people {named!r}; {nearest(named, kinds)}"
    if named is None and len(kinds) > 1:
        return f"this key is missing; name one of the kinds of people: {', '.join(kinds)}"
    return None


def _promise(
    organisation: Organisation, promise: Promise, index: int, datasets: Sequence[Dataset]
) -> Iterator[SubjectProblem]:
    """A promise needs no kind of people; with one, its datasets must be theirs, or nobody would get an answer."""
    steps = ("promises", index)
    if promise.subject is None:
        return
    problem = _problem(organisation, promise.subject)
    if problem is not None:
        yield SubjectProblem(None, (*steps, "subject"), problem)
        return
    for dataset in datasets:
        if dataset.name in promise.datasets and dataset.subject not in {None, promise.subject}:
            yield SubjectProblem(
                None,
                (*steps, "datasets"),
                f"the dataset {dataset.name!r} is one of {dataset.subject}, and the promise is to {promise.subject}; "
                "correct one of them",
            )
