"""The statements of the example group's privacy notice, and the dataset that answers each."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsar_export.demo import write_organisation
from dsar_export.model.register import Register
from dsar_export.model.schema import Origin
from dsar_export.wiring import register_in
from tests.isolation.organisation import Organisation
from tests.worlds import OpenPackage


@dataclass(frozen=True)
class Statement:
    """A statement of the notice: the dataset that answers it, the fields that must, and the codes of one of them."""

    text: str
    dataset: str
    fields: tuple[str, ...]
    code_field: str = ""
    codes: tuple[str, ...] = ()


NOTICE = (
    Statement("profile", "profile", ("given_name", "family_name", "email", "phone", "date_of_birth", "street")),
    Statement("profile with history", "profile", ("earlier_version",)),
    Statement("earlier and present addresses", "addresses", ("street", "valid_from", "valid_until")),
    Statement("earlier and present contact details", "contacts", ("value", "valid_from", "valid_until")),
    Statement("bank account in full", "bank_accounts", ("holder_name", "iban", "sort_code", "account_number")),
    Statement(
        "feedback by phone, email, post, social media", "feedback", ("text", "channel", "attachments"),
        "channel", ("phone", "email", "post", "social"),
    ),
    Statement("services provided", "subscriptions", ("service", "started_at", "ended_at")),
    Statement("orders", "orders", ("order_id", "ordered_at", "total", "currency")),
    Statement("what was ordered", "order_lines", ("product", "quantity", "unit_price")),
    Statement("payments", "payments", ("paid_at", "amount", "method")),
    Statement("login details", "accounts", ("login_name", "second_factor")),
    Statement(
        "marketing choices with wording, time, proof and withdrawal", "marketing_preferences",
        ("wording", "wording_version", "given_at", "given_how", "withdrawn_at", "withdrawn_how", "proof"),
    ),
    Statement("mail in transit after a withdrawal", "marketing_preferences", ("in_transit_until",)),
    Statement(
        "devices: make, model, browser, IP address", "devices",
        ("make", "model", "browser", "ip_address", "first_seen_at", "last_seen_at"),
    ),
    Statement("app and web use", "usage_events", ("event", "occurred_at", "page")),
    Statement("web visits by cookie", "web_sessions", ("cookie_id", "started_at")),
    Statement(
        "emails received, opened, clicked", "email_events", ("event", "occurred_at"),
        "event", ("delivered", "opened", "clicked"),
    ),
    Statement("each message sent", "communications", ("sender", "recipient", "body", "sent_at")),
    Statement(
        "data from credit agencies, fraud agencies, claims databases, research, social media, public sources",
        "third_party_data", ("source_name", "content", "obtained_at"), "source_kind",
        ("credit_reference", "fraud_prevention", "claims", "research", "social_media", "public"),
    ),
    Statement(
        "data from the DVLA", "licence_checks", ("source_name", "content"), "source_kind", ("licence_authority",)
    ),
    Statement("profiling and analytics, with the logic", "profiling", ("value", "logic", "data_used")),
    Statement(
        "group sharing, distributors, processors: to whom what was given", "disclosures",
        ("recipient_name", "recipient_kind", "disclosed_at", "data_categories", "purpose"),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    folder = tmp_path_factory.mktemp("organisation")
    write_organisation(folder, events=30)
    return Organisation(folder)


@pytest.fixture(scope="module")
def register(demo: Organisation) -> Register:
    return register_in(demo.folder)


@pytest.fixture(scope="module")
def package(demo: Organisation, tmp_path_factory: pytest.TempPathFactory) -> OpenPackage:
    return demo.package(tmp_path_factory.mktemp("out"), "customer_id=C-1")


@pytest.mark.parametrize("statement", NOTICE, ids=lambda s: s.text)
def test_a_dataset_answers_the_statement(statement: Statement, package: OpenPackage) -> None:
    records = package.json(statement.dataset)
    assert records
    assert set(statement.fields) <= set(records[0])
    for field in statement.fields:
        # A person has not always withdrawn, moved or closed an account.
        if not field.startswith(
            ("withdrawn", "ended", "valid_until", "in_transit", "sort", "account_n", "iban")
        ):
            assert any(record[field] is not None for record in records), field


@pytest.mark.parametrize("statement", [s for s in NOTICE if s.codes], ids=lambda s: s.text)
def test_each_kind_that_the_statement_names_has_a_code_that_is_explained(
    statement: Statement, register: Register
) -> None:
    (dataset,) = [d for d in register.datasets if d.name == statement.dataset]
    (field,) = [f for f in register.schema_of(dataset).fields if f.name == statement.code_field]
    assert set(statement.codes) <= {code.value for code in field.codes}
    assert all(code.title and code.description for code in field.codes)


def test_every_dataset_of_the_register_answers_a_statement_and_a_promise(register: Register) -> None:
    names = {d.name for d in register.datasets} - {"hire_agreements"}  # the register's own invention
    assert names == {s.dataset for s in NOTICE}
    promised = {name for promise in register.organisation.promises for name in promise.datasets}
    assert {d.name for d in register.datasets} == promised


def test_each_promise_of_the_notice_has_its_answer_in_the_package(package: OpenPackage) -> None:
    promises = json.loads(package.members["datapackage.json"])["dsar"]["promises"]
    answers = {p["id"]: p["answer"] for p in promises}
    assert answers.pop("letters") == "not_searched"
    assert set(answers.values()) == {"present"}


def test_what_is_derived_or_acquired_is_in_access_and_not_in_portability(
    demo: Organisation, tmp_path: Path
) -> None:
    package = demo.package(tmp_path, "customer_id=C-1", right="portability")
    assert not {"data/json/profiling.json", "data/json/third_party_data.json"} & set(package.members)
    assert "credit_score" not in package.json("profile")[0]
    assert package.json("usage_events")


def test_the_source_of_third_party_data_is_named_in_each_row(
    package: OpenPackage, register: Register
) -> None:
    assert all(record["source_name"] for record in package.json("third_party_data"))
    fields = {f.name: f for f in register.schemas["third_party_data"].fields}
    assert fields["source_name"].origin is Origin.ACQUIRED


@pytest.mark.parametrize(
    ("dataset", "field"),
    [
        ("third_party_data", "source_name"),
        ("licence_checks", "source_name"),
        ("profile", "credit_score_source"),
    ],
)
def test_the_register_names_every_source_that_a_row_names(
    dataset: str, field: str, package: OpenPackage, register: Register
) -> None:
    (of,) = [d for d in register.datasets if d.name == dataset]
    known = {name.partition(" (")[0] for name in of.obtained_from}
    named = {str(record[field]).partition(" (")[0] for record in package.json(dataset) if record[field]}
    assert named
    assert named <= known


def test_automated_decisions_are_named_as_such(package: OpenPackage, register: Register) -> None:
    (profiling,) = [d for d in register.datasets if d.name == "profiling"]
    assert any(record["automated_decision"] for record in package.json("profiling"))
    assert profiling.logic is not None
    assert profiling.logic.decides_alone


def test_the_password_is_held_and_not_copied_and_the_register_gives_the_reason(register: Register) -> None:
    (accounts,) = [d for d in register.datasets if d.name == "accounts"]
    assert accounts.left_out["password_hash"].reason == "withheld"
    assert "password" in (accounts.left_out["password_hash"].note or "")


def test_the_transfer_to_the_usa_has_a_dated_safeguard(register: Register) -> None:
    (transfer,) = [t for t in register.organisation.transfers if t.country == "US"]
    assert (transfer.safeguard, transfer.since.year) == ("A46-2-c", 2024)


def test_the_storage_period_is_seven_years_after_the_end_of_the_relationship(register: Register) -> None:
    (profile,) = [d for d in register.datasets if d.name == "profile"]
    period = register.organisation.storage_periods[profile.storage_period or ""]
    assert (period.duration, profile.storage_starts) == ("P7Y", "relationship_ended_on")


def test_what_the_notice_calls_a_basis_and_the_law_does_not_is_mapped_to_article_6(
    register: Register,
) -> None:
    assert set(register.organisation.bases) == {"prevention of fraud", "public information", "legal claims"}
    assert all(article.startswith("A6-") for article in register.organisation.bases.values())


def test_a_customer_who_left_long_ago_is_marked_as_deleted_and_past_the_storage_period(
    demo: Organisation, tmp_path: Path
) -> None:
    package = demo.package(tmp_path, "customer_id=C-46")
    (present,) = [r for r in package.json("profile") if not r["earlier_version"]]
    assert present["past_storage_period"] is True
    assert present["deleted_in_source"] is True
