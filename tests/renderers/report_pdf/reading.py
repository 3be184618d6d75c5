"""A report as pypdf reads it, which wrote none of it."""

from io import BytesIO

from pypdf import PdfReader

from dsar_export.model.package import Member, PackageContents
from renderers.report_pdf import ReportPdf


def pdf(of: PackageContents, *members: Member) -> bytes:
    (document,) = ReportPdf().documents(of, members)
    assert (document.path, document.mediatype, document.encrypted) == ("report.pdf", "application/pdf", True)
    return b"".join(document.body)


def pages(of: PackageContents, *members: Member) -> list[str]:
    """Each page as one line, so that a test need not know where a line was broken."""
    reader = PdfReader(BytesIO(pdf(of, *members)), strict=True)
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def text_of(of: PackageContents, *members: Member) -> str:
    """All pages as one line."""
    return " ".join(pages(of, *members))
