"""The pages are valid, lead nowhere but where they say, and need nothing from anywhere else."""

import gzip
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.built_sites import MOMENTS, build_sample
from tests.support.checkers import check_html


class Links(HTMLParser):
    """A parser that collects a page's links and ids."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.remote: list[str] = []
        self.ids: list[str] = []
        self.scripted: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.scripted += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style"]
        target = values.get("src") or (values.get("href") if tag in ("a", "link") else None)
        if target is None:
            return
        if tag in ("script", "img", "iframe", "source") or values.get("rel") in ("stylesheet", "icon", "preload"):
            self.remote += [target] if urlsplit(target).scheme else []
        self.links.append(target)


def test_every_page_is_valid() -> None:
    # The checker reads single files, for which a policy's 'self' can never be true; Chromium holds the policy in
    # the browser tests, which fail on any complaint of its.
    messages = check_html(*(build_sample(name) for name in MOMENTS))
    assert [message for message in messages if "Content Security Policy" not in message] == []


@pytest.mark.parametrize("name", MOMENTS)
def test_every_link_and_fragment_leads_somewhere(name: str) -> None:
    site = build_sample(name)
    pages = {page: Links(page) for page in site.rglob("*.html")}
    lost = []
    for page, read in pages.items():
        for link in read.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            fragment_lost = parts.fragment and unquote(parts.fragment) not in pages.get(target, read).ids
            if not target.is_file() or fragment_lost:
                lost.append(f"{page.relative_to(site)}: {link}")
    assert lost == []


@pytest.mark.parametrize("name", MOMENTS)
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(name: str) -> None:
    for page in build_sample(name).rglob("*.html"):
        read = Links(page)
        assert read.scripted == [], page
        if page.name != "404.html":  # which a host may show at any address, so it names whole ones
            assert read.remote == [], page
        html = unescape(page.read_text(encoding="utf-8"))
        inline = re.findall(r"<script(?![^>]* src=)[^>]*>", html)
        assert set(inline) <= {'<script type="application/ld+json">'}, page  # data, which no browser runs
        assert "default-src 'none'" in html, page


def test_every_page_of_a_demonstration_says_so() -> None:
    for page in build_sample("kansas-city").rglob("*.html"):
        spanish = "es" in page.relative_to(build_sample("kansas-city")).parts[:1]
        words = "no una página de la Ciudad" if spanish else "not a page of the City of Kansas City"
        assert words in page.read_text(encoding="utf-8"), page


def test_the_front_page_of_the_worst_week_is_light() -> None:
    page = build_sample("worst-week") / "index.html"
    assert len(gzip.compress(page.read_bytes(), 9, mtime=0)) <= 14_000


@pytest.mark.parametrize("name", MOMENTS)
def test_every_service_page_is_light(name: str) -> None:
    for page in build_sample(name).glob("services/*/index.html"):
        assert len(gzip.compress(page.read_bytes(), 9, mtime=0)) <= 9_000, page
