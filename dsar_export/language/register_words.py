"""The register's own words: where they are, and the same in the language of a report."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Final, TypeVar, get_args, get_type_hints

from dsar_export.language.catalogue import ENGLISH, primary_language
from dsar_export.language.identifier_words import identifier_words
from dsar_export.language.made_words import made_titles, own_texts
from dsar_export.model.dataset import Dataset
from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.legal import LEGAL_BASES
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.register import Organisation, Register
from dsar_export.model.words import MARK, Translated

T = TypeVar("T")
Steps = tuple[str, ...]
Translate = Callable[[str], str]
_PART: Final = "at"
"""A collector's part of a table, whose keys are beside the others in the file."""


def words_of(register: Register) -> Mapping[str, Sequence[str]]:
    """Each text that reports show, with its places: the file in the register's folder, and the key."""
    places: dict[str, list[str]] = {}
    for file, table in _files(register):
        bases = table.bases if isinstance(table, Organisation) else ()
        titles = made_titles(table) if isinstance(table, Dataset) else ()
        for path, text in (*_words(table), *((("bases",), basis) for basis in bases), *titles):
            if text.strip():
                places.setdefault(text, []).append(f"{file}: {'.'.join(path)}")
    return places


def words_for(register: Register, language: str) -> Mapping[str, Sequence[str]]:
    """The texts that reports of those who answer in a language show; all texts if nobody does."""
    answering = answering_in(register, language)
    needed = {text for controller in answering for text in words_of(_seen_by(register, controller))}
    return {text: places for text, places in words_of(register).items() if text in needed or not answering}


def answering_in(register: Register, language: str) -> Sequence[str]:
    """The controllers who answer in a language, whatever its region."""
    wanted = primary_language(language)
    controllers = register.organisation.controllers.items()
    return [name for name, controller in controllers if primary_language(controller.language) == wanted]


def in_its_language(contents: PackageContents) -> PackageContents:
    """The contents with the register's words in the report's language, as far as they are translated."""
    translate = _translator(contents.register, contents.report.language)
    if translate is None:
        return contents
    register = contents.register
    translated = replace(
        contents,
        register=replace(
            register,
            organisation=_translated(register.organisation, translate),
            datasets=_entries_translated(register.datasets, translate),
        ),
        datasets=tuple(_answer(answer, register, translate) for answer in contents.datasets),
        promises=_entries_translated(contents.promises, translate),
    )
    return _with_bases(translated, translate)


def register_translator(register: Register, language: str) -> Translate | None:
    """What translates single words of the register, for who needs not all of them; None if nothing does."""
    return _translator(register, language)


def dataset_titles(register: Register, datasets: Sequence[str], language: str) -> Sequence[str]:
    """What these datasets are called in a language, in the register's order; catalogues have the built-in titles."""
    translate = _translator(register, language) or str
    titles = []
    for dataset in register.datasets:
        if dataset.name in datasets:
            schema = register.schema_of(dataset)
            own = schema.title if register.has_own_words(dataset) else None
            title = dataset.title or own
            titles.append(schema.title if title is None else translate(title))
    return titles


def identifier_titles(register: Register, kinds: Sequence[str], language: str) -> Sequence[str]:
    """What these kinds of identifiers are called in a language; catalogues have those that are not the register's."""
    translate = _translator(register, language) or str
    own = {kind: translate(words) for kind, words in register.organisation.identifiers.items()}
    return [identifier_words(kind, own) for kind in kinds]


def unsearched(register: Register, controller: str, language: str) -> Sequence[tuple[str, str, str]]:
    """What a controller promises and does not search: the kind of data, the ground, and what a search would take."""
    translate = _translator(register, language) or str
    return [
        (translate(promise.text), translate(reason.ground), translate(reason.effort))
        for promise in register.for_controller(controller).organisation.promises
        if (reason := promise.not_searched) is not None
    ]


def held_elsewhere(register: Register, controller: str, language: str) -> Sequence[tuple[str, str, str]]:
    """What a controller holds for clients: the kind of data, the client, and where it is reached."""
    translate = _translator(register, language) or str
    held = register.held_for_clients(controller)
    return [(translate(each.what), translate(each.client), translate(each.contact)) for each in held]


def _translator(register: Register, language: str) -> Translate | None:
    """What translates the register's words into a language; None if nothing does."""
    wanted = primary_language(language)
    if wanted == primary_language(register.organisation.language):
        return None if wanted == ENGLISH else Translated
    if wanted not in register.translations:
        return None
    words = register.translations[wanted].words
    return lambda text: Translated(words[text]) if text in words else text


def _answer(answer: DatasetAnswer, register: Register, translate: Translate) -> DatasetAnswer:
    """A dataset's answer in words of the language; the texts of a built-in schema are not the register's."""
    dataset, own = (
        _translated(answer.dataset, translate),
        schema_translator(register, answer.dataset, translate),
    )
    schema, left_out = _translated(answer.schema, own), _entries_translated(answer.left_out, own)
    if dataset.title is not None:
        schema = replace(schema, title=dataset.title)
    return replace(answer, dataset=dataset, schema=schema, left_out=left_out)


def schema_translator(register: Register, dataset: Dataset, translate: Translate) -> Translate:
    """What translates those texts of a dataset's schema that are the register's."""
    if dataset.schema in register.own_schemas:
        return translate
    own = own_texts(dataset, register.schema_of(dataset)) if dataset.described else ()
    return lambda text: translate(text) if text in own else text


