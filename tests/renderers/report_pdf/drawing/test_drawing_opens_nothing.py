"""Drawing reads fonts and colours from packages, but no file that a text names, and uses no network."""

import subprocess
import sys

PROGRAM = """
import sys
from renderers.report_pdf.drawing import draw
from tests.renderers.report_pdf.drawing.awkward import MARKUP, NAUGHTY, SCRIPTS, every_kind
from tests.renderers.report_pdf.drawing.tagged import report, section

texts = [*MARKUP, *(text[:400] for text in NAUGHTY.values()), *SCRIPTS.values(), sys.argv[1]]
of = report(*(section(*every_kind(text), title=text) for text in texts), title=sys.argv[1])
sum(map(len, draw(of)))  # runs the imports that happen on first use
seen = []
quiet = {"object.__getattr__", "object.__setattr__", "sys._getframe", "builtins.id", "os.listdir"}
quiet |= {"array.__new__", "mmap.__new__"}  # on files that are open already

def watch(event, args):
    if event == "open":
        seen.append(f"open {args[0]} {args[1] or 'r'}")
    elif event not in quiet:
        seen.append(event)

sys.addaudithook(watch)
length = sum(len(piece) for piece in draw(of))
events = list(seen)
assert length > 100_000, length
print("\\n".join(events))
"""


def opened(named: str) -> list[str]:
    """The files that drawing opened, and its other requests to the system."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, named], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_only_fonts_and_colours_of_packages_are_read() -> None:
    events = opened('<img src="/etc/hostname"/>')

    assert len(events) > 10
    for event in events:
        what, _, opened_as = event.partition(" ")
        path, _, mode = opened_as.rpartition(" ")
        assert (what, mode) in {("open", "rb"), ("open", "r")}
        assert path.endswith((".ttf", ".icc"))
        assert "/manimgx_fonts/" in path or "/renderers/report_pdf/drawing/data/" in path
