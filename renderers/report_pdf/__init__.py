"""The report for the person: what was asked, what is here, what is not, and the data itself."""

from collections.abc import Iterable, Sequence

from dsar_export.model.package import Document, Member, PackageContents
from renderers.report_pdf import drawing
from renderers.report_pdf.sections import content


class ReportPdf:
    """Renders report.pdf."""

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]:
        """The one report of a package."""
        # Asked of the modules only here: the command line imports them no sooner, when the rows' memory is free again.
        report = content.compose(contents, members)
        yield Document("report.pdf", drawing.draw(report), "application/pdf")
