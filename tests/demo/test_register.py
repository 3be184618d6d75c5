"""The demo's register reads everything in its databases and refers only to what it declares."""

import re

import pytest

from dsar_export.demo import HIRE_TABLES, MAPPED_TABLES, DemoPerson, write_organisation
from dsar_export.language.register_words import words_of
from dsar_export.model.comparison import Strength
from dsar_export.model.dataset import Dataset, EarlierTerms
from dsar_export.model.legal import LEGAL_BASES
from dsar_export.model.register import Register
from dsar_export.wiring import register_in
from tests.demo.databases import column_names, database_of, held_names, rows_of

NOT_PROVIDED_BY_THE_LICENSING_AUTHORITY = {"customer_id", "score", "score_meaning"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoPerson:
    return write_organisation(tmp_path_factory.mktemp("organisation"), events=10)


@pytest.fixture(scope="module")
def register(demo: DemoPerson) -> Register:
    return register_in(demo.register)


def code_tables_of(dataset: Dataset) -> set[str]:
    return {f.codes_from.table for f in dataset.fields.values() if f.codes_from is not None}


def tables_of(dataset: Dataset) -> tuple[str, ...]:
    return (dataset.place.table, *(h.table for h in dataset.place.history))


def terms_of(dataset: Dataset) -> list[Dataset | EarlierTerms]:
    return [dataset, *dataset.earlier]


def test_the_register_can_be_read_and_names_the_demo_persons_controller(
    demo: DemoPerson, register: Register
) -> None:
    assert demo.controller in register.organisation.controllers
    assert {i.partition("=")[0] for i in demo.identifiers} <= register.identifier_kinds
    assert tuple(t for d in register.datasets for t in tables_of(d)) == MAPPED_TABLES
    assert tuple(d.place.table for d in register.datasets if d.source == "hire") == HIRE_TABLES


def test_each_company_answers_for_what_it_holds(register: Register) -> None:
    assert {c.country for c in register.organisation.controllers.values()} == {"GB", "FR", "DE"}
    of = {c: {d.name for d in register.datasets_of(c)} for c in register.organisation.controllers}
    assert of["acme_fr"] == of["acme_de"] == of["acme"] - set(HIRE_TABLES)
    assert set(register.organisation.sources["group"].tenants) == set(of)


def test_where_companies_share_a_source_every_key_and_link_has_a_tenant_column_or_a_reason(
    register: Register,
) -> None:
    tenants = [(d.source, k.tenant_column, k.no_tenant) for d in register.datasets for k in d.subject_keys]
    tenants += [(ln.source, ln.tenant_column, ln.no_tenant) for ln in register.organisation.links]
    for source, column, reason in tenants:
        shared = len(register.organisation.sources[source].controllers) > 1
        assert ((column is None) != (reason is None)) == shared


def test_every_table_and_view_is_read_by_a_dataset_or_left_out_with_a_reason(
    demo: DemoPerson, register: Register
) -> None:
    for name, source in register.organisation.sources.items():
        held = held_names(demo.register, source.url.removeprefix("sqlite:///"))
        datasets = [d for d in register.datasets if d.source == name]
        read = {t for d in datasets for t in (*tables_of(d), *code_tables_of(d))}
        assert held == read | set(source.left_out)
        assert not read & set(source.left_out)


def test_every_column_is_taken_by_a_field_or_left_out_with_a_reason(
    demo: DemoPerson, register: Register
) -> None:
    for dataset in register.datasets:
        held = column_names(demo.register, database_of(register, dataset), dataset.place.table)
        left_out = {c for c in dataset.left_out if "/" not in c}
        taken = {f.column for f in dataset.fields.values() if f.column is not None}
        assert not taken & left_out, dataset.name
        assert left_out <= held, dataset.name
        assert held <= taken | left_out, dataset.name
        assert dataset.place.query is not None or taken <= held, dataset.name
        for history in dataset.place.history:
            held = column_names(demo.register, database_of(register, dataset), history.table)
            assert held <= {c for c in map(history.column, taken | left_out) if c} | set(history.left_out), (
                history.table
            )


def test_every_field_of_a_schema_is_filled_with_values_that_it_knows(register: Register) -> None:
    for dataset in register.datasets:
        schema = register.schema_of(dataset)
        missing = NOT_PROVIDED_BY_THE_LICENSING_AUTHORITY if dataset.name == "licence_checks" else set()
        assert set(dataset.fields) == set(schema.field_names) - missing, dataset.name
        for field in schema.fields:
            mapping = dataset.fields.get(field.name)
            if mapping is not None and mapping.codes is not None and field.codes:
                assert set(mapping.codes.values()) <= {c.value for c in field.codes}, field.name


def test_every_stored_code_has_a_meaning(demo: DemoPerson, register: Register) -> None:
    for dataset in register.datasets:
        for table in ("" if dataset.place.query else t for t in tables_of(dataset)):
            for name, mapping in dataset.fields.items():
                if mapping.codes is not None and mapping.path is None and table == dataset.place.table:
                    known = set(mapping.codes)
                    cells = rows_of(demo.register, f"SELECT DISTINCT {mapping.column} FROM {table}")
                    assert {str(c[0]) for c in cells if c[0] is not None} <= known, f"{dataset.name}.{name}"


def test_the_register_refers_to_nothing_that_it_does_not_declare(register: Register) -> None:
    organisation = register.organisation
    for dataset in register.datasets:
        for terms in terms_of(dataset):
            assert set(terms.purposes) <= set(organisation.purposes)
            assert terms.recipients is not None
            assert set(terms.recipients) <= set(organisation.recipients)
            assert terms.storage_period in organisation.storage_periods
        assert all(register.article(basis) in LEGAL_BASES for basis in dataset.bases)
        assert {dataset.storage_starts, *dataset.valid_at} - {None} <= set(dataset.fields)
        for mapping in dataset.fields.values():
            if mapping.references is not None:
                name, _, field = mapping.references.partition(".")
                assert field in next(d for d in register.datasets if d.name == name).fields
    promised = {name for promise in organisation.promises for name in promise.datasets}
    assert promised == set(organisation.datasets)
    assert any(promise.not_searched for promise in organisation.promises)
    assert {t.recipient for t in organisation.transfers} <= set(organisation.recipients)


def test_what_is_declared_is_used(register: Register) -> None:
    organisation = register.organisation
    terms = [t for d in register.datasets for t in terms_of(d)]
    assert {p for t in terms for p in t.purposes} == set(organisation.purposes)
    transferred = {t.recipient for t in organisation.transfers}
    assert {r for t in terms for r in t.recipients or ()} | transferred == set(organisation.recipients)
    assert {t.storage_period for t in terms} == set(organisation.storage_periods)
    assert {b for t in terms for b in t.purposes.values()} >= set(organisation.bases)


def test_the_register_shows_what_its_syntax_can_do(register: Register) -> None:
    """A feature that the demo does not use is one that nobody tries before they need it."""
    datasets, links = register.datasets, register.organisation.links
    fields = [f for d in datasets for f in d.fields.values()]
    keys = [k for d in datasets for k in d.subject_keys]
    assert any(d.place.history for d in datasets)
    assert any(d.deleted for d in datasets)
    assert any(d.place.query for d in datasets)
    assert any(d.earlier for d in datasets)
    assert any(d.valid_at for d in datasets)
    assert any(len(d.subject_keys) > 1 for d in datasets)
    assert any(k.through for k in keys)
    assert {k.match.value for k in keys} == {"exact", "casefold", "e164"}
    assert any(f.codes_from for f in fields)
    assert any(f.path for f in fields)
    assert any(f.zone_column for f in fields)
    assert any(f.minor_units for f in fields)
    assert any(f.value for f in fields)
    assert any(link.valid for link in links)
    # What a person's row points to is tried by the guide's examples (tests/homes.py), and by drafts of a club.
    assert {link.strength for link in links} == set(Strength) - {Strength.REFERENCE}
    assert register.organisation.supplied
    assert len({d.schema for d in datasets}) < len(datasets)


def test_portability_has_something_to_keep_and_something_to_leave_out(register: Register) -> None:
    portable = {d.name for d in register.datasets if register.articles(d) & {"A6-1-a", "A6-1-b"}}
    assert portable >= {"profile", "orders", "usage_events", "email_events", "web_sessions"}
    assert not portable & {"third_party_data", "profiling", "disclosures", "licence_checks", "devices"}


def test_every_word_of_the_register_is_in_german_and_french(register: Register) -> None:
    for language in ("de", "fr"):
        translations = register.translations[language]
        assert translations.words.keys() == translations.lines.keys() == words_of(register).keys()


def test_a_french_translation_has_no_break_space_before_punctuation(register: Register) -> None:
    breakable = re.compile(r"[^\u00a0\u202f\s][ ]?[:;?!](?=\s|$)| »|« ")
    assert [text for text in register.translations["fr"].words.values() if breakable.search(text)] == []
