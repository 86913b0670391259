"""The sample sites at any moment: their Boards, and every file published then."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from lxml import html
from lxml.etree import strip_elements

from statusgen.board.board import make_board
from statusgen.board.model.whole_board import Board
from statusgen.content.format.values import parse_time
from statusgen.content.reader import read_content
from statusgen.lint.mistakes import find_mistakes
from statusgen.model.whole_site import Site
from statusgen.outputs.registry import all_files
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages
from tests.support.paths import ROOT, SITES


class City:
    """A sample site. Moments are written as for the command: a date alone means its last minute."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def site(self) -> Site:
        """Everything that the city ever published."""
        return read_site(self.folder)

    def moment(self, at: str) -> datetime:
        """Return a local time as a moment."""
        return parse_time(at, self.site.zone).last_minute

    def board(self, at: str) -> Board:
        """Return what was true then."""
        return _board(self.folder, self.moment(at))

    def files(self, at: str) -> Mapping[str, bytes]:
        """Return every file that was published then, by its path."""
        return _files(self.folder, self.moment(at))

    def page(self, at: str, path: str = "index.html") -> "Page":
        """Return a page as it looked then."""
        return Page(self.files(at)[path].decode())


class Page:
    """A page as a resident reads it."""

    def __init__(self, source: str) -> None:
        self.root = html.document_fromstring(source)
        strip_elements(self.root, "script", "style", with_tail=False)

    @property
    def words(self) -> str:
        """All words on it, with one space between them."""
        return text_of(self.root)

    def headline(self) -> str:
        """Return its first heading."""
        return text_of(self.root.xpath("//h1")[0])

    def first_screen(self) -> str:
        """Return what the front page says before its first part: the headline, what is new, and every line."""
        parts = self.root.xpath("//div[@class='everybody'] | //div[@class='top']/div[not(@role)]")
        return " ".join(text_of(part) for part in parts)

    def lead(self) -> str:
        """Return what stands under the headline of the front page; nothing if nothing does."""
        return " ".join(text_of(lead) for lead in self.root.find_class("lead"))

    def overview(self) -> dict[str, str]:
        """Return the lines at the top of the front page, also those that unfold: how each service stands, by name."""
        rows = self.root.xpath("//ul[@class='overview']//li[a and not(contains(@class, 'rest'))]")
        return {text_of(row.find("a")): " ".join(text_of(part) for part in row.iterchildren("span")) for row in rows}

    def service(self, id: str) -> str:
        """Return what the front page says about one service."""
        return text_of(self.root.get_element_by_id(f"service-{id}"))

    def section(self, id: str) -> str:
        """Return the part of the page under the heading `id`."""
        return text_of(self.root.xpath("//section[*[@id=$id]]", id=id)[0])


def text_of(element: html.HtmlElement) -> str:
    """Return the words in an element, with one space between them."""
    return " ".join(element.text_content().split())


@cache
def read_site(folder: Path) -> Site:
    """Read the site in a folder, which must be free of mistakes."""
    content = read_content(folder, available_languages())
    site = content.site
    assert site is not None, content.problems
    problems = [*content.problems, *find_mistakes(site, content.texts)]
    assert not problems, problems
    return site


@cache
def _board(folder: Path, moment: datetime) -> Board:
    return make_board(read_site(folder), moment)


@cache
def _files(folder: Path, moment: datetime) -> Mapping[str, bytes]:
    return {file.path: file.content for file in all_files(_board(folder, moment), Renderer(folder))}


def make_city(folder: Path, services: str, *posts: str) -> City:
    """Write a small city into a folder; its posts are `post-1`, `post-2` and so on."""
    (folder / "incidents").mkdir()
    head = "site: {title: Springfield, url: 'https://springfield.example/', timezone: America/Chicago}\nservices:\n"
    (folder / "services.yaml").write_text(head + services, encoding="utf-8")
    for number, post in enumerate(posts, 1):
        (folder / "incidents" / f"post-{number}.md").write_text(post, encoding="utf-8")
    return City(folder)


KANSAS_CITY = City(ROOT)
BALTIMORE = City(SITES / "baltimore")
NEW_ORLEANS = City(SITES / "new-orleans")
