"""Every form but HTML, read as its readers will read it."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from lxml import etree

from statusgen.audit.characters import find_invisible_characters
from statusgen.audit.links import LinkResolver
from statusgen.audit.pages import check_fragment
from statusgen.audit.result import Fault, FileResult

_XML_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_ATOM_NAMESPACE, _CONTENT_NAMESPACE = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}"
# Where feeds carry HTML; what Atom says of itself is plain text without type="html" (RFC 4287, section 3.1.1).
_HTML_CARRIERS = frozenset(("description", f"{_CONTENT_NAMESPACE}encoded", f"{_ATOM_NAMESPACE}*"))
_HTML_TYPES = ("html", "text/html")
# What runs or loads something wherever XML is shown.
_ACTIVE_NAMES = ("script", "foreignObject", "iframe", "object", "embed", "handler", "listener")
_ACTIVE_TAGS = tuple(f"{{*}}{name}" for name in _ACTIVE_NAMES)
_CSS_LOAD = re.compile(r"@import|url\(\s*['\"]?[^#'\"\s]", re.IGNORECASE)
# A whole address of the site that is all of a text, of an attribute, or of a string.
_OWN_URL_IN_XML, _OWN_URL_IN_JSON = r"[>\"']URL([^<\"'\s]*)[<\"']", r'"URL([^"\\\s]*)"'
_LINK_ATTRIBUTES = ("href", "{http://www.w3.org/1999/xlink}href")
_FORMULA = re.compile("(?:^|;)[ \u200b-\u200f\u2060-\u2064]*[=+@\\-\uff0b\uff0d\uff1d\uff20]")
# What may stand in what (RFC 5545, section 3.6).
_PARENT_COMPONENTS = {"VCALENDAR": "", "VALARM": "VEVENT", "STANDARD": "VTIMEZONE", "DAYLIGHT": "VTIMEZONE"}
_PROPERTY = re.compile(r"[A-Za-z0-9-]+[;:]")
_LINE_PATTERNS = {
    "robots.txt": re.compile(r"|#.*|(User-agent|Allow|Disallow|Sitemap): \S*"),
    "security.txt": re.compile(r"|#.*|[A-Z][A-Za-z-]+: .+"),
    "_headers": re.compile(r"/\S*|  ! [A-Za-z-]+|  [A-Z][A-Za-z-]+: .+"),
}


def check_xml(path: str, content: bytes, url: str) -> FileResult:
    """Feeds, alerts, sitemaps and lists of feeds."""
    if b"<!DOCTYPE" in content or content.count(b"<?") > 1:
        return FileResult((Fault("An instruction stands here by which readers could load something."),))
    root = _parse_xml(content)
    if isinstance(root, Fault):
        return FileResult((root,))
    faults = [
        _fault_at(element, f"<{_local_name(element)}> stands here, which could run.")
        for element in root.iter(*_ACTIVE_TAGS)
    ]
    for element in root.iter(*_HTML_CARRIERS):
        is_html = not str(element.tag).startswith(_ATOM_NAMESPACE) or element.get("type") in _HTML_TYPES
        if is_html and element.text and "<" in element.text:
            faults += [_fault_at(element, what) for what in _check_embedded_html(element.text, url)]
    return FileResult(tuple(faults), _find_own_links(_OWN_URL_IN_XML, content, path, url))


def check_svg(path: str, content: bytes, url: str) -> FileResult:
    """A picture, of the theme or of the city."""
    if b"<!ENTITY" in content or b"<?xml-stylesheet" in content:
        return FileResult((Fault("An instruction stands here by which readers could load something."),))
    root = _parse_xml(content)
    if isinstance(root, Fault):
        return FileResult((root,))
    around = LinkResolver(path, url)
    return FileResult(
        tuple(_fault_at(element, what) for element in root.iter("*") for what in _find_svg_faults(element, around))
    )


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
        yield f"<{name}> stands here, which could run."
    for key, value in element.items():
        if key[:2] == "on":
            yield f'<{name}> has the attribute "{key}", which runs something.'
        elif key in _LINK_ATTRIBUTES:
            if not value.startswith(("#", "data:image/")) and not isinstance(resolver.resolve(value), str):
                yield f'<{name}> leads to "{value[:100]}", which is not of this site.'
        elif _CSS_LOAD.search(value):
            yield f'<{name}> loads "{value[:100]}".'
    if name == "style" and (found := _CSS_LOAD.search(element.text or "")):
        yield f'The style has "{found[0]}", which loads something.'


@cache
def _own_url_pattern(form: str, url: str) -> re.Pattern[bytes]:
    return re.compile(form.replace("URL", re.escape(url)).encode())


def _find_own_links(form: str, content: bytes, path: str, url: str) -> tuple[str, ...]:
    """The files that the whole addresses in data lead to; that of the site itself is one."""
    around = LinkResolver(path, url)
    found = (
        around.resolve(url + address.decode())
        for address in dict.fromkeys(_own_url_pattern(form, url).findall(content))
    )
    return tuple(target for target in found if isinstance(target, str))


@cache
def _embedded_html_cache(_url: str) -> dict[int, tuple[str, ...]]:
    """What was wrong with pieces of HTML seen before: feeds say the same again and again."""
    return {}


def _check_embedded_html(html: str, url: str) -> tuple[str, ...]:
    known, key = _embedded_html_cache(url), hash(html)
    if key not in known:
        known[key] = tuple(fault.what for fault in check_fragment(html, url).faults)
    return known[key]


def check_json(path: str, content: bytes, url: str) -> FileResult:
    """JSON (RFC 8259), and the HTML in it."""
    faults: list[Fault] = []
    lists_services = path.rpartition("/")[2] == "status.json" and path.count("/") < 2

    def html_in(found: list[tuple[str, Any]]) -> dict[str, Any] | None:
        for key, html in found:
            if key in ("html", "content_html") and isinstance(html, str) and "<" in html:
                faults.extend(Fault(what) for what in _check_embedded_html(html, url))
        return dict(found) if lists_services else None  # a history of many years is too long to hold all of it

    try:
        value = json.loads(content, parse_constant=_refuse, object_pairs_hook=html_in)
    except (ValueError, RecursionError) as error:
        return FileResult((Fault(f"This is not JSON: {error}."),))
    standings = _find_statuses(value) if lists_services and isinstance(value, dict) else ()
    return FileResult(tuple(faults), _find_own_links(_OWN_URL_IN_JSON, content, path, url), statuses=standings)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number that JSON knows")


def _find_statuses(value: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """How `status.json` says that each service stands."""
    return tuple((each["id"], each["status"]) for each in value.get("services", ()))


def check_calendar(_path: str, content: bytes, _url: str) -> FileResult:
    """iCalendar (RFC 5545): lines that end alike, and parts that begin and end in each other."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    inside = [""]
    for number, line in enumerate(lines[:-1], 1):
        kind, _, name = line.partition(":")
        if not _PROPERTY.match(line) or "\n" in line or "\r" in line:
            return FileResult((Fault("This is no property of a calendar.", number),))
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
    """CSV (RFC 4180): rows of one length, and no cell that a spreadsheet would run."""
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
    """Plain text; where programs read it, line by line."""
    line = _LINE_PATTERNS.get(path.rpartition("/")[2])
    for number, words in enumerate(content.decode().split("\n") if line else (), 1):
        if line and not line.fullmatch(words) and words:
            return FileResult((Fault(f'"{words[:80]}" is no line that programs know here.', number),))
    return FileResult()


def check_script(_path: str, content: bytes, _url: str) -> FileResult:
    """Only the theme's own scripts, byte for byte."""
    own = Path(__file__).parent.parent / "theme" / "static"
    is_ours = any(content == file.read_bytes() for file in own.glob("*.js"))
    return FileResult() if is_ours else FileResult((Fault("This is no script of statusgen's."),))


def with_character_check(
    checker: Callable[[str, bytes, str], FileResult], **options: Any
) -> Callable[[str, bytes, str], FileResult]:
    """A reader that first looks for characters that nobody sees; `ways` are those of `unseen`."""

    def check(path: str, content: bytes, url: str) -> FileResult:
        faults = tuple(find_invisible_characters(content, **options))
        return FileResult(faults) if faults else checker(path, content, url)

    return check
