"""The report for the person: what was asked, what is here, what is not, and the data itself."""

from collections.abc import Iterable, Sequence

from dsar_export.model.package import Document, Member, PackageContents
from renderers.report_pdf.drawing import draw
from renderers.report_pdf.sections.content import compose


class ReportPdf:
    """Renders report.pdf."""

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]:
        """The one report of a package."""
        yield Document("report.pdf", draw(compose(contents, members)), "application/pdf")
