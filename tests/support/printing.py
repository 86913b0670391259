"""Pages on paper, as Chromium prints them: how many sheets, and how many lines the last one has."""

import re
import zlib
from dataclasses import dataclass
from itertools import pairwise

from playwright.sync_api import Page

# Of each sheet, the object with what is drawn on it, as Chromium's PDF writer (Skia) lays it out.
_SHEET = re.compile(rb"/MediaBox \[[\d. ]+\].*?/Contents (\d+) 0 R", re.DOTALL)
# What moves and scales what is drawn next: kept and taken back (q, Q), changed (cm); and where text stands (Tm).
_STEP = re.compile(rb"^(?:(q|Q)|[-\d.]+ 0 0 ([-\d.]+) [-\d.]+ ([-\d.]+) (cm|Tm))$", re.MULTILINE)
# Words of one line may stand a little higher or lower, as a smaller word's do: those less far apart are one line.
MIN_LINE_HEIGHT = 6.0


@dataclass(frozen=True)
class Print:
    """What was printed: how many sheets, and how many lines of text the last of them has (side by side is one)."""

    sheets: int
    last_lines: int


def print_page(page: Page, paper: str = "Letter") -> Print:
    """Print an open page on `Letter` or `A4`."""
    pdf = page.pdf(format=paper, prefer_css_page_size=True)
    contents = _SHEET.findall(pdf)
    assert contents, "This is not the PDF that Chromium writes."
    stream = re.search(rb"\n" + contents[-1] + rb" 0 obj\n<<[^>]*?/Length (\d+)>> stream\n", pdf)
    assert stream
    drawing = pdf[stream.end() : stream.end() + int(stream[1])]
    heights = sorted(_find_heights(zlib.decompress(drawing) if drawing else b""))
    lines = 1 + sum(after - before > MIN_LINE_HEIGHT for before, after in pairwise(heights))
    return Print(len(contents), lines if heights else 0)


def _find_heights(drawing: bytes) -> list[float]:
    """Return how high each piece of text stands on a sheet, in points."""
    scale, offset = 1.0, 0.0
    kept, found = [], []
    for step in _STEP.finditer(drawing):
        if step[1] == b"q":
            kept.append((scale, offset))
        elif step[1] == b"Q":
            scale, offset = kept.pop()
        elif step[4] == b"cm":
            scale, offset = scale * float(step[2]), offset + scale * float(step[3])
        else:
            found.append(offset + scale * float(step[3]))
    return found
