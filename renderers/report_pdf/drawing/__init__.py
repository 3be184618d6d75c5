"""How a report looks: its values drawn as tagged PDF, page by page, with ReportLab's fonts."""

from renderers.report_pdf.drawing.document import draw

__all__ = ["draw"]
