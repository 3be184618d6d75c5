"""data/gdpr-information.jsonld: the register's information on each dataset, in terms of DPV 2.3."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dsar_export.model.dataset import EarlierTerms, Logic
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.legal import LEGAL_BASES, SAFEGUARDS
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.request import Right
from dsar_export.model.schema import Origin
from dsar_export.model.terms import RecipientRole
from dsar_export.model.undecided import Term
from renderers.documents.access_notice import AccessNotice
from tests.builders import contents, dataset_answer, declared, schema_field

_LIST = Path(__file__).parents[2] / "conformance" / "dpv-2-3-terms.txt"
TERMS = {line for line in _LIST.read_text("utf-8").splitlines() if not line.startswith("#")}
RECORD = {"id": "1"}


LOGIC = Logic(procedure="We add up.", data_used=("your orders",), significance="You wait longer.")


def rendered(of: PackageContents) -> bytes:
    (document,) = AccessNotice().documents(of, ())
    assert (document.path, document.mediatype, document.encrypted) == (
        "data/gdpr-information.jsonld",
        "application/ld+json",
        True,
    )
    return b"".join(document.body)


def notice(of: PackageContents) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rendered(of))
    return found


def process_of(answer: DatasetAnswer) -> dict[str, Any]:
    """The process of a single dataset."""
    (process,) = notice(contents(answer))["dpv:hasProcess"]
    found: dict[str, Any] = process
    return found


def purposes(process: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The nested processes, by purpose."""
    within = process["dpv:hasProcess"]
    return {p["dpv:hasPurpose"]["dct:title"]: p for p in within if "dpv:hasPurpose" in p}


def everything() -> PackageContents:
    """A package in which every branch of the notice is taken."""
    fields = [schema_field(f"f_{origin}", origin=origin) for origin in Origin]
    bases = dict.fromkeys(["service", "marketing"], "A9-2-a") | {f"p{b}": b for b in LEGAL_BASES}
    answer = dataset_answer("orders", [{f.name: "x" for f in fields}], fields=fields, purposes=bases)
    earlier = EarlierTerms(
        until=date(2024, 1, 1), purposes={"old": "unheard of"}, recipients=("gone",), storage_period="no such"
    )
    logic = replace(LOGIC, decides_alone=True)
    answer = declared(answer, earlier=(earlier,), logic=logic, obtained_from=("Agency Ltd",))
    found = contents(answer)
    organisation = found.register.organisation
    (transfer,) = organisation.transfers
    recipients = {**organisation.recipients}
    recipients["parcel"] = replace(recipients["parcel"], role=RecipientRole.JOINT)
    safeguards = [replace(transfer, safeguard=s) for s in (*SAFEGUARDS, "a promise")]
    changed = replace(organisation, recipients=recipients, transfers=tuple(safeguards))
    return replace(found, register=replace(found.register, organisation=changed))


