"""The report for the person: what was asked, what is here, what is not, and the data itself."""

from collections.abc import Iterable, Sequence

from dsar_export.model.package import Document, Member, PackageContents


class ReportPdf:
    """Renders report.pdf."""

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]:
        """The one report of a package."""
        # Only now, when the rows' memory is free again; named in tests/architecture.
        from renderers.report_pdf.drawing import draw  # noqa: PLC0415
        from renderers.report_pdf.sections.content import compose  # noqa: PLC0415

        yield Document("report.pdf", draw(compose(contents, members)), "application/pdf")
