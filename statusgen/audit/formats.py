"""Checkers for every format except HTML; each reads a file as its readers will."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NoReturn

from lxml import etree

from statusgen.audit.characters import find_invisible_characters
from statusgen.audit.drawings import ANIMATION_TAGS, find_animation_fault, find_css_load, find_note
from statusgen.audit.links import LinkResolver
from statusgen.audit.pages import check_fragment
from statusgen.audit.result import Fault, FileResult
from statusgen.theme import marks

_XML_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_ATOM_NAMESPACE, _CONTENT_NAMESPACE = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}"
# Elements of feeds that contain HTML; those of Atom are plain text without type="html" (RFC 4287, section 3.1.1).
_HTML_CARRIERS = frozenset(("description", f"{_CONTENT_NAMESPACE}encoded", f"{_ATOM_NAMESPACE}*"))
_HTML_TYPES = ("html", "text/html")
# Elements that run or load something wherever XML is shown.
_ACTIVE_NAMES = ("script", "foreignObject", "iframe", "object", "embed", "handler", "listener")
_ACTIVE_TAGS = tuple(f"{{*}}{name}" for name in _ACTIVE_NAMES)
# A full URL of the site that makes up all of a text, an attribute, or a string.
_OWN_URL_IN_XML, _OWN_URL_IN_JSON = r"[>\"']URL([^<\"'\s]*)[<\"']", r'"URL([^"\\\s]*)"'
_LINK_ATTRIBUTES = ("href", "{http://www.w3.org/1999/xlink}href")
_FORMULA = re.compile("(?:^|;)[ \u200b-\u200f\u2060-\u2064]*[=+@\\-\uff0b\uff0d\uff1d\uff20]")
# Which component may be inside which (RFC 5545, section 3.6).
_PARENT_COMPONENTS = {"VCALENDAR": "", "VALARM": "VEVENT", "STANDARD": "VTIMEZONE", "DAYLIGHT": "VTIMEZONE"}
_PROPERTY = re.compile(r"[A-Za-z0-9-]+[;:]")
_LINE_PATTERNS = {
    "robots.txt": re.compile(r"|#.*|(User-agent|Allow|Disallow|Sitemap): \S*"),
    "security.txt": re.compile(r"|#.*|[A-Z][A-Za-z-]+: .+"),
    "_redirects": re.compile(r"/\S+ /\S* 301!?"),
    "_headers": re.compile(r"/\S*|  ! [A-Za-z-]+|  [A-Z][A-Za-z-]+: .+"),
}


def check_xml(path: str, content: bytes, url: str) -> FileResult:
    """Check feeds, alerts, sitemaps and lists of feeds."""
    if b"<!DOCTYPE" in content or content.count(b"<?") > 1:
        return FileResult((Fault("There is an instruction here that could make programs load something."),))
    root = _parse_xml(content)
    if isinstance(root, Fault):
        return FileResult((root,))
    faults = [
        _fault_at(element, f"There is a <{_local_name(element)}> here, which could run.")
        for element in root.iter(*_ACTIVE_TAGS)
    ]
    for element in root.iter(*_HTML_CARRIERS):
        is_html = not str(element.tag).startswith(_ATOM_NAMESPACE) or element.get("type") in _HTML_TYPES
        if is_html and element.text and "<" in element.text:
            faults += [_fault_at(element, what) for what in _check_embedded_html(element.text, url)]
    return FileResult(tuple(faults), _find_own_links(_OWN_URL_IN_XML, content, path, url))


def check_svg(path: str, content: bytes, url: str) -> FileResult:
    """Check an image of the theme or of the city."""
    if b"<!ENTITY" in content or b"<?xml-stylesheet" in content:
        return FileResult((Fault("There is an instruction here that could make programs load something."),))
    root = _parse_xml(content)
    if isinstance(root, Fault):
        return FileResult((root,))
    resolver = LinkResolver(path, url)
    # Comments may stand before the drawing and behind it, too.
    outside = (*root.itersiblings(preceding=True), *root.itersiblings())
    notes = (_fault_at(node, what) for node in (*outside, *root.iter()) if (what := find_note(node)))
    faults = (_fault_at(element, what) for element in root.iter("*") for what in _find_svg_faults(element, resolver))
    return FileResult((*faults, *notes))


def _parse_xml(content: bytes) -> etree._Element | Fault:
    try:
        return etree.fromstring(content, _XML_PARSER)
    except etree.XMLSyntaxError as error:
        return Fault(f"This is not well-formed XML: {error.msg}.", error.lineno or 1)


def _fault_at(element: etree._Element, what: str) -> Fault:
    return Fault(what, element.sourceline or 1)


def _local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _find_svg_faults(element: etree._Element, resolver: LinkResolver) -> Iterator[str]:
    name = _local_name(element)
    if name in _ACTIVE_NAMES:
        yield f"There is a <{name}> here, which could run."
    for key, value in element.items():
        if key[:2] == "on":
            yield f'<{name}> has the attribute "{key}", which runs something.'
        elif key in _LINK_ATTRIBUTES:
            if not value.startswith(("#", "data:image/")) and not isinstance(resolver.resolve(value), str):
                yield f'<{name}> leads to "{value[:100]}", which is not part of this site.'
        elif find_css_load(value):
            yield f'<{name}> loads "{value[:100]}".'
    if name.lower() in ANIMATION_TAGS and (what := find_animation_fault(element)):
        yield what
    if name == "style" and (found := find_css_load("".join(element.itertext()))):
        yield f'The style has "{found}", which loads something.'


@cache
def _own_url_pattern(form: str, url: str) -> re.Pattern[bytes]:
    return re.compile(form.replace("URL", re.escape(url)).encode())


def _find_own_links(form: str, content: bytes, path: str, url: str) -> tuple[str, ...]:
    """Return the files that full URLs of the site lead to; the URL of the site itself leads to one, too."""
    resolver = LinkResolver(path, url)
    found = (
        resolver.resolve(url + address.decode())
        for address in dict.fromkeys(_own_url_pattern(form, url).findall(content))
    )
    return tuple(target for target in found if isinstance(target, str))


@cache
def _embedded_html_cache(_url: str) -> dict[int, tuple[str, ...]]:
    """Return the faults of pieces of HTML that were checked before: feeds repeat them many times."""
    return {}


def _check_embedded_html(html: str, url: str) -> tuple[str, ...]:
    known, key = _embedded_html_cache(url), hash(html)
    if key not in known:
        known[key] = tuple(fault.what for fault in check_fragment(html, url).faults)
    return known[key]


def check_json(path: str, content: bytes, url: str) -> FileResult:
    """Check JSON (RFC 8259), and the HTML in it."""
    faults: list[Fault] = []
    lists_services = path.rpartition("/")[2] == "status.json" and path.count("/") < 2

    def check_object(pairs: list[tuple[str, object]]) -> dict[str, object] | None:
        for key, html in pairs:
            if key in ("html", "content_html") and isinstance(html, str) and "<" in html:
                faults.extend(Fault(what) for what in _check_embedded_html(html, url))
        return dict(pairs) if lists_services else None  # a history of many years would take too much memory

    try:
        value = json.loads(content, parse_constant=_refuse, object_pairs_hook=check_object)
    except (ValueError, RecursionError) as error:
        return FileResult((Fault(f"This is not JSON: {error}."),))
    statuses = tuple(_find_statuses(value.get("services"))) if lists_services and isinstance(value, dict) else ()
    return FileResult(tuple(faults), _find_own_links(_OWN_URL_IN_JSON, content, path, url), statuses=statuses)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number in JSON")


def _find_statuses(services: object) -> Iterator[tuple[str, str]]:
    """Yield the status that `status.json` has for each service."""
    for service in services if isinstance(services, list) else ():
        yield service["id"], service["status"]


def check_calendar(_path: str, content: bytes, _url: str) -> FileResult:
    """Check iCalendar (RFC 5545): all lines end alike, and components are nested properly."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    inside = [""]
    for number, line in enumerate(lines[:-1], 1):
        kind, _, name = line.partition(":")
        if not _PROPERTY.match(line) or "\n" in line or "\r" in line:
            return FileResult((Fault("This is not a property of a calendar.", number),))
        if kind == "BEGIN":
            if inside[-1] != _PARENT_COMPONENTS.get(name, "VCALENDAR"):
                return FileResult((Fault(f"{name[:50]} begins where it cannot.", number),))
            inside.append(name)
        elif kind == "END" and inside.pop() != name:
            return FileResult((Fault(f"{name[:50]} ends where it has not begun.", number),))
        elif inside == [""] and number < len(lines) - 1:
            return FileResult((Fault("The calendar ends before its last line.", number),))
    is_whole = inside == [""] and len(lines) > 2 and not lines[-1]
    return FileResult() if is_whole else FileResult((Fault("The calendar has no end.", len(lines)),))


