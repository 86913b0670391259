"""The pictures in docs/pictures: what each shows, and a note in its file of what that was when it was taken.

The same words in the same style can look a little different in another browser, so it is these that are compared, and
not the pixels.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from statusgen.cli.main import main
from tests.support.built_sites import language_folder
from tests.support.desk_browser import TOWN, open_desk
from tests.support.paths import DOCS
from tests.support.pictures import chunk
from tests.support.web_server import serve_folder

PICTURES = DOCS / "pictures"
# About as wide as what phones and computers have; what Debian brings, DejaVu Sans, is the widest of fonts.
_FONT = "*{font-family:'DejaVu Sans Condensed'}"
_NOTE = b"Shows\0"
_PATIENCE = 60_000  # milliseconds, before a test gives up
_HEADER_BYTES = 33  # the signature of a PNG and its first chunk


@dataclass(frozen=True)
class Picture:
    """A picture of a page of the example: its file, the page's language and path, and its size in pixels."""

    name: str
    language: str
    path: str
    width: int
    height: int


PAGES = (
    Picture("front", "en", "index.html", 1100, 820),
    Picture("phone-es", "es", "index.html", 390, 900),
)
DESK = "desk"


@contextmanager
def show_page(browser: Browser, picture: Picture) -> Iterator[Page]:
    """Open the page of the example in the middle of its outage."""
    context = browser.new_context(viewport={"width": picture.width, "height": picture.height}, bypass_csp=True)
    page = context.new_page()
    page.goto((language_folder("kansas-city", picture.language) / picture.path).as_uri())
    page.add_style_tag(content=_FONT)
    yield page
    context.close()


@contextmanager
def show_desk(browser: Browser, folder: Path) -> Iterator[Page]:
    """Open the desk of a town, with a report that someone is writing, and the page that it makes beside it."""
    source, place = folder / "town", folder / "www"
    (source / "incidents").mkdir(parents=True)
    with serve_folder(place / "current") as url:
        (source / "services.yaml").write_text(TOWN.format(url=url, place=place), encoding="utf-8")
        published = CliRunner().invoke(main, ["publish", "--source", str(source), "--no-git"])
        assert published.exit_code == 0, published.output
        with open_desk(browser, source, 1100, 820, timezone_id="America/Chicago") as desk:
            page = desk.page
            desk.press("Report a problem")
            page.get_by_text("Begin with a prepared text").click()
            page.get_by_label("What happened?", exact=True).fill("Water bills cannot be paid online")
            page.get_by_text("This morning, 8 AM").click()
            page.get_by_label("Pay a water bill", exact=True).select_option("limited")
            page.get_by_label("What can people do meanwhile?", exact=True).fill("Pay at the counter, 4 Main Street.")
            page.get_by_text("In 1 hour").click()
            desk.await_kept()
            seen = page.frame_locator("#page").locator("body")
            for words in ("Partly working", "4 Main Street", "10:10 AM"):
                expect(seen).to_contain_text(words, timeout=_PATIENCE)
            page.mouse.move(0, 0)
            page.evaluate("document.activeElement.blur()")
            page.evaluate("window.scrollTo(0, 0)")
            yield page


def describe(page: Page, *styles: Path) -> bytes:
    """Return a digest of all words of a page, of those that it shows in a frame, and of its style."""
    words = "".join(frame.locator("body").inner_text() for frame in page.frames)
    content = re.sub(r"127\.0\.0\.1:\d+", "", words).encode() + b"".join(style.read_bytes() for style in styles)
    return hashlib.sha256(content).hexdigest().encode()


def read_note(name: str) -> bytes:
    """Return the digest that was noted in a picture; empty if there is none."""
    file = PICTURES / f"{name}.png"
    content = file.read_bytes() if file.exists() else b""
    return content.partition(b"tEXt" + _NOTE)[2][:64]


def take(name: str, page: Page, shown: bytes) -> None:
    """Take a picture of a page, and note in it what it shows."""
    content = page.screenshot()
    content = content[:_HEADER_BYTES] + chunk(b"tEXt", _NOTE + shown) + content[_HEADER_BYTES:]
    (PICTURES / f"{name}.png").write_bytes(content)
