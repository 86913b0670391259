"""Every address of the site, one function each.

An address is a path from the root of the site, without a leading slash; one that ends with a slash (or is empty) is a
page. Pages link to each other relatively and to whole file names, so that the site works on any host, below any path,
and straight from a folder (file://).
"""

import re
from itertools import takewhile
from urllib.parse import quote

from statusgen.model.whole_site import Site

NOT_FOUND = "404.html"


def front() -> str:
    """Return the address of the front page."""
    return ""


def service(id: str) -> str:
    """Return the address of a service's page."""
    return f"services/{id}/"


def incident(id: str) -> str:
    """Return the address of the page of an incident, planned work, or a notice."""
    return f"incidents/{id}/"


def update(incident_id: str, update_id: str) -> str:
    """Return the address of one update on its incident's page."""
    return f"{incident(incident_id)}#{anchor(update_id)}"


def anchor(update_id: str) -> str:
    """Return the HTML id of an update on a page."""
    return f"update-{update_id}"


def planned_work() -> str:
    """Return the address of the page of planned work."""
    return "planned/"


def deadlines() -> str:
    """Return the address of the page of deadlines and waivers."""
    return "deadlines/"


def archive(year: int | None = None, month: int | None = None) -> str:
    """Return the address of the archive, or of one year or month of it."""
    return "archive/" + (f"{year:04d}/" if year else "") + (f"{month:02d}/" if month else "")


def statements() -> str:
    """Return the address of the page with what officials said."""
    return "statements/"


def about() -> str:
    """Return the address of the page that explains each status and how the site is made."""
    return "about/"


def call_sheet() -> str:
    """Return the address of the page with one line for each service, for staff who answer the phone."""
    return "call-sheet/"


def poster() -> str:
    """Return the address of the page to print and hang up."""
    return "poster/"


def icon() -> str:
    """Return the address of the icon that browsers show beside a page's title."""
    return "icon.svg"


def plain_text() -> str:
    """Return the address of the front page as plain text."""
    return "status.txt"


def rss(of: str = "") -> str:
    """Return the address of the RSS feed that belongs to the page `of`."""
    return f"{of}feed.xml"


def atom(of: str = "") -> str:
    """Return the address of the Atom feed that belongs to the page `of`."""
    return f"{of}atom.xml"


def statuspage_rss() -> str:
    """Return the address at which Statuspage has its RSS feed."""
    return "history.rss"


def statuspage_atom() -> str:
    """Return the address at which Statuspage has its Atom feed."""
    return "history.atom"


def json_feed(of: str = "") -> str:
    """Return the address of the JSON Feed that belongs to the page `of`."""
    return f"{of}feed.json"


def group(id: str) -> str:
    """Return the address below which a group's feeds are; a group has no page of its own."""
    return f"groups/{id}/"


def subscribe() -> str:
    """Return the address of the page with everything to subscribe to, print, or read with a program."""
    return "subscribe/"


def feed_list() -> str:
    """Return the address of the list of all feeds (OPML)."""
    return "feeds.opml"


def calendar(of: str = "") -> str:
    """Return the address of the calendar that belongs to the page `of`."""
    return f"{of}calendar.ics"


def short_text(of: str = "") -> str:
    """Return the address of the page `of` as a text message."""
    return f"{of}sms.txt"


def status_data() -> str:
    """Return the address of the document with every fact of the Board."""
    return "status.json"


def incident_data(id: str) -> str:
    """Return the address of the document with an incident and all its updates."""
    return f"{incident(id)}incident.json"


def history_data() -> str:
    """Return the address of the document with each service's status over time."""
    return "history.json"


def services_table() -> str:
    """Return the address of the table with one line for each service, for spreadsheets."""
    return "services.csv"


def schema(name: str, version: int) -> str:
    """Return the address of a JSON Schema; `name` is "status", "incident", "history" or "manifest"."""
    return f"schema/v{version}/{name}.json"


def manifest() -> str:
    """Return the address of the list of all files, with the SHA-256 of each."""
    return "manifest.json"


def statuspage(name: str) -> str:
    """Return the address of a document of the Statuspage API, version 2: "summary", "incidents/unresolved" …"""
    return f"api/v2/{name}.json"


def badge(of: str = "") -> str:
    """Return the address of the badge of the site, or of the service with the page `of`."""
    return f"{of}badge.svg"


def badge_data(of: str = "") -> str:
    """Return the address of the same badge as data, for shields.io to draw."""
    return f"{of}badge.json"


def embed() -> str:
    """Return the address of the script that shows the status of services on the city's other pages."""
    return "embed.js"


def finder_index(language: str, digest: str) -> str:
    """Return the address of what the finder searches in one language; the name changes with the content."""
    return f"find-{language}-{digest}.js"


def alerts() -> str:
    """Return the address of the list of all alerts."""
    return "alerts.xml"


def alert(incident_id: str, update_id: str) -> str:
    """Return the address of one alert in the Common Alerting Protocol."""
    return f"alerts/{incident_id}/{update_id}.xml"


def robots() -> str:
    """Return the address of the file that tells crawlers what to read (RFC 9309)."""
    return "robots.txt"


def sitemap(part: int | None = None) -> str:
    """Return the address of the list of all pages, or of a part of a long one."""
    return f"sitemap-{part}.xml" if part else "sitemap.xml"


