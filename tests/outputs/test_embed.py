"""The lines that the city's other pages embed: with script, without it, and when the status page cannot be reached."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from statusgen import addresses
from statusgen.board.model.whole_board import Board
from statusgen.model.whole_site import Site
from statusgen.outputs import badges, host
from statusgen.theme.renderer import STATIC, Renderer
from statusgen.wording.phrasing import Phrasing
from tests.support.checkers import check_accessibility
from tests.support.paths import SITES
from tests.support.sample_sites import City
from tests.support.web_server import FolderHandler, serve, serve_folder

FOLDER = SITES / "worst-week"
WATER = addresses.service("water-bill")
SCRIPT = (STATIC / "embed.js").read_text(encoding="utf-8")
# What a strict policy of the city's own page has to allow, as the documentation says.
POLICY = "default-src 'none'; img-src {status}; script-src {status}; connect-src {status}"


@dataclass
class StatusPage:
    """A status page on a host of its own, sent with the headers that `_headers` asks for."""

    url: str
    folder: Path
    board: Board
    requests: list[tuple[str, dict[str, str]]]

    def write(self, path: str, content: str) -> None:
        (self.folder / path).write_text(content, encoding="utf-8")

    def lines(self, of: str = "", language: str = "en") -> str:
        """Return the lines to embed, for the page `of` in a language."""
        site, look = self.board.site, Renderer(FOLDER)
        speech = Phrasing(site, language, plain=True)
        names = {addresses.service(each.id): each.name for each in site.services}
        context = {
            "of": of,
            "name": speech.say(names.get(of, site.title)),
            "whole": lambda page: addresses.absolute_url(addresses.in_language(page, language, site), site),
            "addresses": addresses,
            "language": language,
            "site": site,
        }
        return look.render("embed.html", context, speech.interface)


@contextmanager
def serve_with_headers(folder: Path, headers: Callable[[str], dict[str, str]], asked: list[Any]) -> Iterator[str]:
    class Handler(FolderHandler):
        def end_headers(self) -> None:
            path = self.path.lstrip("/")
            for name, value in headers(path).items():
                self.send_header(name, value)
            asked.append((path, {name.lower(): value for name, value in self.headers.items()}))
            super().end_headers()

    with serve(partial(Handler, directory=str(folder))) as address:
        yield address


def write_badges(board: Board, url: str, folder: Path) -> Board:
    """Return the board as it is published at `url`, with its badges in the folder."""
    site: Site = replace(board.site, url=url, demonstration=None)
    board = replace(board, site=site)
    for file in badges.files(board, Renderer(FOLDER)):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return board


@pytest.fixture
def status(tmp_path: Path) -> Iterator[StatusPage]:
    folder, asked = tmp_path / "status", list[Any]()
    folder.mkdir()
    board = City(FOLDER).board("2026-06-17 15:30")
    rules = host.header_rules(board.site)
    # Nothing here is served by https, which this header would ask for.
    with serve_with_headers(folder, lambda path: host.headers_for(path, rules), asked) as url:
        yield StatusPage(url, folder, write_badges(board, url, folder), asked)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Publishes a page of the city with some lines in it, on its own origin; the address."""
    folder = tmp_path / "city"
    folder.mkdir()
    with serve_folder(folder) as url:

        def publish(lines: str, policy: str = "") -> str:
            meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
            head = f'<!doctype html><html lang="en"><head><meta charset="utf-8">{meta}<title>City</title></head>'
            body = f"<body><main><h1>City of Quillhaven</h1><p>{lines}</p></main></body></html>"
            (folder / "index.html").write_text(head + body, encoding="utf-8")
            return url

        yield publish


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when a script of it does."""
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    assert failures == []


def open_and_wait(page: Page, address: str) -> None:
    """Open a page and wait until every request has ended."""
    page.goto(address, wait_until="networkidle")


def test_the_words_take_the_place_of_the_badge(page: Page, status: StatusPage, city: Callable[[str], str]) -> None:
    page.goto(city(status.lines()))
    link = page.get_by_role("link")
    expect(link).to_have_text("Quillhaven service status: 7 services not working as usual, 1 more when last checked")
    assert page.locator("main").aria_snapshot().splitlines()[1:] == [
        '  - heading "City of Quillhaven" [level=1]',
        "  - paragraph:",
        "    - 'link \"Quillhaven service status: 7 services not working as usual, 1 more when last checked\"':",
        f"      - /url: {status.url}",
    ]
    assert page.get_by_role("img").count() == 0
    assert check_accessibility(page) == []


def test_nothing_is_shouted(page: Page, status: StatusPage, city: Callable[[str], str]) -> None:
    page.goto(city(status.lines()))
    expect(page.locator("a span")).to_be_visible()
    assert page.locator("[aria-live], [role=status], [role=alert], output").count() == 0
    assert page.evaluate("document.activeElement === document.body")


def test_a_service_speaks_for_itself(page: Page, status: StatusPage, city: Callable[[str], str]) -> None:
    page.goto(city(status.lines(WATER) + status.lines(addresses.service("trash"))))
    expect(page.get_by_role("link")).to_have_text(["Pay a water bill: Partly working", "Trash pickup: Working"])
    assert page.get_by_role("link").first.get_attribute("href") == f"{status.url}{WATER}"
    # The script stood there twice.
    asked = [path for path, _ in status.requests if path.endswith("badge.json")]
    assert sorted(asked) == ["services/trash/badge.json", f"{WATER}badge.json"]


def test_each_language_has_its_own_words(page: Page, status: StatusPage, city: Callable[[str], str]) -> None:
    page.goto(city(status.lines(WATER, "es") + status.lines(WATER, "ar")))
    spanish, arabic = page.get_by_role("link").first, page.get_by_role("link").last
    expect(spanish).to_have_text("Pagar la factura del agua: Servicio parcial")
    assert spanish.get_attribute("lang") == "es"
    expect(arabic.locator("span")).to_have_css("direction", "rtl")
    assert arabic.get_attribute("lang") == "ar"
    assert arabic.get_attribute("href") == f"{status.url}ar/{WATER}"


def test_without_script_there_is_the_badge(browser: Browser, status: StatusPage, city: Callable[[str], str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    open_and_wait(page, city(status.lines(WATER)))
    assert page.locator("main").aria_snapshot().splitlines()[1:] == [
        '  - heading "City of Quillhaven" [level=1]',
        "  - paragraph:",
        "    - 'link \"Current status: Pay a water bill\"':",
        f"      - /url: {status.url}{WATER}",
        "      - 'img \"Current status: Pay a water bill\"'",
    ]
    box = page.get_by_role("img").bounding_box()
    assert box is not None
    assert box["width"] > 200, "it was not loaded"
    context.close()


def test_where_the_words_make_no_sense_the_badge_stays(
    page: Page, status: StatusPage, city: Callable[[str], str]
) -> None:
    answers = ["", "null", "[]", "{", '{"label": "Trash"}', '{"label": 1, "message": {}}', "<!doctype html><p>No"]
    pages = [addresses.service(service.id) for service in status.board.site.services[: len(answers)]]
    for of, answer in zip(pages, answers, strict=True):
        status.write(addresses.badge_data(of), answer)
    open_and_wait(page, city("".join(map(status.lines, pages))))
    assert {addresses.badge_data(of) for of in pages} <= {path for path, _ in status.requests}
    assert page.get_by_role("img").count() == len(answers)
    assert page.locator("a span").count() == 0


def test_where_there_are_no_words_the_badge_stays(page: Page, status: StatusPage, city: Callable[[str], str]) -> None:
    (status.folder / "badge.json").unlink()
    open_and_wait(page, city(status.lines()))
    expect(page.get_by_role("img", name="Current status: Quillhaven service status")).to_be_visible()


def test_where_the_host_does_not_share_the_words_the_badge_stays(
    page: Page, city: Callable[[str], str], tmp_path: Path
) -> None:
    asked: list[Any] = []
    with serve_with_headers(tmp_path, lambda _: {}, asked) as url:
        board = write_badges(City(FOLDER).board("2026-06-17 15:30"), url, tmp_path)
        open_and_wait(page, city(StatusPage(url, tmp_path, board, asked).lines()))
        assert "badge.json" in [path for path, _ in asked]
        expect(page.get_by_role("img", name="Current status: Quillhaven service status")).to_be_visible()


def test_where_the_status_page_is_away_the_alternative_text_stays(
    page: Page, status: StatusPage, city: Callable[[str], str]
) -> None:
    page.route(f"{status.url}**", lambda route: route.abort())
    open_and_wait(page, city(status.lines()))
    assert page.get_by_role("link", name="Current status: Quillhaven service status").count() == 1


def test_what_the_status_page_sends_is_text_and_nothing_else(
    page: Page, status: StatusPage, city: Callable[[str], str]
) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    status.write("badge.json", f'{{"label": "{hostile}", "message": "Down"}}')
    page.goto(city(status.lines()))
    expect(page.get_by_role("link")).to_have_text(f"{hostile}: Down")
    assert page.locator("a img, a script").count() == 0


def test_the_strictest_policy_that_the_documentation_names_is_enough(
    page: Page, status: StatusPage, city: Callable[..., str]
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(city(status.lines(), POLICY.format(status=status.url)))
    expect(page.locator("a span")).to_be_visible()
    assert complaints == []


def test_a_policy_that_allows_the_picture_alone_leaves_the_picture(
    page: Page, status: StatusPage, city: Callable[..., str]
) -> None:
    open_and_wait(page, city(status.lines(), f"default-src 'none'; img-src {status.url}"))
    expect(page.get_by_role("img", name="Current status: Quillhaven service status")).to_be_visible()


def test_nobody_is_tracked(context: BrowserContext, page: Page, status: StatusPage, city: Callable[[str], str]) -> None:
    address = city(status.lines())
    # A cookie of one port of a host goes to all of them, so it would be sent if cookies were.
    context.add_cookies([{"name": "session", "value": "secret", "url": address}])
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(address)
    expect(page.locator("a span")).to_be_visible()
    assert asked - {address, f"{address}favicon.ico"} == {
        f"{status.url}badge.svg",
        f"{status.url}badge.json",
        f"{status.url}embed.js",
    }
    headers = dict(status.requests)
    assert "cookie" not in headers["badge.json"]
    for path in ("badge.json", "badge.svg", "embed.js"):
        assert "referer" not in headers[path], path
    assert [cookie["name"] for cookie in context.cookies()] == ["session"]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_script_is_small() -> None:
    assert len(SCRIPT.encode()) < 2000


def test_the_lines_are_few_and_hold_what_they_are_given(status: StatusPage) -> None:
    lines = status.lines()
    assert len(lines.splitlines()) == 2
    assert lines.count(status.url) == 3
