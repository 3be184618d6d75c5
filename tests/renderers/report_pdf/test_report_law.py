"""The report calls the law by its name in the controller's country, in every language."""

import re
from dataclasses import replace

import pytest

from dsar_export.model.legal import LEGAL_BASES, SAFEGUARDS
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Right
from renderers.documents.readme import Readme
from tests.builders import CONTROLLER, contents, dataset_answer
from tests.renderers.report_pdf.telling import section_of, text_of
from tests.renderers.report_pdf.test_report_language import everything

OURS = {"en": "GDPR", "de": "DSGVO", "fr": "RGPD"}
BRITISH = {"en": "UK GDPR", "de": "UK-DSGVO", "fr": "RGPD britannique"}
every_language = pytest.mark.parametrize("language", OURS)


def shown(language: str, right: Right, country: str) -> str:
    made = replace(everything(right), report=ReportChoices(language=language))
    return text_of(replace(made, controller=replace(CONTROLLER, country=country)))


@every_language
@pytest.mark.parametrize("right", list(Right))
def test_in_britain_it_is_the_uk_gdpr_and_nowhere_the_other_one(language: str, right: Right) -> None:
    text = shown(language, right, "GB")
    named = len(re.findall(OURS[language], text))
    assert named == text.count(BRITISH[language]) > 10
    assert "{gdpr}" not in text


@every_language
@pytest.mark.parametrize("right", list(Right))
def test_elsewhere_nothing_is_called_british(language: str, right: Right) -> None:
    text = shown(language, right, "FR")
    assert text.count(OURS[language]) > 10
    assert BRITISH[language] not in text
    assert "Data Protection Act" not in text


def test_every_basis_and_safeguard_leaves_the_name_to_the_controller() -> None:
    assert [m for m in (*LEGAL_BASES.values(), *SAFEGUARDS.values()) if "{gdpr}" not in m.text] == []


def test_the_glossary_explains_the_law_by_the_name_that_the_report_uses() -> None:
    package = contents(dataset_answer("orders", [{"id": "1"}]))
    british = section_of("What the words mean", package)
    french = section_of("What the words mean", replace(package, controller=replace(CONTROLLER, country="FR")))
    assert "UK GDPR The General Data Protection Regulation as it is law in the United Kingdom" in british
    assert " GDPR The General Data Protection Regulation (EU) 2016/679." in french


@every_language
def test_the_readme_names_no_law(language: str) -> None:
    package = replace(contents(), report=ReportChoices(language=language))
    (document,) = Readme().documents(package, ())
    text = b"".join(document.body).decode().replace("gdpr-information", "")
    assert not re.search("GDPR|DSGVO|RGPD", text, re.IGNORECASE)
