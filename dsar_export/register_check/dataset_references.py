"""References from a dataset's file to other parts of the register."""

from collections.abc import Iterator, Sequence

from dsar_export.model.comparison import Strength
from dsar_export.model.dataset import Dataset, EarlierTerms
from dsar_export.model.finding import Finding
from dsar_export.model.legal import LEGAL_BASES
from dsar_export.model.link import Link
from dsar_export.model.register import Register
from dsar_export.model.schema import FieldKind
from dsar_export.model.subjects import kind_of, subject_of
from dsar_export.model.undecided import Term
from dsar_export.register.hints import location, nearest
from dsar_export.register_check.names import tenant_findings, unknown


def dataset_references(register: Register, dataset: Dataset) -> Iterator[Finding]:
    """Unknown sources, controllers, purposes, bases, recipients and periods; keys that no link leads to."""
    org, where = register.organisation, location(register, dataset)
    yield from unknown(where, "source", [dataset.source], org.sources, "source")
    yield from _terms(register, dataset, dataset, "")
    for index, terms in enumerate(dataset.earlier):
        yield from _terms(register, dataset, terms, f"earlier.{index}.")
    if dataset.source not in org.sources:
        return
    source = org.sources[dataset.source]
    yield from unknown(
        where, "controllers", dataset.controllers, source.controllers, "controller of the source"
    )
    for index, key in enumerate(dataset.subject_keys):
        at = f"subject_keys.{index}"
        yield from tenant_findings(where, at, key, source)
        yield from _reachable(register, dataset, at, key.identifier)


def _terms(register: Register, dataset: Dataset, terms: Dataset | EarlierTerms, at: str) -> Iterator[Finding]:
    org, where = register.organisation, location(register, dataset)
    yield from unknown(where, f"{at}purposes", terms.purposes, org.purposes, "purpose")
    for purpose, basis in terms.purposes.items():
        if register.article(basis) is None:
            valid = (*LEGAL_BASES, *org.bases)
            yield Finding(
                where,
                f"{at}purposes.{purpose}",
                f"unknown legal basis {basis!r}; {nearest(basis, valid)}. If the notice has its own name for the "
                "basis, map that name to an article of Art. 6 under [bases] in register.toml",
            )
    yield from unknown(where, f"{at}recipients", terms.recipients or (), org.recipients, "recipient")
    named = [] if terms.storage_period is None else [terms.storage_period]
    yield from unknown(where, f"{at}storage_period", named, org.storage_periods, "storage period")
    if not terms.purposes and not (terms is dataset and Term.PURPOSES in dataset.undecided):
        yield Finding(where, f"{at}purposes", "a dataset needs at least one purpose with its legal basis")


def _reachable(register: Register, dataset: Dataset, at: str, kind: str) -> Iterator[Finding]:
    """Keys that no link leads to, so that nobody's rows would be found; keys of dated links without rows' times."""
    org, where = register.organisation, location(register, dataset)
    subject = subject_of(register, dataset)
    theirs = [ln for ln in org.links if kind_of(register, ln) == kind_of(register, dataset)]
    followed = [ln for ln in theirs if ln.strength is not Strength.WEAK and ln.source in org.sources]
    for controller in register.controllers_of(dataset):
        links = [ln for ln in followed if controller in org.sources[ln.source].controllers]
        reached = _reached(links, frozenset({subject, *org.supplied}))
        if kind not in reached:
            yield Finding(
                where,
                f"{at}.identifier",
                f"no strong link of controller {controller!r} leads to {kind!r}; {nearest(kind, reached)}",
            )
        dated = kind != subject and any(ln.valid is not None for ln in links if ln.leads_to == kind)
        if dated and not dataset.valid_at:
            yield Finding(
                where,
                "valid_at",
                f"{kind!r} belongs to one person only for a time: name the fields with the rows' times here, "
                "otherwise another person's rows would be taken for the subject's",
            )
            return


def _reached(links: Sequence[Link], known: frozenset[str]) -> frozenset[str]:
    """The kinds to which links lead; a reference only from a kind that is reached itself."""
    reached = known | {ln.leads_to for ln in links if ln.strength is Strength.STRONG}
    while more := {ln.leads_to for ln in links if ln.given in reached} - reached:
        reached |= more
    return reached


def time_references(register: Register, dataset: Dataset) -> Iterator[Finding]:
    """Times that the dataset names and that are no mapped dates or times."""
    where, schema = location(register, dataset), register.schema_of(dataset)
    times = {f.name for f in schema.fields if f.kind in {FieldKind.INSTANT, FieldKind.DATE}}
    mapped = {name for name in times if (m := dataset.fields.get(name)) is not None and m.column is not None}
    starts = () if dataset.storage_starts is None else (dataset.storage_starts,)
    yield from unknown(where, "storage_starts", starts, mapped, "mapped date or time")
    plain = {name for name in mapped if dataset.fields[name].path is None}
    yield from unknown(where, "valid_at", dataset.valid_at, plain, "mapped date or time")
