"""data/gdpr-information.jsonld: the information that Art. 15(1) and (2) GDPR require, in W3C terms (DPV 2.3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final

import orjson

from dsar_export.model.controller import Controller
from dsar_export.model.dataset import Dataset, EarlierTerms, Logic
from dsar_export.model.legal import SAFEGUARDS
from dsar_export.model.outcome import in_gap
from dsar_export.model.package import DatasetAnswer, Document, Member, PackageContents
from dsar_export.model.register import Organisation, Register
from dsar_export.model.request import Right
from dsar_export.model.rights import rights_of
from dsar_export.model.schema import Origin
from dsar_export.model.terms import Recipient, RecipientRole, Transfer
from dsar_export.model.undecided import Term
from renderers.documents.package_words import (
    COUNTED_FROM,
    NOT_RECORDED,
    PERIOD_NOT_RECORDED,
    PURPOSES_NOT_RECORDED,
)

Node = dict[str, object]

_CONTEXT: Final[Mapping[str, object]] = MappingProxyType(
    {
        "dpv": "https://w3id.org/dpv#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "dct": "http://purl.org/dc/terms/",
        # The values of these properties are identifiers, not texts.
        "dct:conformsTo": {"@type": "@id"},
        "dpv:hasDataSource": {"@type": "@id"},
        "dpv:hasLegalBasis": {"@type": "@id"},
        "dpv:hasContext": {"@type": "@id"},
        "dpv:hasProcessing": {"@type": "@id"},
        "dpv:hasRight": {"@type": "@id"},
        # Dublin Core's own notation of a period: start=...; end=...;
        "dct:valid": {"@type": "dct:Period"},
    }
)
_NOTICES: Final[Mapping[Right, str]] = MappingProxyType(
    # DPV has no term for a notice that accompanies portable data.
    {Right.ACCESS: "eu-gdpr:SARNotice", Right.PORTABILITY: "dpv:RightFulfilmentNotice"}
)
_ROLES: Final[Mapping[RecipientRole, str]] = MappingProxyType(
    {
        RecipientRole.PROCESSOR: "dpv:DataProcessor",
        RecipientRole.CONTROLLER: "dpv:DataController",
        RecipientRole.JOINT: "dpv:DataController",
    }
)
_ORIGINS: Final[Mapping[Origin, tuple[str, str]]] = MappingProxyType(
    {
        Origin.PROVIDED: ("dpv:ProvidedPersonalData", "dpv:DataSubjectDataSource"),
        Origin.OBSERVED: ("dpv:ObservedPersonalData", "dpv:DataSubjectDataSource"),
        Origin.DERIVED: ("dpv:DerivedPersonalData", "dpv:DataControllerDataSource"),
        Origin.ACQUIRED: ("dpv:CollectedPersonalData", "dpv:ThirdPartyDataSource"),
    }
)
_CONTROLLER: Final = "_:controller"


class AccessNotice:
    """Renders why each dataset is held, its origin, recipients and storage period, and the rights of the person.

    The words come from the register. The file names no person, request or day, because it is payload of the bag:
    the same data must give the same payload.
    """

    def documents(
        self,
        contents: PackageContents,
        members: Sequence[Member],  # noqa: ARG002 # the notice describes processing, not files
    ) -> Iterable[Document]:
        body = orjson.dumps(_notice(contents), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        yield Document("data/gdpr-information.jsonld", (body,), "application/ld+json")


def _notice(contents: PackageContents) -> Node:
    held = [answer for answer in contents.datasets if _held(answer, contents)]
    return {
        "@context": dict(_CONTEXT),
        "@type": _NOTICES[contents.request.right],
        "dct:title": f"What {contents.controller.name} does with your data",
        "dct:conformsTo": "https://w3id.org/dpv/2.3/legal/eu/gdpr",
        "dpv:hasDataController": _controller(contents.controller),
        "dpv:hasDataSubject": {"@type": "dpv:DataSubject"},
        "dpv:hasProcess": [_process(answer, contents.register) for answer in held],
    }


def _held(answer: DatasetAnswer, contents: PackageContents) -> bool:
    """Whether records are held or may be held; naming the recipients of an empty dataset would mislead."""
    return bool(answer.outcome.read) or in_gap(answer.dataset, contents.gaps)


def _controller(controller: Controller) -> Node:
    authority = controller.authority
    return {
        "@id": _CONTROLLER,
        "@type": "dpv:DataController",
        "dpv:hasName": controller.name,
        "dpv:hasAddress": controller.address,
        "dpv:hasContact": controller.contact,
        "dpv:hasCountry": _country(controller.country),
        "dpv:hasAuthority": {
            "@type": "dpv:DataProtectionAuthority",
            "dpv:hasName": authority.name,
            "dpv:hasContact": authority.url,
        },
    }


def _process(answer: DatasetAnswer, register: Register) -> Node:
    """A dataset as a process, with a nested one for each purpose and transfer, because each has its own legal basis."""
    dataset = answer.dataset
    data = list(_personal_data(answer))
    derived = any(node["@type"] == _ORIGINS[Origin.DERIVED][0] for node in data)
    terms, nested = _terms(dataset, register)
    return {
        "@type": "dpv:Process",
        "dct:identifier": dataset.name,
        "dct:title": answer.schema.title,
        "dct:description": answer.schema.description,
        "dpv:hasPersonalData": data,
        "dpv:hasProcessing": ["dpv:Derive"] if derived else [],
        **(_logic(dataset.logic) if derived and dataset.logic is not None else {}),
        **terms,
        "dpv:hasProcess": [*nested, *(_earlier(held, register) for held in dataset.earlier)],
    }


def _logic(logic: Logic) -> Node:
    """How derived data was worked out, and its consequences (Art. 15(1)(h))."""
    node: Node = {
        "dpv:hasAlgorithmicLogic": {
            "@type": "dpv:AlgorithmicLogic",
            "dct:description": logic.procedure,
            "dpv:hasPersonalData": [
                {"@type": "dpv:PersonalData", "dct:title": used} for used in logic.data_used
            ],
        },
        "dpv:hasConsequence": {"@type": "dpv:Consequence", "dct:description": logic.significance},
    }
    return {**node, "dpv:hasContext": "dpv:AutomatedDecisionMaking"} if logic.decides_alone else node


def _personal_data(answer: DatasetAnswer) -> Iterable[Node]:
    """The fields by origin, each with its meaning, and the sources of acquired data.

    Leaves out fields that the register does not map, such as marks: they exist only in the package.
    """
    mapped = answer.dataset.fields
    for origin, (kind, source) in _ORIGINS.items():
        fields = [
            {"dct:identifier": f.name, "dct:title": f.title, "dct:description": f.description}
            for f in answer.schema.fields
            if f.name in mapped and (mapped[f.name].origin or f.origin) is origin
        ]
        if fields:
            names = answer.dataset.obtained_from if origin is Origin.ACQUIRED else ()
            sources = [{"@type": source, "dpv:hasName": name} for name in names]
            yield {"@type": kind, "dpv:hasDataSource": sources or source, "dct:hasPart": fields}


def _terms(held: Dataset | EarlierTerms, register: Register) -> tuple[Node, list[Node]]:
    """The recipients and storage period, and a process for each purpose and transfer."""
    organisation, received = register.organisation, held.recipients or ()
    joint = [n for n in received if _is_joint(organisation.recipients.get(n))]
    terms: Node = {
        "dpv:hasRecipient": (
            _not_recorded("dpv:Recipient", NOT_RECORDED)
            if held.recipients is None
            else [_recipient(name, organisation) for name in received]
        ),
        "dpv:hasStorageCondition": _storage_period(held.storage_period, organisation),
    }
    if joint:
        controllers = [{"@id": _CONTROLLER}, *(_recipient(name, organisation) for name in joint)]
        terms["dpv:hasJointDataControllers"] = {
            "@type": "dpv:JointDataControllers",
            "dpv:hasDataController": controllers,
        }
    transfers = [t for t in organisation.transfers if t.recipient in received]
    nested = [_purpose(name, basis, register) for name, basis in held.purposes.items()]
    if isinstance(held, Dataset) and Term.PURPOSES in held.undecided:
        unknown = _not_recorded("dpv:Purpose", PURPOSES_NOT_RECORDED)
        nested.append({"@type": "dpv:Process", "dpv:hasPurpose": unknown})
    return terms, [*nested, *(_transfer(t, organisation) for t in transfers)]


def _not_recorded(kind: str, why: str) -> Node:
    """Stands where the register records nothing: without it, the file would claim that there is nothing."""
    return {
        "@type": kind,
        "dpv:hasApplicability": {"@id": "dpv:UnknownApplicability"},
        "dct:description": why,
    }


def _earlier(held: EarlierTerms, register: Register) -> Node:
    terms, nested = _terms(held, register)
    return {
        "@type": "dpv:Process",
        "dct:description": f"For records from before {held.until.isoformat()}.",
        "dct:valid": f"end={(held.until - timedelta(days=1)).isoformat()};",
        **terms,
        "dpv:hasProcess": nested,
    }


def _purpose(name: str, basis: str, register: Register) -> Node:
    """A purpose, its legal basis, and the rights that this basis leaves open."""
    purpose = register.organisation.purposes.get(name)
    article = register.article(basis)
    node: Node = {"@type": "dpv:Purpose", "dct:title": name if purpose is None else purpose.title}
    if purpose is not None:
        node["dct:description"] = purpose.description
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": node,
        "dpv:hasLegalBasis": (
            {"@type": "dpv:LegalBasis", "dct:title": basis} if article is None else f"eu-gdpr:{article}"
        ),
        "dpv:hasRight": [f"eu-gdpr:{right}" for right in rights_of([article or basis])],
    }


def _transfer(transfer: Transfer, organisation: Organisation) -> Node:
    safeguard = transfer.safeguard
    return {
        "@type": "dpv:Process",
        "dct:description": transfer.description,
        "dct:valid": f"start={transfer.since.isoformat()};",
        "dpv:hasProcessing": "dpv:CrossBorderTransfer",
        "dpv:hasLegalBasis": (
            f"eu-gdpr:{safeguard}"
            if safeguard in SAFEGUARDS
            else {"@type": "dpv:DataTransferLegalBasis", "dct:title": safeguard}
        ),
        "dpv:hasDataImporter": _recipient(transfer.recipient, organisation),
        "dpv:hasThirdCountry": _country(transfer.country, "dpv:ThirdCountry"),
    }


def _recipient(name: str, organisation: Organisation) -> Node:
    recipient = organisation.recipients.get(name)
    if recipient is None:
        return {"@type": "dpv:Recipient", "dpv:hasName": name}
    return {
        # The same identifier everywhere; a number, because a name in the register may contain any character.
        "@id": f"_:recipient{list(organisation.recipients).index(name)}",
        "@type": ["dpv:Recipient", _ROLES[recipient.role]],
        "dpv:hasName": recipient.name,
        "dct:description": recipient.description,
        "dpv:hasCountry": _country(recipient.country),
    }


def _is_joint(recipient: Recipient | None) -> bool:
    return recipient is not None and recipient.role is RecipientRole.JOINT


def _storage_period(name: str | None, organisation: Organisation) -> Node:
    if name is None:
        return _not_recorded("dpv:StorageDuration", PERIOD_NOT_RECORDED)
    period = organisation.storage_periods.get(name)
    if period is None:
        return {"@type": "dpv:StorageDuration", "dct:title": name}
    return {
        "@type": "dpv:StorageDuration",
        "dct:title": period.title,
        "dct:description": COUNTED_FROM.format(start=period.starts),
        "dpv:hasDuration": period.duration,
    }


def _country(code: str, kind: str = "dpv:Country") -> Node:
    return {"@type": kind, "dct:identifier": code}
