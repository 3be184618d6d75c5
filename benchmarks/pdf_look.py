"""Font, sizes and page of the product's report, so that the other contestants draw the same."""

from importlib.resources import files
from typing import Final

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT: Final = "NotoSans"
SIZE: Final = 7.5
LEADING: Final = 9.8
ROW: Final = 13.55
MARGIN: Final = 46.0
FOOT: Final = 16.0
PAGE: Final[tuple[float, float]] = A4
WIDTHS: Final = (55.0, 65.0, 120.0, 90.0, 110.0, 55.0)


def prepare() -> None:
    """Loads the font and turns off ReportLab's encoding of bytes as text."""
    rl_config.useA85 = 0
    pdfmetrics.registerFont(TTFont(FONT, str(files("manimgx_fonts") / "NotoSans[wght].ttf")))
