"""References within the register: every name in it that must exist elsewhere in it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from dsar_export.errors import RegisterError
from dsar_export.model.comparison import Match, Strength
from dsar_export.model.duration import duration_parts
from dsar_export.model.field_mapping import EPOCHS
from dsar_export.model.finding import Finding
from dsar_export.model.legal import LEGAL_BASES, SAFEGUARDS
from dsar_export.model.link import Link
from dsar_export.model.register import Promise, Register
from dsar_export.model.subjects import each_kind, subject_of
from dsar_export.normalising.storage_periods import storage_ends
from dsar_export.register.hints import location
from dsar_export.register_check.comparisons import contradicting_comparisons
from dsar_export.register_check.credentials import credential_findings
from dsar_export.register_check.dataset_references import dataset_references, time_references
from dsar_export.register_check.descriptions import described_references
from dsar_export.register_check.field_references import field_references
from dsar_export.register_check.names import tenant_findings, unknown, unknown_zone
from dsar_export.register_check.provenance import blank_texts, provenance_findings
from dsar_export.register_check.reference_links import reference_link_findings
from dsar_export.register_check.schemas import schema_findings
from dsar_export.register_check.table_references import table_references


def refuse_broken_references(register: Register) -> None:
    """Raises RegisterError with the first broken references, because a wrong register must not answer anybody."""
    refuse(broken_references(register))


def refuse(findings: Iterable[Finding]) -> None:
    """Raises RegisterError with the first findings, if there are any."""
    lines = [f"{f.where}: {f.key}: {f.problem}" for f in islice(findings, 5)]
    if lines:
        raise RegisterError("\n".join(lines))


def broken_references(register: Register) -> Iterator[Finding]:
    """Unknown controllers, sources, purposes, bases, recipients, periods, datasets, fields, zones.

    What depends on the kinds of fields is left for when they are known, if a catalogue has to say them.
    """
    yield from _controllers(register)
    yield from _sources(register)
    yield from _bases_and_periods(register)
    yield from _transfers(register)
    yield from _links(register)
    yield from reference_link_findings(register)
    yield from _contacts(register)
    yield from _promises(register)
    yield from schema_findings(register)
    yield from contradicting_comparisons(register)
    for dataset in register.datasets:
        yield from dataset_references(register, dataset)
        yield from table_references(register, dataset)
        yield from provenance_findings(register, dataset)
        if register.schema_of(dataset).is_whole:
            yield from described_references(register, dataset)
            yield from time_references(register, dataset)
            yield from field_references(register, dataset)
            yield from credential_findings(register, dataset)


def _controllers(register: Register) -> Iterator[Finding]:
    org, where = register.organisation, location(register)
    for key, controller in org.controllers.items():
        yield from unknown_zone(where, f"controllers.{key}.time_zone", controller.time_zone)
        if not any(key in source.controllers for source in org.sources.values()):
            yield Finding(
                where, f"controllers.{key}", "no source lists this controller; add it to a source, or drop it"
            )
    links = [ln for ln in org.links if ln.strength is Strength.STRONG]
    kinds = {k for ln in links for k in (ln.given, ln.leads_to)}
    kinds |= {key.identifier for d in register.datasets for key in d.subject_keys}
    yield from _subjects(register)
    yield from unknown(where, "supplied", org.supplied, kinds, "kind of identifier")
    titled = kinds | {*org.supplied} | register.reference_kinds
    yield from unknown(where, "identifiers", org.identifiers, titled, "kind of identifier")


def _subjects(register: Register) -> Iterator[Finding]:
    """Kinds of people with an identifier that none of their links and keys has."""
    where, org = location(register), register.organisation
    for part in each_kind(register):
        links = [ln for ln in part.organisation.links if ln.strength is Strength.STRONG]
        kinds = {k for ln in links for k in (ln.given, ln.leads_to)}
        kinds |= {key.identifier for d in part.datasets for key in d.subject_keys}
        names = tuple(org.subjects) if part.kind is None else (part.kind,)
        at = f"subjects.{names[0]}.identifier" if names else "subject"
        yield from unknown(where, at, [part.subject], kinds, "kind of identifier")


def _sources(register: Register) -> Iterator[Finding]:
    org, where = register.organisation, location(register)
    for key, source in org.sources.items():
        yield from unknown(
            where, f"sources.{key}.controllers", source.controllers, org.controllers, "controller"
        )
        yield from unknown(
            where, f"sources.{key}.tenants", source.tenants, source.controllers, "controller of the source"
        )
        claims = Counter(str(tenant) for own in source.tenants.values() for tenant in set(own))
        for tenant in (name for name, controllers in claims.items() if controllers > 1):
            yield Finding(
                where, f"sources.{key}.tenants", f"several controllers claim {tenant!r}; keep it for one"
            )


def _bases_and_periods(register: Register) -> Iterator[Finding]:
    org, where = register.organisation, location(register)
    articles = [article for article in LEGAL_BASES if article.startswith("A6-")]
    for name, article in org.bases.items():
        yield from unknown(where, f"bases.{name}", [article], articles, "basis of Art. 6")
    for key, period in org.storage_periods.items():
        try:
            storage_ends(period, date(2026, 1, 1))
        except ValueError as error:
            yield Finding(where, f"storage_periods.{key}.duration", str(error))
    for key, controller in org.controllers.items():
        at, own = f"controllers.{key}.own_records", controller.own_records
        yield from unknown(where, f"{at}.recipients", own.recipients or (), org.recipients, "recipient")
        for name, duration in (("drafts", own.drafts), ("requests", own.requests), ("trail", own.trail)):
            try:
                duration_parts(duration)
            except ValueError as error:
                yield Finding(where, f"{at}.{name}", str(error))


def _transfers(register: Register) -> Iterator[Finding]:
    org, where = register.organisation, location(register)
    concerned = {f"recipients.{key}": r.controllers for key, r in org.recipients.items()}
    concerned |= {f"transfers.{index}": t.controllers for index, t in enumerate(org.transfers)}
    concerned |= {f"promises.{index}": p.controllers for index, p in enumerate(org.promises)}
    for key, controllers in concerned.items():
        yield from unknown(where, f"{key}.controllers", controllers, org.controllers, "controller")
    for index, transfer in enumerate(org.transfers):
        at = f"transfers.{index}"
        yield from unknown(where, f"{at}.recipient", [transfer.recipient], org.recipients, "recipient")
        yield from unknown(where, f"{at}.safeguard", [transfer.safeguard], SAFEGUARDS, "safeguard")


def _links(register: Register) -> Iterator[Finding]:
    org, where = register.organisation, location(register)
    for at, link in org.lookups.items():
        yield from unknown(where, f"{at}.source", [link.source], org.sources, "source")
        if link.source in org.sources:
            yield from tenant_findings(where, at, link, org.sources[link.source])
        yield from _validity(where, at, link)
        subject = subject_of(register, link)
        if link.match is Match.HMAC and link.strength is Strength.STRONG and link.leads_to != subject:
            yield Finding(
                where,
                f"{at}.leads_to",
                f"a hash can't be reversed, so nobody can see who else has a {link.leads_to!r}: "
                f"let this link lead to {subject!r}, and a second link from there",
            )


def _contacts(register: Register) -> Iterator[Finding]:
    where, kinds = location(register), register.given_kinds
    for index, contact in enumerate(register.organisation.contacts):
        yield from unknown(where, f"contacts.{index}.given", [contact.given], kinds, "kind of identifier")


def _validity(where: str, at: str, link: Link) -> Iterator[Finding]:
    valid = link.valid
    if valid is None:
        return
    if valid.zone is not None:
        yield from unknown_zone(where, f"{at}.valid.zone", valid.zone)
    if valid.since is None and valid.until is None:
        yield Finding(where, f"{at}.valid", "has neither since nor until; name a column, or drop it")
    if valid.unit not in {None, *EPOCHS}:
        yield Finding(where, f"{at}.valid.unit", f"expected one of {', '.join(EPOCHS)}")


def _promises(register: Register) -> Iterator[Finding]:
    where, names = location(register), [d.name for d in register.datasets]
    for index, promise in enumerate(register.organisation.promises):
        at = f"promises.{index}"
        yield from unknown(where, f"{at}.datasets", promise.datasets, names, "dataset")
        if bool(promise.datasets) == (promise.not_searched is not None):
            problem = (
                "datasets and not_searched exclude each other; keep one"
                if promise.datasets
                else "one of datasets and not_searched is needed"
            )
            yield Finding(where, at, f"promise {promise.id!r}: {problem}")
        yield from _without_holder(register, at, promise)
        if promise.not_searched is not None:
            yield from blank_texts(where, f"{at}.not_searched", vars(promise.not_searched))


def _without_holder(register: Register, at: str, promise: Promise) -> Iterator[Finding]:
    """Datasets that no promising controller has: each of them would refer the person to the others."""
    org = register.organisation
    promising = set(promise.controllers or org.controllers)
    for dataset in register.datasets:
        if dataset.name not in promise.datasets or dataset.source not in org.sources:
            continue
        holders = set(register.controllers_of(dataset)) & set(org.controllers)
        if holders and not promising & holders:
            yield Finding(
                location(register),
                f"{at}.datasets",
                f"none of the controllers that promise it has the dataset {dataset.name!r}; correct the controllers, "
                "or name a dataset that one of them has",
            )
