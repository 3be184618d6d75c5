"""A report in another language shows the register's own words in it; the payload is the same in every language."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from dsar_export.demo import write_organisation
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Verification
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_services, register_in
from tests.worlds import NOON, PASSPHRASE, OpenPackage, SilentProgress, export_package, open_package

LONG = 20  # characters: a shorter text of the register may also be in the data


def exported(register: Path, out: Path, language: str) -> OpenPackage:
    services = replace(build_services(register, SilentProgress()), clock=lambda: NOON)
    identifiers = [Identifier("customer_id", "C-1")]
    request = verified_request("access", "acme", identifiers, Verification("tests", "synthetic", NOON))
    order = PackageOrder(out, PASSPHRASE, ReportChoices(language), nothing_held_confirmed=False)
    result = export_package(services, request, order)
    assert result.package is not None
    return open_package(result.package)


def shown(package: OpenPackage) -> str:
    """The text of the report without blanks, because its lines break anywhere."""
    pages = PdfReader(io.BytesIO(package.members["report.pdf"])).pages
    return without_blanks("".join(page.extract_text() for page in pages))


def without_blanks(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_organisation(tmp_path_factory.mktemp("organisation"), events=5).register


@pytest.fixture(scope="module")
def german(register: Path, tmp_path_factory: pytest.TempPathFactory) -> OpenPackage:
    return exported(register, tmp_path_factory.mktemp("german"), "de")


@pytest.fixture(scope="module")
def english(register: Path, tmp_path_factory: pytest.TempPathFactory) -> OpenPackage:
    return exported(register, tmp_path_factory.mktemp("english"), "en")


def test_a_german_report_has_the_registers_words_in_german_and_none_in_english(
    register: Path, german: OpenPackage, english: OpenPackage
) -> None:
    words = register_in(register).translations["de"].words
    before, after = shown(english), shown(german)

    in_english = [text for text in words if len(text) >= LONG and without_blanks(text) in before]

    assert len(in_english) > 100
    assert [text for text in in_english if without_blanks(words[text]) not in after] == []
    # A name stays in its translation: Driver and Vehicle Licensing Agency (DVLA), die britische Führerscheinbehörde.
    replaced = [text for text in in_english if text not in words[text]]
    assert [text for text in replaced if without_blanks(text) in after] == []


def test_the_payload_is_the_same_in_every_language(german: OpenPackage, english: OpenPackage) -> None:
    assert german.members["manifest-sha256.txt"] == english.members["manifest-sha256.txt"]
    assert german.members["report.pdf"] != english.members["report.pdf"]
