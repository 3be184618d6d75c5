"""The texts of a report, in order, without drawing it."""

from collections.abc import Iterator

from dsar_export.model.package import Member, PackageContents
from renderers.report_pdf.blocks import (
    Block,
    Bullets,
    Facts,
    Families,
    Family,
    Fields,
    Grid,
    Group,
    Heading,
    Jump,
    Link,
    Prose,
    Records,
    Report,
    Row,
    Section,
    Timeline,
)
from renderers.report_pdf.sections.content import compose


def texts(report: Report) -> Iterator[str]:
    """Every text in reading order."""
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
        case Prose() | Heading() | Link() | Jump():
            yield block.text
        case Bullets():
            yield from block.items
        case Facts():
            for label, value in block.pairs:
                yield from (label, value.text if isinstance(value, Link) else value)
        case Grid():
            yield from (text for row in (block.headers, *block.rows) for text in row)
        case Records():
            yield from (text for row in block.records for text in _record_texts(block.fields, row))
        case Families():
            yield from (text for family in block.families for text in _family_texts(family))
        case Timeline():
            yield block.alternative


def _record_texts(fields: Fields, row: Row | Group) -> Iterator[str]:
    if isinstance(row, Group):
        yield row.title
    else:
        yield from (text for pair in zip(fields.titles, row, strict=True) for text in pair)


def _family_texts(family: Family | Group) -> Iterator[str]:
    yield family.title
    if isinstance(family, Family):
        yield family.text
        yield from (text for title, texts in family.parts for text in (title, *texts))


def text_of(of: PackageContents, *members: Member) -> str:
    """All texts of a report, on one line."""
    return one_line(texts(compose(of, members)))


def section_of(title: str, of: PackageContents, *members: Member) -> str:
    """The texts of one section, on one line, without its title."""
    (section,) = (section for section in compose(of, members).sections if section.title == title)
    return one_line(list(section_texts(section))[1:])


def titles_of(of: PackageContents, *members: Member) -> list[str]:
    """The titles of the sections in order."""
    return [section.title for section in compose(of, members).sections]


def not_here(of: PackageContents, *members: Member) -> str:
    """The texts of the section on what is not here."""
    return section_of("What is not here, and why", of, *members)


def one_line(parts: Iterator[str] | list[str]) -> str:
    return " ".join(" ".join(parts).split())


def between(whole: str, start: str, end: str) -> str:
    """The text between two texts that must both be there."""
    assert start in whole
    _, _, rest = whole.partition(start)
    assert end in rest
    return rest.partition(end)[0]
