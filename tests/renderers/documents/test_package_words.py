"""What a program shows to the person is in the language of the report, wherever it stands in the package."""

import json
from dataclasses import replace
from typing import Any

from dsar_export.language.catalogue import texts
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap
from dsar_export.model.package import PackageContents, ReportChoices
from dsar_export.model.undecided import Term
from renderers.documents.access_notice import AccessNotice
from renderers.documents.data_package import DataPackage
from tests.builders import contents, dataset_answer, declared, not_covered, not_portable

DERIVED = "not portable: we worked it out ourselves (Art. 20(1) {gdpr})"
GAP = Gap("shop", "orders", Message("the system could not be read; nothing was copied from it"))


def package(language: str) -> PackageContents:
    answer = dataset_answer("orders", [{"id": "1042", "discount": "1"}])
    answer = not_portable(answer, "discount", reason=DERIVED)
    made = contents(answer, gaps=(GAP,), report=ReportChoices(language))
    return replace(made, not_covered=(not_covered(dataset_answer("invoices")),))


def dsar(of: PackageContents) -> dict[str, Any]:
    (document,) = DataPackage().documents(of, ())
    found: dict[str, Any] = json.loads(b"".join(document.body))["dsar"]
    return found


def test_the_package_names_its_language() -> None:
    assert {language: dsar(package(language))["language"] for language in ("en", "de-AT")} == {
        "en": "en",
        "de-AT": "de-AT",
    }


def test_a_package_in_the_registers_language_has_no_other_words() -> None:
    assert dsar(package("en"))["words"] == {}


def test_each_reason_has_its_translation() -> None:
    for language in ("de", "fr"):
        manifest = dsar(package(language))
        reasons = [
            each["reason"] for key in ("gaps", "fields_left_out", "not_covered") for each in manifest[key]
        ]
        assert len(reasons) == 3
        assert [reason for reason in reasons if manifest["words"].get(reason, reason) == reason] == []
    german = dsar(package("de"))
    assert german["words"][str(GAP.reason)] == texts("de").phrase(GAP.reason.text)


def test_the_texts_of_the_notice_have_one_too() -> None:
    of = package("de")
    (document,) = AccessNotice().documents(of, ())
    (process,) = json.loads(b"".join(document.body))["dpv:hasProcess"]
    starts = process["dpv:hasStorageCondition"]["dct:description"]
    words = dsar(of)["words"]
    assert starts.startswith("Counted from: ")
    assert words[starts].startswith("Gezählt ab: ")


def test_identifiers_are_called_as_in_the_report() -> None:
    titles = {i["kind"]: i["title"] for i in dsar(package("de"))["identity"]["identifiers"]}
    assert titles == {"customer_id": "Kundennummer", "email": "E-Mail-Adresse"}


def test_a_dataset_without_a_file_has_its_title() -> None:
    (outcome,) = dsar(package("en"))["outcomes"]
    assert (outcome["title"], outcome["description"]) == ("Orders", "Everything about orders.")


def test_a_text_that_is_translated_does_not_change_the_payload() -> None:
    english, german = (
        b"".join(d.body) for language in ("en", "de") for d in AccessNotice().documents(package(language), ())
    )
    assert english == german


def test_what_is_undecided_has_its_words_and_stands_among_what_is_not_here() -> None:
    terms: dict[str, object] = {"purposes": {}, "recipients": None, "storage_period": None}
    answer = declared(dataset_answer("orders", [{"id": "1"}]), undecided=tuple(Term), **terms)
    for language in ("de", "fr"):
        of = contents(answer, report=ReportChoices(language))
        (document,) = AccessNotice().documents(of, ())
        (process,) = json.loads(b"".join(document.body))["dpv:hasProcess"]
        (nested,) = process["dpv:hasProcess"]
        nodes = (nested["dpv:hasPurpose"], process["dpv:hasRecipient"], process["dpv:hasStorageCondition"])
        manifest = dsar(of)
        assert [n for n in nodes if n["dct:description"] not in manifest["words"]] == []
        assert len({each["what"] for each in manifest["not_here"]}) == 3
