"""The layout of a report: its blocks drawn as a tagged PDF, page by page, with ReportLab's fonts."""

from renderers.report_pdf.drawing.document import draw

__all__ = ["draw"]