def strings(node: object) -> Iterator[str]:
    """Every key and text of a document."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        yield from node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from strings(each)


def terms(of: Mapping[str, Any]) -> set[str]:
    return {s for s in strings(of) if re.fullmatch(r"[a-z-]+:[A-Za-z0-9-]+", s)}


# The vocabulary


def test_every_term_exists_in_the_vocabulary() -> None:
    for right in Right:
        of = everything()
        used = terms(notice(replace(of, request=replace(of.request, right=right))))
        ours = {term for term in used if term.startswith(("dpv:", "eu-gdpr:"))}
        assert len(ours) > 50
        assert ours - TERMS == set()


@pytest.mark.parametrize("article", [*LEGAL_BASES, *SAFEGUARDS])
def test_every_article_that_a_register_may_name_exists_in_the_vocabulary_and_is_written(article: str) -> None:
    assert f"eu-gdpr:{article}" in TERMS
    assert f"eu-gdpr:{article}" in terms(notice(everything()))


def test_the_list_of_terms_is_whole_and_in_order() -> None:
    lines = [line for line in _LIST.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines == sorted(lines)
    assert len(TERMS) == len(lines) == 1350


def test_the_context_defines_every_prefix_and_needs_nothing_from_elsewhere() -> None:
    document = notice(everything())
    context = document.pop("@context")
    prefixes = {name for name in context if ":" not in name}
    assert {term.split(":")[0] for term in terms(document) | terms(context)} == prefixes
    assert all(context[prefix].endswith(("#", "/")) for prefix in prefixes)
    assert set(context) - prefixes < terms(document)  # no definition that nothing uses


def test_keys_are_terms_so_that_no_program_drops_them() -> None:
    def keys(node: object) -> Iterator[str]:
        for each in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
            yield from keys(each)
        yield from node if isinstance(node, Mapping) else ()

    document = notice(everything())
    prefixes = {name for name in document.pop("@context") if ":" not in name}
    assert {key for key in keys(document) if key.split(":")[0] not in prefixes} == {"@id", "@type"}


def test_terms_are_only_where_the_context_declares_identifiers() -> None:
    document = notice(everything())
    context = document.pop("@context")

    def texts(node: object) -> Iterator[tuple[str, str]]:
        if isinstance(node, Mapping):
            for key, value in node.items():
                values = value if isinstance(value, list) else [value]
                yield from ((key, v) for v in values if isinstance(v, str) and v in TERMS)
                yield from texts(value)
        for each in node if isinstance(node, list) else ():
            yield from texts(each)

    with_terms = {key for key, _ in texts(document)} - {"@type"}
    assert with_terms == {k for k, v in context.items() if v == {"@type": "@id"}} - {"dct:conformsTo"}


# What is in it


def test_an_access_request_is_answered_with_the_notice_of_art_15() -> None:
    assert notice(contents(dataset_answer("orders", [RECORD])))["@type"] == "eu-gdpr:SARNotice"


def test_portable_data_comes_with_a_notice_that_names_no_other_right() -> None:
    of = contents(dataset_answer("orders", [RECORD]), right=Right.PORTABILITY)
    assert notice(of)["@type"] == "dpv:RightFulfilmentNotice"


def test_the_controller_has_a_contact_and_an_authority() -> None:
    controller = notice(contents())["dpv:hasDataController"]
    assert controller["dpv:hasName"] == "Example Shop Ltd"
    assert controller["dpv:hasContact"] == "privacy@shop.example"
    assert controller["dpv:hasCountry"] == {"@type": "dpv:Country", "dct:identifier": "GB"}
    assert controller["dpv:hasAuthority"] == {
        "@type": "dpv:DataProtectionAuthority",
        "dpv:hasName": "Information Commissioner's Office",
        "dpv:hasContact": "https://ico.org.uk",
    }


def test_every_dataset_is_a_process_in_the_packages_order() -> None:
    found = notice(contents(dataset_answer("orders", [RECORD]), dataset_answer("letters", [RECORD])))
    named = [(p["@type"], p["dct:identifier"], p["dct:title"]) for p in found["dpv:hasProcess"]]
    assert named == [("dpv:Process", "orders", "Orders"), ("dpv:Process", "letters", "Letters")]
    assert found["dpv:hasProcess"][0]["dct:description"] == "Everything about orders."


def test_a_purpose_has_its_basis_and_the_rights_that_this_basis_leaves() -> None:
    process = process_of(
        dataset_answer("orders", [RECORD], purposes={"service": "A6-1-c", "marketing": "A6-1-a"})
    )
    assert list(purposes(process)) == ["Serving you", "Marketing"]
    bound = purposes(process)["Serving you"]
    assert bound["dpv:hasPurpose"]["dct:description"] == "We deliver what you order."
    assert bound["dpv:hasLegalBasis"] == "eu-gdpr:A6-1-c"
    assert bound["dpv:hasRight"] == ["eu-gdpr:A15", "eu-gdpr:A16", "eu-gdpr:A18", "eu-gdpr:A77"]
    free = purposes(process)["Marketing"]
    assert free["dpv:hasLegalBasis"] == "eu-gdpr:A6-1-a"
    assert {"eu-gdpr:A20", "eu-gdpr:A7-3"} < set(free["dpv:hasRight"])


def test_a_basis_in_the_notices_words_is_written_as_its_article() -> None:
    of = contents(dataset_answer("orders", [RECORD], purposes={"service": "prevention of fraud"}))
    organisation = replace(of.register.organisation, bases={"prevention of fraud": "A6-1-f"})
    found = notice(replace(of, register=replace(of.register, organisation=organisation)))
    process = purposes(found["dpv:hasProcess"][0])["Serving you"]
    assert process["dpv:hasLegalBasis"] == "eu-gdpr:A6-1-f"
    assert "eu-gdpr:A21" in process["dpv:hasRight"]


def test_a_recipient_has_name_role_and_country() -> None:
    parcel, mailer = process_of(dataset_answer("orders", [RECORD]))["dpv:hasRecipient"]
    assert parcel["@type"] == ["dpv:Recipient", "dpv:DataController"]
    assert mailer == {
        "@id": mailer["@id"],
        "@type": ["dpv:Recipient", "dpv:DataProcessor"],
        "dpv:hasName": "Mailer Inc.",
        "dct:description": "It sends our email.",
        "dpv:hasCountry": {"@type": "dpv:Country", "dct:identifier": "US"},
    }
    assert parcel["@id"] != mailer["@id"]


def test_a_recipient_that_decides_with_the_controller_is_a_joint_controller() -> None:
    document = notice(everything())
    joint = document["dpv:hasProcess"][0]["dpv:hasJointDataControllers"]
    ours, theirs = joint["dpv:hasDataController"]
    assert ours["@id"] == document["dpv:hasDataController"]["@id"]
    assert theirs["dpv:hasName"] == "Parcel Post plc"
    assert "dpv:hasJointDataControllers" not in process_of(dataset_answer("orders", [RECORD]))


def test_a_transfer_has_its_dated_safeguard() -> None:
    within = process_of(dataset_answer("orders", [RECORD]))["dpv:hasProcess"]
    (transfer,) = [p for p in within if p.get("dpv:hasProcessing") == "dpv:CrossBorderTransfer"]
    assert transfer["dpv:hasLegalBasis"] == "eu-gdpr:A46-2-c"
    assert transfer["dct:valid"] == "start=2021-06-27;"
    assert transfer["dpv:hasDataImporter"]["dpv:hasName"] == "Mailer Inc."
    assert transfer["dpv:hasThirdCountry"] == {"@type": "dpv:ThirdCountry", "dct:identifier": "US"}
    assert transfer["dct:description"] == "Address and name only."


def test_unrecorded_recipients_are_not_written_as_none() -> None:
    earlier = EarlierTerms(
        until=date(2024, 1, 1), purposes={"marketing": "A6-1-f"}, storage_period="accounts"
    )
    answer = declared(dataset_answer("orders", [RECORD]), recipients=None, earlier=(earlier,))
    process = process_of(answer)
    before = process["dpv:hasProcess"][-1]
    for terms_ in (process, before):
        assert terms_["dpv:hasRecipient"]["dpv:hasApplicability"] == {"@id": "dpv:UnknownApplicability"}
        assert "not recorded" in terms_["dpv:hasRecipient"]["dct:description"]
    assert process_of(declared(answer, recipients=(), earlier=()))["dpv:hasRecipient"] == []


def test_a_transfer_to_somebody_who_does_not_get_the_dataset_is_left_out() -> None:
    answer = dataset_answer("orders", [RECORD])
    process = process_of(replace(answer, dataset=replace(answer.dataset, recipients=("parcel",))))
    assert "dpv:CrossBorderTransfer" not in terms(process)
    assert [r["dpv:hasName"] for r in process["dpv:hasRecipient"]] == ["Parcel Post plc"]


def test_the_storage_period_is_a_duration_with_its_start() -> None:
    assert process_of(dataset_answer("orders", [RECORD]))["dpv:hasStorageCondition"] == {
        "@type": "dpv:StorageDuration",
        "dct:title": "Accounts",
        "dct:description": "Counted from: the end of the relationship",
        "dpv:hasDuration": "P7Y",
    }


@pytest.mark.parametrize(
    ("origin", "kind", "source"),
    [
        (Origin.PROVIDED, "dpv:ProvidedPersonalData", "dpv:DataSubjectDataSource"),
        (Origin.OBSERVED, "dpv:ObservedPersonalData", "dpv:DataSubjectDataSource"),
        (Origin.DERIVED, "dpv:DerivedPersonalData", "dpv:DataControllerDataSource"),
        (Origin.ACQUIRED, "dpv:CollectedPersonalData", "dpv:ThirdPartyDataSource"),
    ],
)
def test_fields_are_grouped_by_origin_which_the_register_may_overrule(
    origin: Origin, kind: str, source: str
) -> None:
    own = schema_field("own", origin=origin)
    overruled = schema_field("overruled", origin=next(o for o in Origin if o is not origin))
    answer = dataset_answer("orders", [{"own": "x", "overruled": "x"}], fields=[own, overruled])
    mapped = {**answer.dataset.fields, "overruled": FieldMapping(column="overruled", origin=origin)}
    process = process_of(replace(answer, dataset=replace(answer.dataset, fields=mapped)))
    (data,) = process["dpv:hasPersonalData"]
    assert (data["@type"], data["dpv:hasDataSource"]) == (kind, source)
    assert [part["dct:identifier"] for part in data["dct:hasPart"]] == ["own", "overruled"]
    assert data["dct:hasPart"][0]["dct:title"] == "Own"
    assert data["dct:hasPart"][0]["dct:description"] == "The own as we hold it."
    assert process["dpv:hasProcessing"] == (["dpv:Derive"] if origin is Origin.DERIVED else [])


def test_the_sources_of_acquired_data_are_named() -> None:
    score = schema_field("score", origin=Origin.ACQUIRED)
    answer = dataset_answer("scores", [{"score": "7", "own": "x"}], fields=[score, schema_field("own")])
    own, acquired = process_of(declared(answer, obtained_from=("Agency Ltd", "Bureau Ltd")))[
        "dpv:hasPersonalData"
    ]
    assert acquired["dpv:hasDataSource"] == [
        {"@type": "dpv:ThirdPartyDataSource", "dpv:hasName": "Agency Ltd"},
        {"@type": "dpv:ThirdPartyDataSource", "dpv:hasName": "Bureau Ltd"},
    ]
    assert own["dpv:hasDataSource"] == "dpv:DataSubjectDataSource"


@pytest.mark.parametrize("decides_alone", [True, False])
def test_derived_data_has_its_logic_and_consequences(*, decides_alone: bool) -> None:
    derived = schema_field("tier", origin=Origin.DERIVED)
    logic = replace(LOGIC, decides_alone=decides_alone)
    process = process_of(declared(dataset_answer("tiers", [{"tier": "x"}], fields=[derived]), logic=logic))
    assert process["dpv:hasAlgorithmicLogic"] == {
        "@type": "dpv:AlgorithmicLogic",
        "dct:description": "We add up.",
        "dpv:hasPersonalData": [{"@type": "dpv:PersonalData", "dct:title": "your orders"}],
    }
    assert process["dpv:hasConsequence"] == {
        "@type": "dpv:Consequence",
        "dct:description": "You wait longer.",
    }
    assert process.get("dpv:hasContext") == ("dpv:AutomatedDecisionMaking" if decides_alone else None)


def test_logic_is_left_out_if_no_derived_data_is_released() -> None:
    answer = declared(dataset_answer("orders", [RECORD]), logic=LOGIC)
    assert "dpv:hasAlgorithmicLogic" not in process_of(answer)


def test_a_field_made_for_the_package_is_not_listed_as_held() -> None:
    held, mark = schema_field("own"), schema_field("deleted_in_source", origin=Origin.DERIVED)
    answer = dataset_answer("orders", [{"own": "x", "deleted_in_source": False}], fields=[held, mark])
    mapped = {"own": answer.dataset.fields["own"]}
    process = process_of(replace(answer, dataset=replace(answer.dataset, fields=mapped)))
    assert [d["@type"] for d in process["dpv:hasPersonalData"]] == ["dpv:ProvidedPersonalData"]
    assert process["dpv:hasProcessing"] == []


def test_earlier_terms_have_their_last_day() -> None:
    earlier = EarlierTerms(
        until=date(2024, 1, 1),
        purposes={"marketing": "A6-1-f"},
        recipients=("parcel",),
        storage_period="accounts",
    )
    answer = dataset_answer("orders", [RECORD])
    process = process_of(replace(answer, dataset=replace(answer.dataset, earlier=(earlier,))))
    before = process["dpv:hasProcess"][-1]
    assert before["dct:valid"] == "end=2023-12-31;"
    assert [r["dpv:hasName"] for r in before["dpv:hasRecipient"]] == ["Parcel Post plc"]
    assert before["dpv:hasStorageCondition"]["dpv:hasDuration"] == "P7Y"
    assert purposes(before)["Marketing"]["dpv:hasLegalBasis"] == "eu-gdpr:A6-1-f"
    assert list(purposes(process)) == ["Serving you"]


# What is not in it


def test_a_dataset_without_records_is_not_listed() -> None:
    found = notice(contents(dataset_answer("orders"), dataset_answer("letters", [RECORD])))
    assert [p["dct:identifier"] for p in found["dpv:hasProcess"]] == ["letters"]


@pytest.mark.parametrize(
    ("gap", "named"),
    [
        (Gap("shop_database", "orders", Message("not attributed")), ["orders"]),
        (Gap("shop_database", None, Message("did not answer")), ["orders"]),
        (Gap("shop_database", "letters", Message("not attributed")), []),
        (Gap("archive", None, Message("did not answer")), []),
    ],
)
def test_a_dataset_that_could_not_be_searched_is_listed_because_records_may_be_held(
    gap: Gap, named: list[str]
) -> None:
    found = notice(contents(dataset_answer("orders"), gaps=(gap,)))
    assert [p["dct:identifier"] for p in found["dpv:hasProcess"]] == named


def test_a_dataset_with_only_withheld_or_nonconforming_rows_is_listed() -> None:
    for answer in (dataset_answer("orders", withheld=1), dataset_answer("orders", nonconforming=1)):
        assert process_of(answer)["dct:identifier"] == "orders"


def test_it_names_neither_person_nor_request_nor_day_and_no_value() -> None:
    text = rendered(contents(dataset_answer("orders", [{"id": "canary"}]))).decode()
    for personal in ("1042", "ada@mail.example", "canary", "R-2026", "2026", "login"):
        assert personal not in text


def test_two_requests_over_the_same_data_get_the_same_bytes() -> None:
    # The file is payload: with equal data, the bags have equal manifests.
    first = contents(dataset_answer("orders", [RECORD]))
    request = replace(first.request, reference="R-2027-0001", identifiers=())
    later = first.created + timedelta(days=365)
    second = replace(first, request=request, created=later, software="dsar-export 9")
    assert rendered(first) == rendered(second)
    assert rendered(first).endswith(b"}\n")


def test_undecided_terms_are_unknown_and_not_empty() -> None:
    answer = declared(
        dataset_answer("orders", [RECORD]),
        undecided=tuple(Term),
        purposes={},
        recipients=None,
        storage_period=None,
    )
    process = process_of(answer)
    (nested,) = process["dpv:hasProcess"]
    unknown = {
        "dpv:Purpose": nested["dpv:hasPurpose"],
        "dpv:Recipient": process["dpv:hasRecipient"],
        "dpv:StorageDuration": process["dpv:hasStorageCondition"],
    }
    for kind, node in unknown.items():
        assert (node["@type"], node["dpv:hasApplicability"]) == (kind, {"@id": "dpv:UnknownApplicability"})
        assert node["dct:description"].endswith("not recorded here; ask the controller.")
    assert "dpv:hasLegalBasis" not in nested


def test_purposes_that_are_decided_are_not_unknown() -> None:
    body = rendered(contents(dataset_answer("orders", [RECORD]))).decode()
    assert "UnknownApplicability" not in body
