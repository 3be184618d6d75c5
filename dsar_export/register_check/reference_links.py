"""Links to what a person's row refers to: they must lead to rows that others may share, and never to a person."""

from collections.abc import Iterator, Mapping

from dsar_export.model.comparison import Strength
from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.link import Link
from dsar_export.model.register import Register
from dsar_export.model.source import SourceDescription, Table
from dsar_export.model.subject_key import SubjectKey
from dsar_export.register.hints import location


def reference_link_findings(register: Register) -> Iterator[Finding]:
    """Reference links that lead to people or identifiers of theirs, and identifiers that lead on from them."""
    org, where, kinds = register.organisation, location(register), register.reference_kinds
    for index, link in enumerate(org.links):
        at = f"links.{index}"
        if link.strength is Strength.REFERENCE and link.leads_to == org.subject:
            yield Finding(
                where,
                f"{at}.leads_to",
                f"a reference can't lead to {org.subject!r}, which is a person's own: other people would count as "
                "this person; drop the link, or make it strong if both identifiers are one person's",
            )
        elif link.strength is not Strength.REFERENCE:
            for key, kind in (("given", link.given), ("leads_to", link.leads_to)):
                if kind in kinds:
                    yield Finding(
                        where,
                        f"{at}.{key}",
                        f"a reference link leads to {kind!r}, which several people may share, so no {link.strength} "
                        'link can use it: write strength = "reference" here too, or give one its own kind',
                    )
    for kind in sorted(kinds & {*org.supplied}):
        yield Finding(where, "supplied", f"a reference link leads to {kind!r}, so nobody can be asked for it")


def reference_key_findings(
    register: Register, descriptions: Mapping[str, SourceDescription]
) -> Iterator[Finding]:
    """References that are not looked up by a key, so that they would find other people's rows that share them."""
    for index, link in enumerate(register.organisation.links):
        table = descriptions[link.source].table(link.at.table) if link.source in descriptions else None
        if table is not None and link.strength is Strength.REFERENCE:
            yield from _link(register, f"links.{index}", link, table)
    for dataset in register.datasets:
        table = (
            descriptions[dataset.source].table(dataset.place.table)
            if dataset.source in descriptions
            else None
        )
        for index, key in enumerate(dataset.subject_keys):
            if table is not None and key.identifier in register.reference_kinds:
                yield from _key(location(register, dataset), f"subject_keys.{index}", dataset, key, table)


def _link(register: Register, at: str, link: Link, table: Table) -> Iterator[Finding]:
    if link.given in register.reference_kinds and not table.is_key(
        link.given_column, tenant=link.tenant_column
    ):
        yield Finding(
            location(register),
            f"{at}.given_column",
            f"{link.given_column!r} is not unique in {table.name!r}, so this reference would lead over rows of other "
            f"people who share a {link.given!r}: name the table whose key it is, and its unique column",
        )


def _key(where: str, at: str, dataset: Dataset, key: SubjectKey, table: Table) -> Iterator[Finding]:
    if key.through:
        yield Finding(
            where,
            f"{at}.through",
            f"{key.identifier!r} is what a person's row refers to, and several people may share it: it finds the row "
            "that it is the key of, and no rows through that one; drop through, or this subject key",
        )
    elif not table.is_key(key.column, tenant=key.tenant_column):
        yield Finding(
            where,
            f"{at}.column",
            f"{key.column!r} is not unique in {table.name!r}, so {key.identifier!r}, which several people may share, "
            f"would find other people's rows: name the unique column of {dataset.place.table!r} that is referred to",
        )
