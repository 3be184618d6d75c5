"""Why data is held: each purpose once, with what it means."""

from collections.abc import Iterator, Mapping

from dsar_export.model.legal import LEGAL_BASES
from dsar_export.model.package import PackageContents
from dsar_export.model.register import Register
from renderers.report_pdf.blocks import Block, Facts
from renderers.report_pdf.sections.ledger import none_held
from renderers.report_pdf.sections.locale import Locale


def purposes_explained(contents: PackageContents) -> Iterator[Block]:
    """The purposes of all datasets that are held, of today and of earlier times."""
    held = [answer.dataset for answer in contents.datasets if not none_held(answer, contents)]
    today = [dataset.purposes for dataset in held]
    earlier = [terms.purposes for dataset in held for terms in dataset.earlier]
    names = dict.fromkeys(name for purposes in (*today, *earlier) for name in purposes)
    known = contents.register.organisation.purposes
    pairs = tuple((known[name].title, known[name].description) for name in names if name in known)
    if pairs:
        yield Facts(pairs)


def purposes_in_brief(purposes: Mapping[str, str], register: Register, locale: Locale) -> Iterator[str]:
    """Each purpose by its title, with its legal basis."""
    for name, basis in purposes.items():
        purpose = register.organisation.purposes.get(name)
        title = name if purpose is None else purpose.title
        yield locale.labelled(title, _basis(basis, register, locale))


def _basis(basis: str, register: Register, locale: Locale) -> str:
    article = register.article(basis)
    if article is None:
        return basis
    meaning = locale.message_text(LEGAL_BASES[article])
    if article == basis:
        return meaning
    return locale.phrase("{means} Our notice says: {basis}.", means=meaning, basis=basis)
