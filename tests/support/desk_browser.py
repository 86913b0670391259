"""A desk that is served, and a browser that has it open; what the browser complains about fails the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from statusgen.desk.desk import Desk
from statusgen.desk.guard import MAX_REQUEST_BYTES, Guard
from statusgen.desk.run import make_app
from statusgen.preview.web_server import listen
from tests.support.desk import end_programs

# The preview runs nothing, and the browser says so of each page that has a script; and to axe, which asks frames, too.
_EXPECTED = ("Blocked script execution", "Failed to execute 'postMessage'")
_PATIENCE = 60_000  # milliseconds until a test gives up
TOWN = """\
site:
  title: {{en: Marlow Bend status, es: Estado de los servicios de Marlow Bend}}
  publisher: Town of Marlow Bend
  url: {url}
  timezone: America/Chicago
  languages: [en, es]
  contacts: [{{name: Town Hall, phone: 555-0130}}]
groups: [{{id: pay, name: {{en: Payments, es: Pagos}}}}]
services:
  - {{id: calls, name: {{en: 911 calls, es: Llamadas al 911}}, essential: true}}
  - id: water-bill
    name: {{en: Pay a water bill, es: Pagar el agua}}
    group: pay
    channels:
      - {{kind: online, url: 'https://pay.example/'}}
      - {{kind: phone, phone: 555-0131}}
      - id: counter
        kind: in_person
        name: {{en: Counter, es: Ventanilla}}
        address: 4 Main Street
        accepts: [cash, check]
  - id: tax
    name: {{en: Pay property tax, es: Pagar el predial}}
    group: pay
    channels: [{{kind: online, url: 'https://tax.example/'}}]
  - {{id: trash, name: {{en: Trash pickup, es: Recolección de basura}}}}
publish:
  - {{id: main, to: 'file://{place}'}}
"""


@dataclass
class OpenDesk:
    """A desk in a browser: `page` shows it, and `home` is the address of its first screen."""

    desk: Desk
    page: Page
    home: str

    def go_home(self) -> None:
        """Open the first screen."""
        self.page.goto(self.home)

    def press(self, name: str) -> None:
        """Press the first button, or follow the first link, of that name, and wait for what it opens."""
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.click()
        self.page.wait_for_load_state()

    def await_kept(self) -> None:
        """Wait until what was typed is on the disk, and the page beside the form is that of it."""
        self.page.locator("#draft:not([data-changed])").wait_for()


@contextmanager
def open_desk(
    browser: Browser, source: Path, width: int = 1280, height: int = 900, **context: str | bool
) -> Iterator[OpenDesk]:
    """Serve the desk of a folder, and open it in a browser; `context` is what Playwright calls so, `locale` say."""
    desk, guard = Desk(source, pause=0), Guard()
    complaints: list[str] = []
    with listen(make_app(desk, guard), "127.0.0.1", 0, what="desk", max_body=MAX_REQUEST_BYTES) as server:
        server.start()
        opened = browser.new_context(viewport={"width": width, "height": height}, **context)  # type: ignore[arg-type] # as given
        opened.set_default_timeout(_PATIENCE)
        page = opened.new_page()
        page.on(
            "console", lambda message: None if message.text.startswith(_EXPECTED) else complaints.append(message.text)
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{server.url}/enter?t={guard.issue_ticket()}")
        page.wait_for_url("**/k/**")
        try:
            yield OpenDesk(desk, page, page.url)
        finally:
            opened.close()
            end_programs(desk)
    assert not complaints, complaints
