"""Earlier requests of a person are part of the answer to the next one, whether or not the register mentions them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from sqlalchemy import Engine

from dsar_export.errors import RegisterError
from dsar_export.identities.links import Kinds
from dsar_export.language.catalogue import languages, message, primary_language, texts
from dsar_export.model.comparison import Strength
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.place import TablePlace
from dsar_export.model.register import OWN_SOURCE, Register, Source
from dsar_export.model.schema import DatasetSchema, parse_schema
from dsar_export.model.subject_key import SubjectKey
from dsar_export.model.terms import Purpose, StoragePeriod
from dsar_export.model.words import Translations
from dsar_export.requests.earlier import COLUMNS, TABLE, EarlierRequests
from dsar_export.requests.requests import ListedRequest
from dsar_export.requests.vault import Vault
from dsar_export.use_cases.services import Services
from schemas import BUILT_IN, find_schema, read_schema

NAME: Final = TABLE
"""The dataset, and its built-in schema."""
_PURPOSE: Final = message("Answering requests for data")
_WHY: Final = message("We keep a file of each request, to answer it in time and to prove how we did.")
_PERIOD: Final = message("Our file of a request")
_LISTED: Final = "the identifiers of a request are in one list"
_STARTS: Final = message("the end of the request")


def with_earlier_requests(
    services: Services, engine: Engine, vault: Vault, answered: ListedRequest
) -> Services:
    """The services with the controller's requests as one more source, without the one that is answered.

    RegisterError if a name of it is taken.
    """
    extend = partial(with_own_dataset, services.register, answered.controller)
    register = services.kept.derived((NAME, answered.controller), extend, services.register)
    kinds = tuple(key.identifier for key in register.datasets[-1].subject_keys)
    subject = services.register.kind
    source = EarlierRequests(engine, vault, answered.controller, answered.reference, kinds, subject)
    return replace(services, register=register, collectors={**services.collectors, OWN_SOURCE: source})


def with_own_dataset(register: Register, controller: str) -> Register:
    """The register with the dataset of a controller's requests, last in its order."""
    if NAME in {d.name for d in register.datasets} | register.schemas.keys():
        raise RegisterError(
            f"datasets/{NAME}.toml: {NAME!r} is the name under which this program shows earlier requests for data; "
            "give the dataset and its schema another name"
        )
    organisation = register.organisation
    kept_for = organisation.controllers[controller].own_records.requests
    own = texts(organisation.language)
    purpose = Purpose(title=own.phrase(_PURPOSE), description=own.phrase(_WHY))
    period = StoragePeriod(title=own.phrase(_PERIOD), duration=kept_for, starts=own.phrase(_STARTS))
    extended = replace(
        organisation,
        datasets=(*organisation.datasets, NAME),
        sources={
            **organisation.sources,
            OWN_SOURCE: Source(kind=OWN_SOURCE, url="", controllers=(controller,)),
        },
        purposes={**organisation.purposes, OWN_SOURCE: purpose},
        storage_periods={**organisation.storage_periods, OWN_SOURCE: period},
    )
    return replace(
        register,
        organisation=extended,
        datasets=(*register.datasets, _dataset(register, controller)),
        schemas={**register.schemas, NAME: _schema()},
        translations=_translated(register),
    )


def _dataset(register: Register, controller: str) -> Dataset:
    kinds = Kinds(register.for_controller(controller), controller)
    return Dataset(
        name=NAME,
        schema=NAME,
        source=OWN_SOURCE,
        at=TablePlace(table=TABLE, order_by=("request_id",)),
        subject_keys=tuple(_key(kinds, kind) for kind in _proving(register, controller)),
        valid_at=("received_at",),
        fields={name: FieldMapping(column=name) for name in COLUMNS},
        left_out={
            kind: LeftOut(reason=LeftOutReason.COPIED_ELSEWHERE, note=_LISTED)
            for kind in _proving(register, controller)
        },
        recipients=register.organisation.controllers[controller].own_records.recipients,
        purposes={OWN_SOURCE: "A6-1-c"},
        storage_period=OWN_SOURCE,
        storage_starts="ended_at",
    )


def _proving(register: Register, controller: str) -> Sequence[str]:
    """The kinds of identifiers that find a request: those to which strong links lead, and not what is only supplied."""
    links = register.links_of(controller)
    kinds = {link.leads_to for link in links if link.strength is Strength.STRONG}
    return sorted({*kinds, register.subject} - {*register.organisation.supplied})


def _key(kinds: Kinds, kind: str) -> SubjectKey:
    comparison = kinds.comparison(kind)
    return SubjectKey(
        column=kind, identifier=kind, match=comparison.match, region=comparison.region, nobody=()
    )


def _schema() -> DatasetSchema:
    path = find_schema(NAME, BUILT_IN)
    if path is None:
        raise FileNotFoundError(f"the built-in schema {NAME} is missing")
    return parse_schema(NAME, read_schema(path))


def _translated(register: Register) -> dict[str, Translations]:
    """The register's translations with those of the words above."""
    words, own = (_PURPOSE, _WHY, _PERIOD, _STARTS), register.organisation.language
    found = dict(register.translations)
    for language in _others(own):
        new = {texts(own).phrase(word): texts(language).phrase(word) for word in words}
        known = found.get(language, Translations({}, {}))
        found[language] = Translations({**new, **known.words}, known.lines)
    return found


def _others(language: str) -> Iterable[str]:
    return (each for each in languages() if each != primary_language(language))
