"""Every form but HTML, read as its readers will read it."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from lxml import etree

from statusgen.inspecting.characters import unseen
from statusgen.inspecting.facts import Facts, Fault
from statusgen.inspecting.links import Links
from statusgen.inspecting.pages import fragment

_XML = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_ATOM, _CONTENT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}"
# Where feeds carry HTML; what Atom says of itself is plain text without type="html" (RFC 4287, section 3.1.1).
_CARRIES = frozenset(("description", f"{_CONTENT}encoded", f"{_ATOM}*"))
_HTML = ("html", "text/html")
# What runs or loads something wherever XML is shown.
_RUNS = ("script", "foreignObject", "iframe", "object", "embed", "handler", "listener")
_ACTIVE = tuple(f"{{*}}{name}" for name in _RUNS)
_LOADS = re.compile(r"@import|url\(\s*['\"]?[^#'\"\s]", re.IGNORECASE)
# A whole address of the site that is all of a text, of an attribute, or of a string.
_OWN_XML, _OWN_JSON = r"[>\"']URL([^<\"'\s]*)[<\"']", r'"URL([^"\\\s]*)"'
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")
_FORMULA = re.compile("(?:^|;)[ \u200b-\u200f\u2060-\u2064]*[=+@\\-\uff0b\uff0d\uff1d\uff20]")
# What may stand in what (RFC 5545, section 3.6).
_WITHIN = {"VCALENDAR": "", "VALARM": "VEVENT", "STANDARD": "VTIMEZONE", "DAYLIGHT": "VTIMEZONE"}
_PROPERTY = re.compile(r"[A-Za-z0-9-]+[;:]")
_LINES = {
    "robots.txt": re.compile(r"|#.*|(User-agent|Allow|Disallow|Sitemap): \S*"),
    "security.txt": re.compile(r"|#.*|[A-Z][A-Za-z-]+: .+"),
    "_headers": re.compile(r"/\S*|  ! [A-Za-z-]+|  [A-Z][A-Za-z-]+: .+"),
}


def xml(path: str, content: bytes, url: str) -> Facts:
    """Feeds, alerts, sitemaps and lists of feeds."""
    if b"<!DOCTYPE" in content or content.count(b"<?") > 1:
        return Facts((Fault("An instruction stands here by which readers could load something."),))
    root = _tree(content)
    if isinstance(root, Fault):
        return Facts((root,))
    faults = [_at(element, f"<{_local(element)}> stands here, which could run.") for element in root.iter(*_ACTIVE)]
    for element in root.iter(*_CARRIES):
        is_html = not str(element.tag).startswith(_ATOM) or element.get("type") in _HTML
        if is_html and element.text and "<" in element.text:
            faults += [_at(element, what) for what in _carried(element.text, url)]
    return Facts(tuple(faults), _own_links(_OWN_XML, content, path, url))


def svg(path: str, content: bytes, url: str) -> Facts:
    """A picture, of the theme or of the city."""
    if b"<!ENTITY" in content or b"<?xml-stylesheet" in content:
        return Facts((Fault("An instruction stands here by which readers could load something."),))
    root = _tree(content)
    if isinstance(root, Fault):
        return Facts((root,))
    around = Links(path, url)
    return Facts(tuple(_at(element, what) for element in root.iter("*") for what in _drawn(element, around)))


def _tree(content: bytes) -> etree._Element | Fault:
    try:
        return etree.fromstring(content, _XML)
    except etree.XMLSyntaxError as error:
        return Fault(f"This is not well-formed XML: {error.msg}.", error.lineno or 1)


def _at(element: etree._Element, what: str) -> Fault:
    return Fault(what, element.sourceline or 1)


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _drawn(element: etree._Element, around: Links) -> Iterator[str]:
    name = _local(element)
    if name in _RUNS:
        yield f"<{name}> stands here, which could run."
    for key, value in element.items():
        if key[:2] == "on":
            yield f'<{name}> has the attribute "{key}", which runs something.'
        elif key in _HREF:
            if not value.startswith(("#", "data:image/")) and not isinstance(around.leads(value), str):
                yield f'<{name}> leads to "{value[:100]}", which is not of this site.'
        elif _LOADS.search(value):
            yield f'<{name}> loads "{value[:100]}".'
    if name == "style" and (found := _LOADS.search(element.text or "")):
        yield f'The style has "{found[0]}", which loads something.'


@cache
def _pattern(form: str, url: str) -> re.Pattern[bytes]:
    return re.compile(form.replace("URL", re.escape(url)).encode())


def _own_links(form: str, content: bytes, path: str, url: str) -> tuple[str, ...]:
    """The files that the whole addresses in data lead to; that of the site itself is one."""
    around = Links(path, url)
    found = (around.leads(url + address.decode()) for address in dict.fromkeys(_pattern(form, url).findall(content)))
    return tuple(target for target in found if isinstance(target, str))


@cache
def _known(_url: str) -> dict[int, tuple[str, ...]]:
    """What was wrong with pieces of HTML seen before: feeds say the same again and again."""
    return {}


def _carried(html: str, url: str) -> tuple[str, ...]:
    known, key = _known(url), hash(html)
    if key not in known:
        known[key] = tuple(fault.what for fault in fragment(html, url).faults)
    return known[key]


def data(path: str, content: bytes, url: str) -> Facts:
    """JSON (RFC 8259), and the HTML in it."""
    faults: list[Fault] = []
    lists_services = path.rpartition("/")[2] == "status.json" and path.count("/") < 2

    def html_in(found: list[tuple[str, Any]]) -> dict[str, Any] | None:
        for key, html in found:
            if key in ("html", "content_html") and isinstance(html, str) and "<" in html:
                faults.extend(Fault(what) for what in _carried(html, url))
        return dict(found) if lists_services else None  # a history of many years is too long to hold all of it

    try:
        value = json.loads(content, parse_constant=_refuse, object_pairs_hook=html_in)
    except (ValueError, RecursionError) as error:
        return Facts((Fault(f"This is not JSON: {error}."),))
    standings = _standings(value) if lists_services and isinstance(value, dict) else ()
    return Facts(tuple(faults), _own_links(_OWN_JSON, content, path, url), standings=standings)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number that JSON knows")


def _standings(value: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """How `status.json` says that each service stands."""
    return tuple((each["id"], each["status"]) for each in value.get("services", ()))


def calendar(_path: str, content: bytes, _url: str) -> Facts:
    """iCalendar (RFC 5545): lines that end alike, and parts that begin and end in each other."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    inside = [""]
    for number, line in enumerate(lines[:-1], 1):
        kind, _, name = line.partition(":")
        if not _PROPERTY.match(line) or "\n" in line or "\r" in line:
            return Facts((Fault("This is no property of a calendar.", number),))
        if kind == "BEGIN":
            if inside[-1] != _WITHIN.get(name, "VCALENDAR"):
                return Facts((Fault(f"{name[:50]} begins where it cannot.", number),))
            inside.append(name)
        elif kind == "END" and inside.pop() != name:
            return Facts((Fault(f"{name[:50]} ends where it has not begun.", number),))
        elif inside == [""] and number < len(lines) - 1:
            return Facts((Fault("The calendar ends before its last line.", number),))
    is_whole = inside == [""] and len(lines) > 2 and not lines[-1]
    return Facts() if is_whole else Facts((Fault("The calendar has no end.", len(lines)),))


