"""The register's own words: which they are, who needs them in which language, and the same translated."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from dsar_export.language.catalogue import texts
from dsar_export.language.register_words import answering_in, in_its_language, words_for, words_of
from dsar_export.model.dataset import EarlierTerms, Logic
from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.outcome import Answer
from dsar_export.model.package import PackageContents, ReportChoices
from dsar_export.model.place import HistoryTable, TablePlace
from dsar_export.model.register import Register
from dsar_export.model.schema import Code
from dsar_export.model.words import Translated, Translations
from tests.builders import (
    CONTROLLER,
    contents,
    dataset_answer,
    declared,
    not_portable,
    promise_answer,
    schema_field,
)

MAY: Final = date(2018, 5, 25)
LOGIC: Final = Logic(procedure="A program adds.", data_used=("your visits",), significance="None at all.")
WITHHELD: Final = LeftOut(reason=LeftOutReason.WITHHELD, note="It would let others in.")
FOR_STAFF: Final = LeftOut(reason=LeftOutReason.NOT_PERSONAL, note="Only a count.")
PLACE: Final = TablePlace(
    table="visits",
    order_by=("id",),
    versions_left_out=LeftOut(reason=LeftOutReason.WITHHELD, note="Kept for the backup."),
    history=(HistoryTable(table="old", order_by=("id",), left_out={"hash": WITHHELD, "n": FOR_STAFF}),),
)


def package(
    language: str = "de", german: Mapping[str, str] | None = None, *, own: bool = True
) -> PackageContents:
    """A package of one dataset with words of every kind, whose schema is the register's own or a built-in one."""
    code = Code("w", "Web", "Seen on the web.")
    answer = not_portable(
        dataset_answer(
            "visits",
            [{"page": "w", "mark": 1}],
            fields=[schema_field("page", codes=(code,)), schema_field("mark"), schema_field("kept")],
            title="Visits",
            purposes={"service": "prevention of fraud"},
            left_out={"token": WITHHELD, "n": FOR_STAFF},
        ),
        "kept",
    )
    answer = declared(
        answer,
        at=PLACE,
        title="Visits",
        logic=LOGIC,
        obtained_from=("Electoral register",),
        earlier=(EarlierTerms(until=MAY, purposes={"service": "legal claims"}, storage_period="brief"),),
    )
    made = contents(
        answer,
        promises=(promise_answer("Your visits", Answer.NOT_SEARCHED, ground="On paper."),),
        left_out={"passwords": WITHHELD, "counts": FOR_STAFF},
        report=ReportChoices(language),
    )
    bases = {"prevention of fraud": "A6-1-f", "legal claims": "A6-1-c"}
    organisation = replace(made.register.organisation, bases=bases, identifiers={"crm_id": "Customer number"})
    register = replace(
        made.register,
        organisation=organisation,
        own_schemas=frozenset({"visits"} if own else ()),
        translations={} if german is None else {"de": Translations(german, {})},
    )
    return replace(made, register=register)


def in_capitals(register: Register) -> Mapping[str, str]:
    return {text: text.upper() for text in words_of(register)}


def answering(register: Register, **languages: str) -> Register:
    """The register with one controller for each language; only the first has the source's data."""
    controllers = {name: replace(CONTROLLER, language=language) for name, language in languages.items()}
    organisation = replace(register.organisation, controllers=controllers)
    source = replace(organisation.sources["shop_database"], controllers=tuple(languages)[:1])
    return replace(register, organisation=replace(organisation, sources={"shop_database": source}))


def test_each_text_that_reports_show_is_listed_with_its_places() -> None:
    assert dict(words_of(package().register)) == {
        "Privacy notice of 25 May 2018": ["register.toml: notice"],
        "Customer number": ["register.toml: identifiers.crm_id"],
        "It would let others in.": [
            "register.toml: sources.shop_database.left_out.passwords.note",
            "datasets/visits.toml: history.0.left_out.hash.note",
            "datasets/visits.toml: left_out.token.note",
        ],
        "Serving you": ["register.toml: purposes.service.title"],
        "We deliver what you order.": ["register.toml: purposes.service.description"],
        "Marketing": ["register.toml: purposes.marketing.title"],
        "We write to you about offers.": ["register.toml: purposes.marketing.description"],
        "It brings your parcels.": ["register.toml: recipients.parcel.description"],
        "It sends our email.": ["register.toml: recipients.mailer.description"],
        "Address and name only.": ["register.toml: transfers.0.description"],
        "Accounts": ["register.toml: storage_periods.accounts.title"],
        "the end of the relationship": ["register.toml: storage_periods.accounts.starts"],
        "Briefly": ["register.toml: storage_periods.brief.title"],
        "the day of the visit": ["register.toml: storage_periods.brief.starts"],
        "Your visits": ["register.toml: promises.promise.text"],
        "On paper.": ["register.toml: promises.promise.not_searched.ground"],
        "We looked at the index.": ["register.toml: promises.promise.not_searched.effort"],
        "data protection officer": ["register.toml: promises.promise.not_searched.decided_by"],
        "prevention of fraud": ["register.toml: bases"],
        "legal claims": ["register.toml: bases"],
        "Visits": ["datasets/visits.toml: title", "schemas/visits.schema.json: title"],
        "Kept for the backup.": ["datasets/visits.toml: versions_left_out.note"],
        "A program adds.": ["datasets/visits.toml: logic.procedure"],
        "your visits": ["datasets/visits.toml: logic.data_used.0"],
        "None at all.": ["datasets/visits.toml: logic.significance"],
        "Electoral register": ["datasets/visits.toml: obtained_from.0"],
        "Everything about visits.": ["schemas/visits.schema.json: description"],
        "Page": ["schemas/visits.schema.json: fields.page.title"],
        "The page as we hold it.": ["schemas/visits.schema.json: fields.page.description"],
        "Web": ["schemas/visits.schema.json: fields.page.codes.w.title"],
        "Seen on the web.": ["schemas/visits.schema.json: fields.page.codes.w.description"],
        "Mark": ["schemas/visits.schema.json: fields.mark.title"],
        "The mark as we hold it.": ["schemas/visits.schema.json: fields.mark.description"],
    }


