"""Files for the host: HTTP headers for the other files, what crawlers may read, and the security contact.

`header_rules` is the one table of headers. `_headers` is written from it; the configurations of web servers in
docs/hosts/setups are compared with it by the tests, which start those servers. A later rule overrides an earlier one.
"""

import mimetypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from pathlib import PurePosixPath

from statusgen import addresses
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model.contacts import SecurityContact
from statusgen.model.old_addresses import OldAddress
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.outputs.pages import Assets, Page, all_pages, content_security_policy
from statusgen.theme.renderer import Renderer

# Fresh within a minute even with thousands of requests; kept for a day if the host behind a cache is down (RFC 5861).
CACHE_BRIEFLY = "public, max-age=0, s-maxage=30, stale-while-revalidate=30, stale-if-error=86400"
# For a file whose name changes with its content (RFC 8246).
CACHE_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class HeaderRule:
    """Headers of all files whose path, with its leading slash, matches: `*` means any characters, slashes included."""

    pattern: str
    headers: tuple[tuple[str, str], ...]

    def matches(self, path: str) -> bool:
        """Return whether it applies to a path."""
        return self._regex.fullmatch(path) is not None

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(".*".join(re.escape(part) for part in self.pattern.split("*")))


# For files that other pages and their scripts may use: everything is public, and nobody logs in.
_CROSS_ORIGIN_HEADERS = (("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"))
# What pages load, under names that change with the content.
_HASHED_NAMES = ("/script-*.js", "/print-*.css", "/find-*.js")
# The types that hosts do not know, or send without a charset. JSON needs none: it is UTF-8 (RFC 8259, section 11).
_FILE_RULES = (
    HeaderRule("/*.csv", (("Content-Type", "text/csv; charset=utf-8"), *_CROSS_ORIGIN_HEADERS)),
    HeaderRule("/*.ics", (("Content-Type", "text/calendar; charset=utf-8"), *_CROSS_ORIGIN_HEADERS)),
    HeaderRule("/*.json", _CROSS_ORIGIN_HEADERS),
    HeaderRule("/*.opml", (("Content-Type", "text/x-opml; charset=utf-8"), *_CROSS_ORIGIN_HEADERS)),
    HeaderRule("/*.svg", _CROSS_ORIGIN_HEADERS),
    HeaderRule("/*.txt", (("Content-Type", "text/plain; charset=utf-8"), *_CROSS_ORIGIN_HEADERS)),
    HeaderRule("/*.xml", _CROSS_ORIGIN_HEADERS),
    HeaderRule("/embed.js", _CROSS_ORIGIN_HEADERS),
    HeaderRule("/*feed.json", (("Content-Type", "application/feed+json"),)),
    HeaderRule("/*feed.xml", (("Content-Type", "application/rss+xml; charset=utf-8"),)),
    HeaderRule("/*atom.xml", (("Content-Type", "application/atom+xml; charset=utf-8"),)),
    HeaderRule("/history.rss", (*_CROSS_ORIGIN_HEADERS, ("Content-Type", "application/rss+xml; charset=utf-8"))),
    HeaderRule("/history.atom", (*_CROSS_ORIGIN_HEADERS, ("Content-Type", "application/atom+xml; charset=utf-8"))),
    HeaderRule("/alerts/*.xml", (("Content-Type", "application/cap+xml; charset=utf-8"),)),
)

