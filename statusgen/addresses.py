"""Every address of the site, one function each.

An address is a path from the root of the site, without a leading slash; one that ends with a slash (or is
empty) is a page. Pages link to each other relatively and to whole file names, so that the site works from
any host, below any path, and straight from a folder (file://).
"""

import re
from itertools import takewhile
from urllib.parse import quote

from statusgen.model import Site

NOT_FOUND = "404.html"


def front() -> str:
    """The front page."""
    return ""


def service(id: str) -> str:
    """A service's page."""
    return f"services/{id}/"


def incident(id: str) -> str:
    """The page of an incident, of planned work or of a notice."""
    return f"incidents/{id}/"


def update(incident_id: str, update_id: str) -> str:
    """One update on its incident's page."""
    return f"{incident(incident_id)}#{anchor(update_id)}"


def anchor(update_id: str) -> str:
    """The id of an update on a page."""
    return f"update-{update_id}"


def planned_work() -> str:
    """The page of planned work."""
    return "planned/"


def deadlines() -> str:
    """The page of deadlines and waivers."""
    return "deadlines/"


def archive(year: int | None = None, month: int | None = None) -> str:
    """The archive, or a year or a month of it."""
    return "archive/" + (f"{year:04d}/" if year else "") + (f"{month:02d}/" if month else "")


def statements() -> str:
    """What officials said."""
    return "statements/"


def about() -> str:
    """What each status means, and how the site is made."""
    return "about/"


def call_sheet() -> str:
    """One line for each service, for those who answer the phone."""
    return "call-sheet/"


def poster() -> str:
    """One sheet to print and hang up."""
    return "poster/"


def icon() -> str:
    """The small picture that browsers show beside a page's title."""
    return "icon.svg"


def plain_text() -> str:
    """The front page as plain text."""
    return "status.txt"


def rss(of: str = "") -> str:
    """The RSS feed that belongs to the page `of`."""
    return f"{of}feed.xml"


def atom(of: str = "") -> str:
    """The Atom feed that belongs to the page `of`."""
    return f"{of}atom.xml"


def json_feed(of: str = "") -> str:
    """The JSON Feed that belongs to the page `of`."""
    return f"{of}feed.json"


def group(id: str) -> str:
    """Where what belongs to a group is: its feeds, for it has no page of its own."""
    return f"groups/{id}/"


def subscribe() -> str:
    """The page of everything that one can subscribe to, print, or read by machine."""
    return "subscribe/"


def feed_list() -> str:
    """The list of all feeds (OPML)."""
    return "feeds.opml"


def calendar(of: str = "") -> str:
    """The calendar that belongs to the page `of`."""
    return f"{of}calendar.ics"


def short_text(of: str = "") -> str:
    """The page `of` in a text message."""
    return f"{of}sms.txt"


def status_data() -> str:
    """Every fact of the Board, for programs."""
    return "status.json"


def incident_data(id: str) -> str:
    """An incident with all its updates, for programs."""
    return f"{incident(id)}incident.json"


def history_data() -> str:
    """How each service stood over time, for programs."""
    return "history.json"


def services_table() -> str:
    """One line for each service, for spreadsheets."""
    return "services.csv"


def schema(name: str, version: int) -> str:
    """The JSON Schema of a kind of data: "status", "incident", "history", "manifest"."""
    return f"schema/v{version}/{name}.json"


def manifest() -> str:
    """The list of all files, with the SHA-256 of each."""
    return "manifest.json"


def statuspage(name: str) -> str:
    """A document of the Statuspage API, version 2: "summary", "incidents/unresolved" and so on."""
    return f"api/v2/{name}.json"


def badge(of: str = "") -> str:
    """The small picture that tells how the site, or the service of the page `of`, stands."""
    return f"{of}badge.svg"


def badge_data(of: str = "") -> str:
    """The same, for shields.io to draw."""
    return f"{of}badge.json"


def embed() -> str:
    """The script that shows the state of services on other pages of the city."""
    return "embed.js"


def alerts() -> str:
    """The list of all alerts."""
    return "alerts.xml"


def alert(incident_id: str, update_id: str) -> str:
    """One alert in the Common Alerting Protocol."""
    return f"alerts/{incident_id}/{update_id}.xml"


def robots() -> str:
    """What crawlers may read (RFC 9309)."""
    return "robots.txt"


def sitemap(part: int | None = None) -> str:
    """The list of all pages, or a part of a long one."""
    return f"sitemap-{part}.xml" if part else "sitemap.xml"


def security() -> str:
    """Whom to tell of a hole in the site (RFC 9116)."""
    return ".well-known/security.txt"


def headers() -> str:
    """The headers with which Netlify and Cloudflare Pages send the files."""
    return "_headers"


def in_language(address: str, language: str, site: Site) -> str:
    """The same page in another language; the first language has no prefix."""
    return address if language == site.languages[0] else f"{language}/{address}"


def file_path(address: str) -> str:
    """The file that a web server sends for an address."""
    path = address.partition("#")[0]
    return f"{path}index.html" if not path or path.endswith("/") else path


def absolute_url(address: str, site: Site) -> str:
    """The whole URL of an address, for feeds and for whoever reads it elsewhere."""
    return site.url + _quote_address(address)


def relative_link(address: str, page: str) -> str:
    """The link to `address` from the page at `page`."""
    path, hash, fragment = address.partition("#")
    if hash and path == page:
        return f"#{quote(fragment)}"
    return quote(_relative_path(file_path(path), file_path(page))) + (f"#{quote(fragment)}" if hash else "")


def _relative_path(there: str, here: str) -> str:
    """The way from one file of the site to another. (`posixpath.relpath` asks for the folder that we are in.)"""
    to, at = there.split("/"), here.split("/")[:-1]
    shared = len([*takewhile(lambda folders: folders[0] == folders[1], zip(to[:-1], at, strict=False))])
    return "/".join([*[".."] * (len(at) - shared), *to[shared:]])


def _quote_address(address: str) -> str:
    path, hash, fragment = address.partition("#")
    return quote(path) + (f"#{quote(fragment)}" if hash else "")


_SITE_LINK = re.compile(r'(<(?:a|img)\b[^<>]*?\s(?:href|src)=")site:([^"]*)')


def resolve_links(html: str, page: str | None, language: str, site: Site) -> str:
    """Make the `site:` links of a post's HTML relative to `page`, or whole where there is none (in feeds).

    Links to posts go to the page in `language`; pictures are the same in all.
    """

    def link(match: re.Match[str]) -> str:
        address = match[2]
        if match[1].startswith("<a"):
            address = in_language(address, language, site)
        target = absolute_url(address, site) if page is None else relative_link(address, page)
        return match[1] + target

    return _SITE_LINK.sub(link, html)
