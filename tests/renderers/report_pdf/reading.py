"""A report as pypdf reads it, which is independent of the code that wrote it."""

from io import BytesIO

from pypdf import PdfReader

from dsar_export.model.package import Member, PackageContents
from renderers.report_pdf import ReportPdf


def pdf(of: PackageContents, *members: Member) -> bytes:
    (document,) = ReportPdf().documents(of, members)
    assert (document.path, document.mediatype, document.encrypted) == ("report.pdf", "application/pdf", True)
    return b"".join(document.body)


def pages(of: PackageContents, *members: Member) -> list[str]:
    """Each page on one line, so that tests do not depend on line breaks."""
    reader = PdfReader(BytesIO(pdf(of, *members)), strict=True)
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def text_of(of: PackageContents, *members: Member) -> str:
    """All pages on one line."""
    return " ".join(pages(of, *members))