_MEDIA_TYPES = {
    ".html": "text/html",
    ".ics": "text/calendar",
    ".js": "text/javascript",
    ".json": "application/json",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
_FALLBACK_MEDIA_TYPES = mimetypes.MimeTypes()  # Python's own list; that of the system differs from computer to computer

# The most that crawlers accept in one file (sitemaps.org).
_MAX_PAGES, _MAX_BYTES = 50_000, 52_428_800
_SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_URLSET_START = f'<urlset xmlns="{_SITEMAP_NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield `_headers` and `robots.txt`; `security.txt` if there is a contact; sitemaps unless it is a demonstration.

    An expired `security.txt` must not be used anymore (RFC 9116, section 2.5.5), so it is not written. That is no
    reason for another build, so it does not count as the Board's next change: the file itself says when it expires.
    """
    site = board.site
    yield File(addresses.headers(), _headers_file(header_rules(site)).encode())
    yield File(addresses.robots(), _robots_txt(site).encode())
    if site.security and board.moment < site.security.expires.start:
        yield File(addresses.security(), _security_txt(site.security, site).encode())
    if not site.demonstration:
        yield from sitemaps([entry for page in all_pages(board) for entry in _sitemap_entries(page, site)], site)


def header_rules(site: Site) -> tuple[HeaderRule, ...]:
    """Return the headers for each file of the site."""
    everywhere = (
        # Each page has this policy itself, except for who may put it into a frame, which has no effect there.
        ("Content-Security-Policy", f"{page_policy(site)}; frame-ancestors 'none'"),
        ("Strict-Transport-Security", "max-age=31536000"),
        ("Referrer-Policy", "no-referrer"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", CACHE_BRIEFLY),
        *((("X-Robots-Tag", "noindex"),) if site.demonstration else ()),
    )
    return (
        HeaderRule("/*", everywhere),
        *_FILE_RULES,
        *(HeaderRule(pattern, (("Cache-Control", CACHE_FOREVER),)) for pattern in _HASHED_NAMES),
        *(_feed_copy_rule(old) for old in site.was if old.is_feed),
    )


def _feed_copy_rule(old: OldAddress) -> HeaderRule:
    """Return the headers of a feed for its copy at an old address, but for those that it has by its name."""
    by_name = headers_for(old.address, _FILE_RULES)
    wanted = headers_for(old.to, _FILE_RULES)
    return HeaderRule(f"/{old.address}", tuple(each for each in wanted.items() if each not in by_name.items()))


def page_policy(site: Site) -> str:
    """Return a policy with which every page of a site works."""
    return content_security_policy(*Assets(site).styles.values())


def headers_for(path: str, rules: Iterable[HeaderRule]) -> dict[str, str]:
    """Return the headers of one file according to the rules."""
    return {name: value for rule in rules if rule.matches(f"/{path}") for name, value in rule.headers}


def media_type(path: str) -> str:
    """Return the media type of a file by the extension of its name, as hosts are to send it; all text is UTF-8."""
    host_type = headers_for(path, _FILE_RULES).get("Content-Type")
    if host_type:
        return host_type
    suffix = PurePosixPath(path).suffix.lower()
    kind = (
        _MEDIA_TYPES.get(suffix) or _FALLBACK_MEDIA_TYPES.guess_type(f"file{suffix}")[0] or "application/octet-stream"
    )
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _headers_file(rules: Iterable[HeaderRule]) -> str:
    """Return the rules in the format of Netlify and Cloudflare Pages.

    If two rules set the same header, Netlify takes the later one and Cloudflare joins both, unless a line with `!`
    first removes the earlier one. Netlify ignores such lines. If two rules have the same pattern, Cloudflare keeps only
    the second, so no pattern occurs twice here.
    """
    lines: list[str] = []
    earlier: set[str] = set()
    for rule in rules:
        names = {name for name, _ in rule.headers}
        lines.append(rule.pattern)
        lines += [f"  ! {name}" for name in sorted(names & earlier)]
        lines += [f"  {name}: {value}" for name, value in rule.headers]
        earlier |= {name for name in names if rule.pattern == "/*"}
    return "\n".join(lines) + "\n"


def _robots_txt(site: Site) -> str:
    """Allow everything, or nothing of a demonstration. Crawlers look for this file only at the root of a host."""
    if site.demonstration:
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nAllow: /\n\nSitemap: {addresses.absolute_url(addresses.sitemap(), site)}\n"


def _security_txt(security: SecurityContact, site: Site) -> str:
    """Return `security.txt` (RFC 9116). The preferred language is the site's first one."""
    lines = [("Contact", contact) for contact in security.contact]
    lines.append(("Expires", _utc_timestamp(security.expires.start)))
    lines += [("Policy", security.policy)] if security.policy else []
    lines.append(("Preferred-Languages", site.languages[0]))
    lines.append(("Canonical", addresses.absolute_url(addresses.security(), site)))
    return "".join(f"{name}: {value}\n" for name, value in lines)


def sitemaps(
    entries: Iterable[str], site: Site, max_pages: int = _MAX_PAGES, max_bytes: int = _MAX_BYTES
) -> Iterator[File]:
    """Yield one sitemap with all entries, or an index of several if that would be too long or too large."""
    parts: list[list[str]] = [[]]
    empty = size = len(_urlset([]))
    for entry in entries:
        size += len(entry.encode())
        if parts[-1] and (size > max_bytes or len(parts[-1]) == max_pages):
            parts.append([])
            size = empty + len(entry.encode())
        parts[-1].append(entry)
    if len(parts) == 1:
        yield File(addresses.sitemap(), _urlset(parts[0]))
        return
    for number, part in enumerate(parts, 1):
        yield File(addresses.sitemap(number), _urlset(part))
    places = (addresses.absolute_url(addresses.sitemap(number), site) for number, _ in enumerate(parts, 1))
    index_entries = "".join(f"<sitemap><loc>{escape(place)}</loc></sitemap>\n" for place in places)
    yield File(
        addresses.sitemap(), _xml(f'<sitemapindex xmlns="{_SITEMAP_NAMESPACE}">\n{index_entries}</sitemapindex>\n')
    )


def _sitemap_entries(page: Page, site: Site) -> Iterator[str]:
    """Yield a page in each language, each with links to the others. It has a date only if its content has one."""
    if page.address == addresses.NOT_FOUND:
        return
    editions = [
        (code, addresses.absolute_url(addresses.in_language(page.address, code, site), site)) for code in site.languages
    ]
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{escape(code)}" href="{escape(url)}"/>' for code, url in editions
    )
    changed = f"<lastmod>{_w3c_date(page.changed_at, site)}</lastmod>" if page.changed_at else ""
    for _, url in editions:
        yield f"<url><loc>{escape(url)}</loc>{changed}{others if len(editions) > 1 else ''}</url>\n"


def _urlset(entries: Iterable[str]) -> bytes:
    return _xml(f"{_URLSET_START}{''.join(entries)}</urlset>\n")


def _xml(root: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}'.encode()


def _w3c_date(when: When, site: Site) -> str:
    """Return a W3C Datetime: only the day if no more is known."""
    return site.local_day(when.start).isoformat() if when.is_whole_day else _utc_timestamp(when.start)


def _utc_timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
