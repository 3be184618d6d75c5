"""Whether the register explains derived data, names who provided acquired data, and lists who receives data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dsar_export.model.dataset import Dataset, EarlierTerms, Logic
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.schema import Origin
from dsar_export.model.undecided import Term
from dsar_export.register.hints import location

_NAMED: Final = 3  # enough to find the rest


def provenance_findings(register: Register, dataset: Dataset) -> Iterator[Finding]:
    """Derived fields without `logic`, acquired fields without `obtained_from`, and either where no field needs it.

    Marks need neither: the package adds them, and no field maps them.
    """
    where, derived = location(register, dataset), _fields(register, dataset, Origin.DERIVED)
    if dataset.logic is not None:
        yield from _logic(where, dataset.logic, derived)
    elif derived:
        problem = f"no logic for derived fields: {_some(derived)}; add [logic] with procedure, data_used, significance"
        yield Finding(where, "logic", problem)
    acquired = _fields(register, dataset, Origin.ACQUIRED)
    if dataset.obtained_from:
        yield from _obtained_from(where, dataset.obtained_from, acquired)
    elif acquired:
        problem = f"no source for acquired fields: {_some(acquired)}; list who provided the data, by name"
        yield Finding(where, "obtained_from", problem)


def undecided_recipients(register: Register) -> Iterator[Finding]:
    """Datasets and earlier terms that leave unsaid who receives the data, without listing it as undecided."""
    for dataset in register.datasets:
        dated: dict[str, Dataset | EarlierTerms] = {"recipients": dataset}
        dated |= {f"earlier.{n}.recipients": t for n, t in enumerate(dataset.earlier)}
        for key, terms in dated.items():
            if terms.recipients is None and not (terms is dataset and Term.RECIPIENTS in dataset.undecided):
                yield Finding(
                    location(register, dataset),
                    key,
                    "nobody has decided who receives this data, so the report states that it is not recorded: list "
                    "the recipients, or write recipients = [] if there are none",
                    warning=True,
                )


def blank_texts(where: str, key: str, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Empty texts, of which the report would show the person nothing."""
    for name, text in texts.items():
        if not text.strip():
            yield Finding(
                where, f"{key}.{name}", "is empty, but shown to the person; write it in their words"
            )


def _fields(register: Register, dataset: Dataset, origin: Origin) -> list[str]:
    """The mapped fields of one origin; a mapping's own origin overrules the schema's."""
    own = {f.name: f.origin for f in register.schema_of(dataset).fields}
    return [name for name, m in dataset.fields.items() if (m.origin or own.get(name)) is origin]


def _logic(where: str, logic: Logic, derived: Sequence[str]) -> Iterator[Finding]:
    if not derived:
        problem = (
            'no field is derived, so there is nothing to explain; drop it, or give a field origin = "derived"'
        )
        yield Finding(where, "logic", problem)
    texts = {"procedure": logic.procedure, "significance": logic.significance}
    data_used = {f"data_used.{index}": text for index, text in enumerate(logic.data_used)}
    yield from blank_texts(where, "logic", {**texts, **data_used})
    if not logic.data_used:
        yield Finding(where, "logic.data_used", "is empty; list the data that was actually used")


def _obtained_from(where: str, named: Sequence[str], acquired: Sequence[str]) -> Iterator[Finding]:
    if not acquired:
        problem = 'no field is acquired, so nobody provided it; drop it, or give a field origin = "acquired"'
        yield Finding(where, "obtained_from", problem)
    yield from blank_texts(where, "obtained_from", {str(i): name for i, name in enumerate(named)})


def _some(fields: Sequence[str]) -> str:
    return ", ".join(map(repr, fields[:_NAMED])) + (", …" if len(fields) > _NAMED else "")