def security() -> str:
    """Return the address of the file with the security contact (RFC 9116)."""
    return ".well-known/security.txt"


def redirects() -> str:
    """Return the address of the file with the old addresses, for Netlify and Cloudflare Pages."""
    return "_redirects"


def headers() -> str:
    """Return the address of the file with HTTP headers for Netlify and Cloudflare Pages."""
    return "_headers"


def for_hosts() -> frozenset[str]:
    """Return the addresses of the files that only some hosts read, and that nobody else is sent."""
    return frozenset({headers(), redirects()})


def lasting_pages(site: Site) -> tuple[str, ...]:
    """Return the addresses of all pages that stay when more is posted."""
    fixed = (
        front(),
        planned_work(),
        deadlines(),
        statements(),
        archive(),
        call_sheet(),
        poster(),
        subscribe(),
        about(),
    )
    return (*fixed, *(service(each.id) for each in site.services))


def lasting_feeds(site: Site) -> tuple[str, ...]:
    """Return the addresses of all feeds that never end, in every language."""
    pages = ("", *(group(each.id) for each in site.groups), *(service(each.id) for each in site.services))
    feeds = [form(page) for page in pages for form in (rss, atom, json_feed)]
    return tuple(in_language(feed, language, site) for language in site.languages for feed in feeds)


# What the site's own files and folders are called, but for three folders, in which the city gives the names.
_OWN_NAMES = frozenset(
    address.partition("/")[0]
    for address in (
        *(planned_work(), deadlines(), archive(), statements(), about(), call_sheet(), poster(), subscribe(), icon()),
        *(form() for form in (rss, atom, json_feed, calendar, short_text, badge, badge_data)),
        *(statuspage_rss(), statuspage_atom(), feed_list(), plain_text(), status_data(), history_data()),
        *(services_table(), schema("status", 1), manifest(), statuspage("summary"), embed(), alerts(), alert("", "")),
        *(robots(), sitemap(), security(), headers(), redirects(), NOT_FOUND, "index.html"),
    )
)
_OWN_HASHED_NAME = re.compile(r"(find|print|script|sitemap)-[\w-]+\.(css|js|xml)")


class OwnAddresses:
    """What only a site itself may use, in any letter case; it is made once for many questions."""

    def __init__(self, site: Site) -> None:
        images = (*site.images, *([site.logo] if site.logo else []))
        self._images = {image.path.casefold() for image in images}
        self._languages = {language.casefold() for language in site.languages[1:]}
        self._ids = {
            "services": {each.id.casefold() for each in site.services},
            "groups": {each.id.casefold() for each in site.groups},
            "incidents": {each.id.casefold() for each in site.incidents},
        }

    def find(self, address: str) -> str | None:
        """Return the part of an address that is the site's own; None if there is none."""
        names = file_path(address).casefold().split("/")
        folders = ("/".join(names[:depth]) for depth in range(1, len(names) + 1))
        if image := next((path for path in folders if path in self._images), None):
            return image
        first, *below = names[1:] if len(names) > 1 and names[0] in self._languages else names
        if first in self._ids and below:
            return f"{first}/{below[0]}" if below[0] in self._ids[first] else None
        return first if first in _OWN_NAMES or _OWN_HASHED_NAME.fullmatch(first) else None


def in_language(address: str, language: str, site: Site) -> str:
    """Return the address of the same page in another language; the site's first language has no prefix."""
    return address if language == site.languages[0] else f"{language}/{address}"


def file_path(address: str) -> str:
    """Return the file that a web server sends for an address."""
    path = address.partition("#")[0]
    return f"{path}index.html" if not path or path.endswith("/") else path


def absolute_url(address: str, site: Site) -> str:
    """Return the full URL of an address, for feeds and other places outside the site."""
    return site.url + _quote_address(address)


def relative_link(address: str, page: str) -> str:
    """Return the link to `address` from the page at `page`."""
    path, hash, fragment = address.partition("#")
    if hash and path == page:
        return f"#{quote(fragment)}"
    return quote(_relative_path(file_path(path), file_path(page))) + (f"#{quote(fragment)}" if hash else "")


def _relative_path(there: str, here: str) -> str:
    """Return the path from one file of the site to another."""
    # posixpath.relpath would ask the system for the current folder each time.
    to, at = there.split("/"), here.split("/")[:-1]
    shared = len([*takewhile(lambda folders: folders[0] == folders[1], zip(to[:-1], at, strict=False))])
    return "/".join([*[".."] * (len(at) - shared), *to[shared:]])


def _quote_address(address: str) -> str:
    path, hash, fragment = address.partition("#")
    return quote(path) + (f"#{quote(fragment)}" if hash else "")


_SITE_LINK = re.compile(r'(<(?:a|img)\b[^<>]*?\s(?:href|src)=")site:([^"]*)')


def resolve_links(html: str, page: str | None, language: str, site: Site) -> str:
    """Return a post's HTML with its `site:` links made relative to `page`, or absolute if that is None (in feeds).

    Links to posts lead to the page in `language`; images are the same in all.
    """

    def link(match: re.Match[str]) -> str:
        address = match[2]
        if match[1].startswith("<a"):
            address = in_language(address, language, site)
        target = absolute_url(address, site) if page is None else relative_link(address, page)
        return match[1] + target

    return _SITE_LINK.sub(link, html)
