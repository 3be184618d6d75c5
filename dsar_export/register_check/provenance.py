"""Whether the register tells how derived data came about, who gave what was acquired, and who receives it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dsar_export.model.dataset import Dataset, EarlierTerms, Logic
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.schema import Origin
from dsar_export.register.hints import location

_NAMED: Final = 3  # enough to find the rest


def provenance_findings(register: Register, dataset: Dataset) -> Iterator[Finding]:
    """Derived fields without a logic, acquired ones without a source, and either where no field needs it.

    Marks are made for the package and mapped by nobody, so they need none.
    """
    where, derived = location(register, dataset), _fields(register, dataset, Origin.DERIVED)
    if dataset.logic is not None:
        yield from _logic(where, dataset.logic, derived)
    elif derived:
        told = f"derived, without a logic: {_some(derived)}; add [logic] with procedure, data_used and significance"
        yield Finding(where, "logic", told)
    acquired = _fields(register, dataset, Origin.ACQUIRED)
    if dataset.obtained_from:
        yield from _obtained_from(where, dataset.obtained_from, acquired)
    elif acquired:
        told = f"acquired, from nobody that is named: {_some(acquired)}; list who gave it, by name"
        yield Finding(where, "obtained_from", told)


def undecided_recipients(register: Register) -> Iterator[Finding]:
    """Datasets and earlier terms of which nobody has decided whether anybody receives them."""
    for dataset in register.datasets:
        terms: dict[str, Dataset | EarlierTerms] = {"recipients": dataset}
        terms |= {f"earlier.{n}.recipients": t for n, t in enumerate(dataset.earlier)}
        for key, held in terms.items():
            if held.recipients is None:
                yield Finding(
                    location(register, dataset),
                    key,
                    "nobody has decided who receives it, and the report says that this is not recorded: list who "
                    "does, or write recipients = [] where nobody does",
                    warning=True,
                )


def blank_texts(where: str, key: str, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Texts of which a person would read nothing."""
    for name, text in texts.items():
        if not text.strip():
            yield Finding(where, f"{key}.{name}", "is empty, and told to the person; say it in their words")


def _fields(register: Register, dataset: Dataset, origin: Origin) -> list[str]:
    """The mapped fields of an origin, which the register may overrule."""
    own = {f.name: f.origin for f in register.schemas[dataset.schema].fields}
    return [name for name, m in dataset.fields.items() if (m.origin or own.get(name)) is origin]


def _logic(where: str, logic: Logic, derived: Sequence[str]) -> Iterator[Finding]:
    if not derived:
        told = 'no field is derived, so it explains nothing; drop it, or give the field origin = "derived"'
        yield Finding(where, "logic", told)
    texts = {"procedure": logic.procedure, "significance": logic.significance}
    data_used = {f"data_used.{index}": text for index, text in enumerate(logic.data_used)}
    yield from blank_texts(where, "logic", {**texts, **data_used})
    if not logic.data_used:
        yield Finding(where, "logic.data_used", "names nothing; list the data that were actually used")


def _obtained_from(where: str, named: Sequence[str], acquired: Sequence[str]) -> Iterator[Finding]:
    if not acquired:
        told = 'no field is acquired, so nobody gave it; drop it, or give the field origin = "acquired"'
        yield Finding(where, "obtained_from", told)
    yield from blank_texts(where, "obtained_from", {str(i): name for i, name in enumerate(named)})


def _some(fields: Sequence[str]) -> str:
    return ", ".join(map(repr, fields[:_NAMED])) + (", …" if len(fields) > _NAMED else "")