def table(_path: str, content: bytes, _url: str) -> Facts:
    """CSV (RFC 4180): rows of one length, and no cell that a spreadsheet would run."""
    text = content.decode("utf-8-sig")
    width = None
    try:
        for number, row in enumerate(csv.reader(text.split("\r\n")[:-1], strict=True), 1):
            width = width or len(row)
            if len(row) != width:
                return Facts((Fault(f"This row has {len(row)} cells, and the first one {width}.", number),))
            if formula := next((cell for cell in row if _FORMULA.search(cell)), None):
                return Facts((Fault(f'A spreadsheet would take "{formula[:50]}" for a formula.', number),))
    except csv.Error as error:
        return Facts((Fault(f"This is not CSV: {error}."),))
    return Facts()


def text(path: str, content: bytes, _url: str) -> Facts:
    """Plain text; where programs read it, line by line."""
    line = _LINES.get(path.rpartition("/")[2])
    for number, words in enumerate(content.decode().split("\n") if line else (), 1):
        if line and not line.fullmatch(words) and words:
            return Facts((Fault(f'"{words[:80]}" is no line that programs know here.', number),))
    return Facts()


def script(_path: str, content: bytes, _url: str) -> Facts:
    """Only the theme's own scripts, byte for byte."""
    own = Path(__file__).parent.parent / "theme" / "static"
    is_ours = any(content == file.read_bytes() for file in own.glob("*.js"))
    return Facts() if is_ours else Facts((Fault("This is no script of statusgen's."),))


def checked(kind: Callable[[str, bytes, str], Facts], **ways: Any) -> Callable[[str, bytes, str], Facts]:
    """A reader that first looks for characters that nobody sees; `ways` are those of `unseen`."""

    def read(path: str, content: bytes, url: str) -> Facts:
        faults = tuple(unseen(content, **ways))
        return Facts(faults) if faults else kind(path, content, url)

    return read