def check_csv(_path: str, content: bytes, _url: str) -> FileResult:
    """Check CSV (RFC 4180): all rows have one length, and no cell is a formula to a spreadsheet."""
    text = content.decode("utf-8-sig")
    width = None
    try:
        for number, row in enumerate(csv.reader(text.split("\r\n")[:-1], strict=True), 1):
            width = width or len(row)
            if len(row) != width:
                return FileResult((Fault(f"This row has {len(row)} cells, and the first one {width}.", number),))
            if formula := next((cell for cell in row if _FORMULA.search(cell)), None):
                return FileResult((Fault(f'A spreadsheet would take "{formula[:50]}" for a formula.', number),))
    except csv.Error as error:
        return FileResult((Fault(f"This is not CSV: {error}."),))
    return FileResult()


def check_text(path: str, content: bytes, _url: str) -> FileResult:
    """Check plain text, line by line if programs read it."""
    pattern = _LINE_PATTERNS.get(path.rpartition("/")[2])
    for number, line in enumerate(content.decode().split("\n") if pattern else (), 1):
        if pattern and not pattern.fullmatch(line) and line:
            return FileResult((Fault(f'"{line[:80]}" is not a line that programs understand here.', number),))
    return FileResult()


def check_script(_path: str, content: bytes, _url: str) -> FileResult:
    """Check that a script is one of the theme's own, byte for byte, or the finder's index, which is JSON."""
    start, end = marks.FINDER_INDEX_START.encode(), marks.FINDER_INDEX_END.encode()
    if content.startswith(start) and content.endswith(end):
        try:
            json.loads(content[len(start) : -len(end)], parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            return FileResult((Fault(f"The finder's index is not JSON: {error}."),))
        return FileResult()
    own = Path(__file__).parent.parent / "theme" / "static"
    is_own = any(content == file.read_bytes() for file in own.glob("*.js"))
    return FileResult() if is_own else FileResult((Fault("This is not a script of statusgen."),))


def check_style_sheet(_path: str, content: bytes, _url: str) -> FileResult:
    """Check that a style sheet is one of the theme's own, byte for byte."""
    own = Path(__file__).parent.parent / "theme" / "static"
    is_own = any(content == file.read_bytes() for file in own.glob("*.css"))
    return FileResult() if is_own else FileResult((Fault("This is not a style sheet of statusgen."),))


def with_character_check(
    checker: Callable[[str, bytes, str], FileResult],
    *,
    line_ends: bytes = b"",
    allow_bom: bool = False,
    references: bool = False,
    escapes: bool = False,
) -> Callable[[str, bytes, str], FileResult]:
    """Return a checker that first looks for invisible characters; the options are those of that search."""

    def check(path: str, content: bytes, url: str) -> FileResult:
        faults = tuple(
            find_invisible_characters(
                content, line_ends=line_ends, allow_bom=allow_bom, references=references, escapes=escapes
            )
        )
        return FileResult(faults) if faults else checker(path, content, url)

    return check
