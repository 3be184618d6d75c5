"""A register of several kinds of people, and the part of it that answers one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dsar_export.model.dataset import Dataset, EarlierTerms
from dsar_export.model.link import Link
from dsar_export.model.register import Organisation, Promise, Register


def of_subject(register: Register, name: str) -> Register:
    """The register as it is for one kind of people; itself if it has no other.

    Their identifier is its `subject`, and it has nothing that serves other kinds alone. ValueError for an unknown name.
    """
    kinds = register.organisation.subjects
    if name not in kinds:
        raise ValueError(f"no kind of people {name!r}")
    if register.kind == name:
        return register
    datasets = tuple(d for d in register.datasets if d.subject in {None, name})
    part = replace(register, datasets=datasets, kind=name, whole=register.everybody)
    return replace(part, organisation=_organisation(register, datasets, name))


def each_kind(register: Register) -> tuple[Register, ...]:
    """The parts of a register, one for each kind of people; the register itself if there is only one."""
    kinds = register.organisation.subjects
    if register.kind is not None or not kinds:
        return (register,)
    return tuple(of_subject(register, name) for name in kinds)


def kind_of(register: Register, holder: Dataset | Link) -> str | None:
    """The kind of people to whom a dataset or a link belongs."""
    return holder.subject or register.kind


def subject_of(register: Register, holder: Dataset | Link) -> str:
    """The kind of identifier that stands for one person of those to whom a dataset or a link belongs."""
    kind = register.organisation.subjects.get(kind_of(register, holder) or "")
    return register.subject if kind is None else kind.identifier


def datasets_of_others(register: Register, controller: str) -> tuple[Dataset, ...]:
    """A controller's datasets of other kinds of people, which this part of a register does not read."""
    own = {d.name for d in register.datasets}
    return tuple(d for d in register.everybody.datasets_of(controller) if d.name not in own)


@dataclass(frozen=True)
class Role:
    """What the people are called whom a part of a register is about, and those of the other parts."""

    title: str
    others: tuple[str, ...]


def role(register: Register) -> Role | None:
    """As what the person is answered; None if the register has one kind of people."""
    kinds = register.organisation.subjects
    if register.kind is None or len(kinds) == 1:
        return None
    others = tuple(kind.title for name, kind in kinds.items() if name != register.kind)
    return Role(kinds[register.kind].title, others)


def _organisation(register: Register, datasets: tuple[Dataset, ...], name: str) -> Organisation:
    org = register.organisation
    names = {d.name for d in datasets}
    others = [d for d in register.datasets if d.name not in names]
    foreign = {d.name for d in others}
    links = tuple(ln for ln in org.links if ln.subject in {None, name})
    contacts = tuple(c for c in org.contacts if c.subject in {None, name})
    kinds = {k for ln in links for k in (ln.given, ln.leads_to)} | {c.given for c in contacts}
    kinds |= {key.identifier for d in datasets for key in d.subject_keys}
    own_recipients = {r for c in org.controllers.values() for r in c.own_records.recipients or ()}
    dropped = _recipients(others) - _recipients(datasets) - own_recipients
    return replace(
        org,
        subject=org.subjects[name].identifier,
        datasets=tuple(n for n in org.datasets if n not in foreign),
        links=links,
        contacts=contacts,
        promises=tuple(_of_them(p, foreign) for p in org.promises if _concerns(p, name, foreign)),
        supplied=tuple(kind for kind in org.supplied if kind in kinds),
        identifiers={kind: words for kind, words in org.identifiers.items() if kind in kinds},
        recipients={key: r for key, r in org.recipients.items() if key not in dropped},
        transfers=tuple(t for t in org.transfers if t.recipient not in dropped),
        purposes={
            key: p
            for key, p in org.purposes.items()
            if key in _purposes(datasets) or key not in _purposes(others)
        },
    )


def _concerns(promise: Promise, name: str, foreign: set[str]) -> bool:
    """Whether a promise is one to this kind of people: it names them, or one of their datasets, or nobody's."""
    if promise.subject is not None:
        return promise.subject == name
    return not promise.datasets or not foreign.issuperset(promise.datasets)


def _of_them(promise: Promise, foreign: set[str]) -> Promise:
    return replace(promise, datasets=tuple(d for d in promise.datasets if d not in foreign))


def _terms(datasets: Iterable[Dataset]) -> Iterable[Dataset | EarlierTerms]:
    for dataset in datasets:
        yield dataset
        yield from dataset.earlier


def _recipients(datasets: Iterable[Dataset]) -> set[str]:
    return {name for terms in _terms(datasets) for name in terms.recipients or ()}


def _purposes(datasets: Iterable[Dataset]) -> set[str]:
    return {name for terms in _terms(datasets) for name in terms.purposes}
