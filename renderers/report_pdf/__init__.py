"""The report for the person: the request, what is in the package, what is not, and the data itself."""

from collections.abc import Iterable, Sequence

from dsar_export.language.register_words import in_its_language
from dsar_export.model.package import Document, Member, PackageContents


class ReportPdf:
    """Renders report.pdf."""

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]:
        """The report of a package, as one document; the register's words are in its language."""
        # Imported here, when the memory of the rows is free again; listed in tests/architecture.
        from renderers.report_pdf.drawing import draw  # noqa: PLC0415
        from renderers.report_pdf.sections.content import compose  # noqa: PLC0415

        yield Document("report.pdf", draw(compose(in_its_language(contents), members)), "application/pdf")
