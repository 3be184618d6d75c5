"""Page one says as one of which people the person is answered, where a register has several kinds."""

from dsar_export.language.register_words import in_its_language
from dsar_export.model.package import PackageContents, ReportChoices
from dsar_export.model.subject_kind import SubjectKind
from dsar_export.model.words import Translations
from tests.builders import contents
from tests.renderers.report_pdf.telling import text_of
from tests.replacing import replace

KINDS = {
    "customers": SubjectKind(identifier="customer_id", title="Customers"),
    "employees": SubjectKind(identifier="employee_id", title="Staff"),
    "suppliers": SubjectKind(identifier="supplier_id", title="Suppliers"),
}
GERMAN = {"Customers": "Kundinnen und Kunden", "Staff": "Beschäftigte", "Suppliers": "Lieferanten"}


def answered(*names: str, kind: str = "customers", language: str = "en") -> PackageContents:
    made = contents()
    subjects = {name: KINDS[name] for name in names}
    register = replace(
        made.register,
        organisation=replace(made.register.organisation, subjects=subjects),
        kind=kind,
        translations={"de": Translations(GERMAN, {})},
    )
    return replace(made, register=register, report=ReportChoices(language))


def test_page_one_names_the_group_and_the_others() -> None:
    shown = text_of(answered("customers", "employees", "suppliers"))
    assert (
        "Group of people Customers. What we hold about other groups is not here: Staff; Suppliers." in shown
    )
    assert "If you belong to one of them too, ask for that as well." in shown


def test_the_words_are_those_of_the_reports_language() -> None:
    shown = text_of(in_its_language(answered("customers", "employees", language="de")))
    assert "Personengruppe Kundinnen und Kunden. Was wir über andere Gruppen speichern" in shown
    assert "ist nicht enthalten: Beschäftigte." in shown


def test_a_register_with_one_kind_of_people_needs_no_words_about_it() -> None:
    assert "Group of people" not in text_of(answered("customers"))
    assert "Group of people" not in text_of(contents())
