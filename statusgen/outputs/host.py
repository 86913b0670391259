"""Files for the host: with which headers to send the others, what crawlers may read, whom to tell of a hole.

`rules` is the one table of headers. `_headers` is written from it; the set-ups for web servers in docs/hosting.md
are held to it by the tests, which start those servers. A later rule wins over an earlier one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from statusgen import addresses
from statusgen.files import File
from statusgen.model import Security, Site, When
from statusgen.outputs.pages import Assets, Page, every_page, policy
from statusgen.status.standing import Board
from statusgen.theme.look import Look

# Fresh within a minute, also where thousands ask at once; for a day where the host behind a cache is gone (RFC 5861).
FRESH = "public, max-age=0, s-maxage=30, stale-while-revalidate=30, stale-if-error=86400"
# For a file whose name changes with its content (RFC 8246).
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Rule:
    """Headers of all files whose path, with its leading slash, fits: `*` stands for any characters, slashes too."""

    pattern: str
    headers: tuple[tuple[str, str], ...]

    def fits(self, path: str) -> bool:
        """Whether it holds for a path."""
        parts = (re.escape(part) for part in self.pattern.split("*"))
        return re.fullmatch(".*".join(parts), path) is not None


# For what other pages, and programs in them, may use: all of it is public, and nobody logs in.
_SHARED = (("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"))
# With the types that hosts do not know, or send without a charset. JSON has none: it is UTF-8 (RFC 8259, section 11).
_FILES = (
    Rule("/*.csv", (("Content-Type", "text/csv; charset=utf-8"), *_SHARED)),
    Rule("/*.ics", (("Content-Type", "text/calendar; charset=utf-8"), *_SHARED)),
    Rule("/*.json", _SHARED),
    Rule("/*.opml", (("Content-Type", "text/x-opml; charset=utf-8"), *_SHARED)),
    Rule("/*.svg", _SHARED),
    Rule("/*.txt", (("Content-Type", "text/plain; charset=utf-8"), *_SHARED)),
    Rule("/*.xml", _SHARED),
    Rule("/embed.js", _SHARED),
    Rule("/*feed.json", (("Content-Type", "application/feed+json"),)),
    Rule("/*feed.xml", (("Content-Type", "application/rss+xml; charset=utf-8"),)),
    Rule("/*atom.xml", (("Content-Type", "application/atom+xml; charset=utf-8"),)),
    Rule("/alerts/*.xml", (("Content-Type", "application/cap+xml; charset=utf-8"),)),
)

# What crawlers take in one file (sitemaps.org).
_MOST_PAGES, _MOST_BYTES = 50_000, 52_428_800
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENING = f'<urlset xmlns="{_SITEMAP}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """`_headers` and `robots.txt`; `security.txt` where there is somebody to tell; sitemaps but for demonstrations.

    A `security.txt` whose end has come must not be used any more (RFC 9116, section 2.5.5), so it is not written. The
    Board's next change does not wait for that: readers see by the file itself when it has run out.
    """
    site = board.site
    yield File(addresses.headers(), _headers_file(rules(site)).encode())
    yield File(addresses.robots(), _robots(site).encode())
    if site.security and board.moment < site.security.expires.start:
        yield File(addresses.security(), _security(site.security, site).encode())
    if not site.demonstration:
        yield from sitemaps([entry for page in every_page(board) for entry in _entries(page, site)], site)


def rules(site: Site) -> tuple[Rule, ...]:
    """With which headers each file of the site is sent."""
    assets = Assets(site)
    everywhere = (
        # A page says all of this itself but for who may put it into a frame, which has no effect there.
        ("Content-Security-Policy", f"{policy(assets.plain, assets.with_pictures)}; frame-ancestors 'none'"),
        ("Strict-Transport-Security", "max-age=31536000"),
        ("Referrer-Policy", "no-referrer"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", FRESH),
        *((("X-Robots-Tag", "noindex"),) if site.demonstration else ()),
    )
    return (Rule("/*", everywhere), *_FILES, Rule(f"/{assets.script_address}", (("Cache-Control", FOR_EVER),)))


def headers(path: str, table: Iterable[Rule]) -> dict[str, str]:
    """What the rules say of one file."""
    return {name: value for rule in table if rule.fits(f"/{path}") for name, value in rule.headers}


def content_type(path: str) -> str | None:
    """The media type of a file where hosts must be told it."""
    return headers(path, _FILES).get("Content-Type")


def _headers_file(table: Iterable[Rule]) -> str:
    """The rules as Netlify and Cloudflare Pages read them.

    Where two rules set one header, Netlify takes the later and Cloudflare joins both, unless a line with `!` first
    takes the earlier away. Netlify passes over such lines. Of two rules for one pattern, Cloudflare keeps the second
    alone, so no pattern stands here twice.
    """
    lines: list[str] = []
    known: set[str] = set()
    for rule in table:
        names = {name for name, _ in rule.headers}
        lines.append(rule.pattern)
        lines += [f"  ! {name}" for name in sorted(names & known)]
        lines += [f"  {name}: {value}" for name, value in rule.headers]
        known |= {name for name in names if rule.pattern == "/*"}
    return "\n".join(lines) + "\n"


def _robots(site: Site) -> str:
    """All may be read; of a demonstration, nothing. Crawlers look for it at the root of a host alone."""
    if site.demonstration:
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nAllow: /\n\nSitemap: {addresses.absolute(addresses.sitemap(), site)}\n"


def _security(security: Security, site: Site) -> str:
    """`security.txt` (RFC 9116). The language preferred is the one that the city writes in first."""
    lines = [("Contact", contact) for contact in security.contact]
    lines.append(("Expires", _moment(security.expires.start)))
    lines += [("Policy", security.policy)] if security.policy else []
    lines.append(("Preferred-Languages", site.languages[0]))
    lines.append(("Canonical", addresses.absolute(addresses.security(), site)))
    return "".join(f"{name}: {value}\n" for name, value in lines)


def sitemaps(
    entries: Iterable[str], site: Site, most_pages: int = _MOST_PAGES, most_bytes: int = _MOST_BYTES
) -> Iterator[File]:
    """The entries in one sitemap; in several, with an index of them, where that would have too many or be too large."""
    parts: list[list[str]] = [[]]
    empty = size = len(_urlset([]))
    for entry in entries:
        size += len(entry.encode())
        if parts[-1] and (size > most_bytes or len(parts[-1]) == most_pages):
            parts.append([])
            size = empty + len(entry.encode())
        parts[-1].append(entry)
    if len(parts) == 1:
        yield File(addresses.sitemap(), _urlset(parts[0]))
        return
    for number, part in enumerate(parts, 1):
        yield File(addresses.sitemap(number), _urlset(part))
    places = (addresses.absolute(addresses.sitemap(number), site) for number, _ in enumerate(parts, 1))
    listed = "".join(f"<sitemap><loc>{escape(place)}</loc></sitemap>\n" for place in places)
    yield File(addresses.sitemap(), _xml(f'<sitemapindex xmlns="{_SITEMAP}">\n{listed}</sitemapindex>\n'))


def _entries(page: Page, site: Site) -> Iterator[str]:
    """A page in each language, with the others beside it. It has a date only where somebody wrote one down."""
    if page.address == addresses.NOT_FOUND:
        return
    editions = [
        (code, addresses.absolute(addresses.in_language(page.address, code, site), site)) for code in site.languages
    ]
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{escape(code)}" href="{escape(url)}"/>' for code, url in editions
    )
    changed = f"<lastmod>{_when(page.changed, site)}</lastmod>" if page.changed else ""
    for _, url in editions:
        yield f"<url><loc>{escape(url)}</loc>{changed}{others if len(editions) > 1 else ''}</url>\n"


def _urlset(entries: Iterable[str]) -> bytes:
    return _xml(f"{_OPENING}{''.join(entries)}</urlset>\n")


def _xml(root: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}'.encode()


def _when(when: When, site: Site) -> str:
    """A W3C Datetime: the day alone where no more is known."""
    return site.local_day(when.start).isoformat() if when.whole_day else _moment(when.start)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
