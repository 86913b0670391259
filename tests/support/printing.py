"""Pages on paper, as Chromium prints them: how many sheets, and how far down the last one is filled."""

import re
import zlib
from dataclasses import dataclass

from playwright.sync_api import Page

# Of each sheet, the object with what is drawn on it, as Chromium's PDF writer (Skia) lays it out.
_SHEET = re.compile(rb"/MediaBox \[[\d. ]+\].*?/Contents (\d+) 0 R", re.DOTALL)
# A sheet begins with the box inside its margins, then the scale and the place of the page in it.
_BOX = re.compile(rb"[\d.]+ ([\d.]+) [\d.]+ ([\d.]+) re\nW")
_PLACE = re.compile(rb"\n[\d.]+ 0 0 ([\d.]+) [-\d.]+ ([-\d.]+) cm")
_BASELINE = re.compile(rb"([-\d.]+) Tm\n")


@dataclass(frozen=True)
class Print:
    """What was printed. `last_fill` is how far down the last sheet its last line of text stands, 1 at the bottom."""

    sheets: int
    last_fill: float


def print_page(page: Page, paper: str = "Letter") -> Print:
    """Print an open page on `Letter` or `A4`."""
    pdf = page.pdf(format=paper, prefer_css_page_size=True)
    contents = _SHEET.findall(pdf)
    assert contents, "This is not the PDF that Chromium writes."
    stream = re.search(rb"\n" + contents[-1] + rb" 0 obj\n<<[^>]*?/Length (\d+)>> stream\n", pdf)
    assert stream
    drawing = pdf[stream.end() : stream.end() + int(stream[1])]
    return Print(len(contents), _measure_fill(zlib.decompress(drawing)) if drawing else 0.0)


def _measure_fill(drawing: bytes) -> float:
    box, place = _BOX.search(drawing), _PLACE.search(drawing)
    assert box
    assert place
    top, height, scale, offset = map(float, (box[1], box[2], place[1], place[2]))
    baselines = [float(found) * scale + offset for found in _BASELINE.findall(drawing)]
    return max((y - top for y in baselines if 0 <= y - top <= height), default=0.0) / height