def _files(register: Register) -> Iterator[tuple[str, object]]:
    yield "register.toml", register.organisation
    for dataset in register.datasets:
        yield f"datasets/{dataset.name}.toml", dataset
    for name in dict.fromkeys(dataset.schema for dataset in register.datasets):
        if name is not None and name in register.own_schemas:
            yield f"schemas/{name}.schema.json", register.schemas[name]


def _seen_by(register: Register, controller: str) -> Register:
    """What of the register the reports of one controller show."""
    own = register.for_controller(controller)
    sources = {n: s for n, s in own.organisation.sources.items() if controller in s.controllers}
    datasets = own.datasets_of(controller)
    return replace(own, organisation=replace(own.organisation, sources=sources), datasets=datasets)


def _words(table: object, path: Steps = ()) -> Iterator[tuple[Steps, str]]:
    """The words in a table of the register and in those inside it, each with its path."""
    for key, value, marked in _keys(table):
        at = path if key == _PART else (*path, key)
        for step, each in _entries(value):
            if not marked:
                yield from _words(each, (*at, *step))
            elif isinstance(each, str):
                yield (*at, *step), each


def _keys(table: object) -> Iterator[tuple[str, object, bool]]:
    """The keys of a table of the register, each with its value and whether it holds words; none of other values."""
    # The report shows only why something is withheld; the other reasons are for staff.
    for_staff = isinstance(table, LeftOut) and table.reason is not LeftOutReason.WITHHELD
    if is_dataclass(table) and not for_staff:
        marked = _marked(type(table))  # type: ignore[arg-type] # mypy does not know that classes are hashable
        yield from ((f.name, getattr(table, f.name), f.name in marked) for f in fields(table))


def _entries(value: object) -> Iterator[tuple[Steps, object]]:
    """The entries of a table or list, each with its name or number; of any other value, the value itself."""
    if isinstance(value, Mapping):
        yield from (((str(name),), each) for name, each in value.items())
    elif isinstance(value, tuple):
        yield from (((_name(each, index),), each) for index, each in enumerate(value))
    else:
        yield (), value


def _name(entry: object, index: int) -> str:
    """What a promise, a field or a code is called, or the entry's number in its list."""
    names = (getattr(entry, key, None) for key in ("id", "name", "value"))
    return next((name for name in names if isinstance(name, str)), str(index))


def _translated(value: T, translate: Translate) -> T:
    """The value with each of its words translated; the same object if that changes nothing."""
    changes: dict[str, object] = {}
    for key, held, marked in _keys(value):
        change = _word if marked else _translated
        new = _with_entries(held, [change(each, translate) for _, each in _entries(held)])
        if new is not held:
            changes[key] = new
    return replace(value, **changes) if changes else value  # type: ignore[type-var] # it has fields


def _entries_translated(values: tuple[T, ...], translate: Translate) -> tuple[T, ...]:
    return tuple(_translated(value, translate) for value in values)


def _word(text: object, translate: Translate) -> object:
    return translate(text) if isinstance(text, str) else text


def _with_entries(value: object, entries: Sequence[object]) -> object:
    """The value with these entries instead of its own; the same object if they are the same."""
    if all(new is old for new, (_, old) in zip(entries, _entries(value), strict=True)):
        return value
    if isinstance(value, Mapping):
        return dict(zip(value, entries, strict=True))
    return tuple(entries) if isinstance(value, tuple) else entries[0]


def _with_bases(contents: PackageContents, translate: Translate) -> PackageContents:
    """The notice's own names of legal bases translated: keys of the register, and what purposes rest on."""
    organisation = contents.register.organisation
    names = {basis: translate(basis) for basis in organisation.bases}
    if len({*names.values(), *LEGAL_BASES}) < len(names) + len(LEGAL_BASES):
        return contents  # two bases of one name would be one, and the article of the other would be lost
    bases = {names[basis]: article for basis, article in organisation.bases.items()}
    register = replace(
        contents.register,
        organisation=replace(organisation, bases=bases),
        datasets=tuple(_resting_on(dataset, names) for dataset in contents.register.datasets),
    )
    answers = tuple(replace(a, dataset=_resting_on(a.dataset, names)) for a in contents.datasets)
    return replace(contents, register=register, datasets=answers)


def _resting_on(dataset: Dataset, names: Mapping[str, str]) -> Dataset:
    """The dataset with the translated names of its legal bases."""
    earlier = tuple(replace(t, purposes=_renamed(t.purposes, names)) for t in dataset.earlier)
    return replace(dataset, purposes=_renamed(dataset.purposes, names), earlier=earlier)


def _renamed(purposes: Mapping[str, str], names: Mapping[str, str]) -> Mapping[str, str]:
    return {purpose: names.get(basis, basis) for purpose, basis in purposes.items()}


@cache
def _marked(table: type) -> frozenset[str]:
    """The keys of a table that hold words."""
    hints = get_type_hints(table, include_extras=True)
    return frozenset(key for key, hint in hints.items() if _has_mark(hint))


def _has_mark(hint: object) -> bool:
    return MARK in getattr(hint, "__metadata__", ()) or any(map(_has_mark, get_args(hint)))