def test_the_texts_of_a_built_in_schema_are_not_the_registers() -> None:
    assert not any(
        "schemas/" in at for places in words_of(package(own=False).register).values() for at in places
    )


def test_a_language_needs_the_texts_that_its_controllers_show() -> None:
    register = answering(package().register, shop="en", branch="de-AT", other="de")

    assert list(answering_in(register, "de-CH")) == ["branch", "other"]
    assert "Serving you" in words_for(register, "de")
    assert not {"It would let others in.", "Visits", "A program adds."} & words_for(register, "de").keys()
    assert words_for(register, "en") == words_of(register)


def test_a_language_in_which_nobody_answers_needs_all_texts() -> None:
    register = answering(package().register, shop="en")

    assert words_for(register, "de") == words_of(register)


def test_every_word_of_the_register_is_shown_in_the_reports_language() -> None:
    words = in_capitals(package().register)
    shown = in_its_language(package(german=words))

    assert set(words_of(replace(shown.register, schemas={"visits": shown.datasets[0].schema}))) == set(
        words.values()
    )
    (answer,), (promise,) = shown.datasets, shown.promises
    assert answer.dataset == shown.register.datasets[0]
    assert promise.promise == shown.register.organisation.promises[0]


def test_the_notices_own_bases_keep_their_articles() -> None:
    words = {"prevention of fraud": "Betrugsvorbeugung", "legal claims": "Ansprüche"}
    shown = in_its_language(package(german=words))
    (answer,) = shown.datasets

    assert answer.dataset.purposes == {"service": "Betrugsvorbeugung"}
    assert answer.dataset.earlier[0].purposes == {"service": "Ansprüche"}
    assert shown.register.articles(answer.dataset) == {"A6-1-f", "A6-1-c"}


@pytest.mark.parametrize("fraud", ["legal claims", "Ansprüche", "A6-1-a"])
def test_bases_whose_translations_are_the_same_stay_as_the_register_writes_them(fraud: str) -> None:
    claims = "legal claims" if fraud == "legal claims" else "Ansprüche"
    shown = in_its_language(package(german={"prevention of fraud": fraud, "legal claims": claims}))
    (answer,) = shown.datasets

    assert answer.dataset.purposes == {"service": "prevention of fraud"}
    assert shown.register.articles(answer.dataset) == {"A6-1-f", "A6-1-c"}


def test_a_text_without_a_translation_stays_as_it_is() -> None:
    (answer,) = in_its_language(package(german={"Page": "Seite"})).datasets

    assert [field.title for field in answer.schema.fields] == ["Seite", "Mark"]


@pytest.mark.parametrize("language", ["en", "en-GB", "fr"])
def test_without_translations_into_the_language_nothing_changes(language: str) -> None:
    made = package(language, german={"Visits": "Besuche"})

    assert in_its_language(made) is made


def test_any_region_of_a_language_has_its_translations() -> None:
    (answer,) = in_its_language(package("de-AT", german={"Visits": "Besuche"})).datasets

    assert answer.schema.title == "Besuche"


def test_a_built_in_schema_keeps_its_texts_though_the_register_translates_the_same_ones() -> None:
    words = {"Page": "Blatt", "Visits": "Besuche", "Kept": "Behalten"}
    (answer,) = in_its_language(package(own=False, german=words)).datasets

    assert answer.schema.title == "Besuche"  # the dataset's own title
    assert answer.schema.fields[0].title == "Page"
    assert answer.left_out[0].title == "Kept"


def test_a_built_in_schema_without_a_title_of_the_register_keeps_its_own() -> None:
    made = package(own=False, german={"Visits": "Besuche"})
    made = replace(made, datasets=(declared(made.datasets[0], title=None),))

    assert in_its_language(made).datasets[0].schema.title == "Visits"


def test_a_translated_text_is_not_translated_again() -> None:
    """`Name` is German, and the title of a product in our own schemas."""
    (answer,) = in_its_language(package(german={"Page": "Name"})).datasets

    assert texts("de").phrase("Name") != "Name"
    assert texts("de").phrase(answer.schema.fields[0].title) == "Name"
    assert texts("de").phrase("") == ""


def test_a_register_in_the_reports_language_is_shown_as_it_is_written() -> None:
    made = package("de")
    organisation = replace(made.register.organisation, language="de-DE")
    (answer,) = in_its_language(
        replace(made, register=replace(made.register, organisation=organisation))
    ).datasets

    assert texts("de").phrase("Page") != "Page"
    assert texts("de").phrase(answer.schema.fields[0].title) == "Page"
    assert isinstance(answer.schema.title, Translated)
