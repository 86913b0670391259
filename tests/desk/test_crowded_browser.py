"""Other programs on this computer set cookies, too, and a browser sends them all: nobody is locked out by that."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from statusgen.desk.guard import COOKIE
from tests.support.desk_browser import OpenDesk, open_desk
from tests.support.office import NOW, POST, Office

# Chromium and Firefox keep fewer for a host than these, and none that is longer.
_MANY, _LONGEST = 300, 4096


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    return Office(tmp_path, POST)


def own_cookies(context: BrowserContext) -> list[Any]:
    """Return the cookies of the desk that a browser has."""
    return [cookie for cookie in context.cookies() if str(cookie.get("name")).startswith("statusgen")]


def set_cookies(context: BrowserContext, address: str) -> None:
    """Set as many and as long cookies as another program at this address can, each time that one is kept."""
    names = [f"other-program-{number:04}" for number in range(_MANY)]
    own = own_cookies(context)
    context.add_cookies([{"name": name, "value": "x" * (_LONGEST - len(name)), "url": address} for name in names])
    context.add_cookies(own)  # a browser throws away the oldest first


def sent_cookies(opened: OpenDesk) -> int:
    """Return how many bytes of cookies the browser sends with a page of the desk."""
    with opened.page.expect_request("**/k/**") as asked:
        opened.page.reload()
    return len(asked.value.all_headers()["cookie"])


def test_the_cookies_of_other_programs_lock_nobody_out(browser: Browser, office: Office) -> None:
    with open_desk(browser, office.folder) as opened:
        set_cookies(opened.page.context, opened.home)
        assert sent_cookies(opened) > 600_000
        opened.go_home()
        opened.press("Report a problem")
        opened.page.get_by_role("textbox", name="What happened?").fill("Trash is late")
        opened.await_kept()
        assert [draft.first("title") for draft in opened.desk.drafts.list_all()] == ["Trash is late"]


def test_two_desks_are_open_in_one_browser_and_fill_nobody_elses_requests(browser: Browser, office: Office) -> None:
    with open_desk(browser, office.folder) as one, open_desk(browser, office.folder) as other:
        one.page.context.add_cookies(own_cookies(other.page.context))
        together = one.page.context.new_page()
        for opened in (one, other, one):
            answer = together.goto(opened.home)
            assert answer
            assert answer.status == 200
            # Each desk's cookies go to its own secret address only, and are short.
            assert together.evaluate("document.cookie") == ""
            assert len(answer.request.all_headers()["cookie"]) < 150
        assert all(cookie["path"].startswith("/k/") for cookie in own_cookies(one.page.context))


def test_who_lost_the_cookie_reads_how_to_get_in_again(browser: Browser, office: Office) -> None:
    with open_desk(browser, office.folder) as opened:
        opened.page.context.clear_cookies(name=COOKIE)
        answer = opened.page.context.request.get(opened.home)
        assert answer.status == 404
        assert "close the window in which the desk was started" in answer.text()
