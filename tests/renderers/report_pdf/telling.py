"""All that a report tells, in order, without its being drawn."""

from collections.abc import Iterator

from dsar_export.model.package import Member, PackageContents
from renderers.report_pdf.blocks import (
    Block,
    Bullets,
    Cards,
    Facts,
    Grid,
    Heading,
    Link,
    Prose,
    Report,
    Section,
    Timeline,
)
from renderers.report_pdf.sections.content import compose


def texts(report: Report) -> Iterator[str]:
    """Every text, as the reader meets them."""
    yield report.title
    for block in report.opening:
        yield from block_texts(block)
    for section in report.sections:
        yield from section_texts(section)
    yield report.footer.text
    yield report.footer.numbering


def section_texts(section: Section) -> Iterator[str]:
    yield section.title
    for block in section.blocks:
        yield from block_texts(block)


def block_texts(block: Block) -> Iterator[str]:
    match block:
        case Prose() | Heading() | Link():
            yield block.text
        case Bullets():
            yield from block.items
        case Facts():
            for label, told in block.pairs:
                yield from (label, told.text if isinstance(told, Link) else told)
        case Grid():
            yield from (text for row in (block.headers, *block.rows) for text in row)
        case Cards():
            yield from _card_texts(block)
        case Timeline():
            yield block.alternative


def _card_texts(cards: Cards) -> Iterator[str]:
    for number, record in enumerate(cards.records, start=1):
        yield f"{cards.title} {number}"
        yield from (text for pair in zip(cards.labels, record, strict=True) for text in pair)


def text_of(of: PackageContents, *members: Member) -> str:
    """All that a report tells, as one line."""
    return one_line(texts(compose(of, members)))


def section_of(title: str, of: PackageContents, *members: Member) -> str:
    """What one section tells, as one line, without its title."""
    (section,) = (section for section in compose(of, members).sections if section.title == title)
    return one_line(list(section_texts(section))[1:])


def titles_of(of: PackageContents, *members: Member) -> list[str]:
    """The sections in order."""
    return [section.title for section in compose(of, members).sections]


def not_here(of: PackageContents, *members: Member) -> str:
    """What is told of what is not here."""
    return section_of("What is not here, and why", of, *members)


def one_line(told: Iterator[str] | list[str]) -> str:
    return " ".join(" ".join(told).split())


def between(whole: str, start: str, end: str) -> str:
    """What stands between two texts that both stand there."""
    assert start in whole
    _, _, rest = whole.partition(start)
    assert end in rest
    return rest.partition(end)[0]
