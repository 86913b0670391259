"""HTML as a browser will read it: nothing in a page runs, loads or hides but what is the site's own."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from statusgen.inspecting.facts import Facts, Fault
from statusgen.inspecting.links import Links, Way

_PARSER = etree.HTMLParser(encoding="utf-8", no_network=True)
# What starts an element in the bytes, whatever a parser makes of it.
_TAG = re.compile(rb"<[A-Za-z]")
_IMPLIED = (b"<html", b"<head", b"<body")
# The policy of every page allows none of these, and a page without them needs none.
_REFUSED = frozenset(["applet", "base", "embed", "form", "frame", "frameset", "iframe", "object", "portal"])
# Attributes that load what they name as soon as the page is shown.
_LOADS = frozenset(("src", "srcset", "poster", "data", "background", "xlink:href", "manifest"))
_NEVER = frozenset(("style", "srcdoc", "formaction", "action", "ping"))
_SHAPES = frozenset(("use", "image", "feimage", "filter", "pattern", "lineargradient", "radialgradient", "textpath"))
# What a <link> only names; with any other word it loads something.
_NAMED = frozenset(["alternate", "author", "canonical", "help", "hub", "license", "next", "prev", "self"])
_STANDING = "service-"


def page(path: str, content: bytes, url: str) -> Facts:
    """What a whole page says, and what must not be in it."""
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.LxmlError:
        root = None
    if root is None:
        return Facts((Fault("No browser can read this page."),))
    reading = _Page(path, url)
    reading.read(root)
    reading.faults += _hidden(reading.seen, content)
    reading.faults += reading.unprotected()
    standings = tuple(_standings(root)) if reading.is_front else ()
    return Facts(tuple(reading.faults), tuple(dict.fromkeys(reading.links)), tuple(reading.ids), standings)


def fragment(html: str, url: str) -> Facts:
    """What a piece of HTML says that is carried in a feed or in data, where nothing at all may run."""
    root = etree.fromstring(f"<div>{html}</div>".encode(), _PARSER)
    reading = _Page("", url, is_whole=False)
    reading.read(root)
    return Facts(tuple(Fault(fault.what) for fault in reading.faults), tuple(dict.fromkeys(reading.links)))


class _Page:
    """Goes through the elements of a page, and gathers."""

    def __init__(self, path: str, url: str, is_whole: bool = True) -> None:
        self.path, self.url, self.is_whole = path, url, is_whole
        self.around = Links(path, url)
        self.faults: list[Fault] = []
        self.links: list[str] = []
        self.seen = 0
        self.ids: dict[str, None] = {}
        self.policy: str | None = None
        self.styles: list[tuple[str, int]] = []

    @property
    def is_front(self) -> bool:
        """Whether it is the front page, in any language."""
        return self.path.rpartition("/")[2] == "index.html" and self.path.count("/") < 2

    def read(self, root: etree._Element) -> None:
        """Every element and attribute, in the order of the page."""
        for element in root.iter(etree.Element):
            tag = str(element.tag)
            self.seen += 1
            if tag in _SPECIAL or tag in _REFUSED:
                self.special(element, tag)
            for name, value in element.items():
                if name == "id":
                    self.identified(value, element)
                elif name == "href":
                    self.leads(value, tag, element)
                elif name in _LOADS:
                    self.loads_all(name, value, tag, element)
                elif name in _NEVER or name[:2] == "on":
                    self.fault(element, f'<{tag}> has the attribute "{name}", which no page may have.')

    def fault(self, element: etree._Element, what: str) -> None:
        self.faults.append(Fault(what, element.sourceline or 1))

    def identified(self, id: str, element: etree._Element) -> None:
        if id in self.ids:
            self.fault(element, f'Two elements have the id "{id}".')
        self.ids[id] = None

    def special(self, element: etree._Element, tag: str) -> None:
        """Elements that run, load or rule."""
        if tag in _REFUSED or (tag in ("script", "style", "link", "meta") and not self.is_whole):
            self.fault(element, f"<{tag}> stands here, which could run or load something.")
        elif tag == "script":
            self.script(element)
        elif tag == "style":
            self.styles.append((element.text or "", element.sourceline or 1))
        elif tag == "meta" and (rule := (element.get("http-equiv") or "").lower()):
            if rule == "content-security-policy":
                self.policy = element.get("content") or ""
            else:
                self.fault(element, f'<meta http-equiv="{rule}"> stands here, which could lead readers away.')

    def script(self, element: etree._Element) -> None:
        """Our own script from its file, or data for search engines."""
        if element.get("src") is not None:
            return  # `loads` sees to it that it is a file of the site, and those are looked at themselves
        if (element.get("type") or "").lower() != "application/ld+json":
            self.fault(element, "A script stands in the page. Only the site's own may run, from its file.")
            return
        try:
            json.loads(element.text or "")
        except ValueError as error:
            self.fault(element, f"The data for search engines cannot be read ({error}).")

    def leads(self, address: str, tag: str, element: etree._Element) -> None:
        """A link, which may lead out of the site."""
        if (tag == "link" and not _NAMED.issuperset((element.get("rel") or "").lower().split())) or tag in _SHAPES:
            self.loads(address, tag, element)
        else:
            found = self.around.leads(address)
            if found is Way.NOWHERE:
                self.fault(element, f'<{tag}> leads to "{address[:100]}", where no link may lead.')
            # In a text, whole addresses are the writer's own words; the site itself uses them in its head alone.
            elif isinstance(found, str) and (tag == "link" or (self.is_whole and not address.startswith(self.url))):
                self.links.append(found)

    def loads(self, address: str, tag: str, element: etree._Element) -> None:
        """Something that a browser fetches by itself: of the site alone."""
        found = self.around.leads(address)
        if isinstance(found, str):
            self.links.append(found)
        else:
            self.fault(element, f'<{tag}> loads "{address[:100]}", which is not of this site.')

    def loads_all(self, name: str, value: str, tag: str, element: etree._Element) -> None:
        """The same for an attribute, which may list several (HTML, "srcset attributes")."""
        listed = [part.split()[0] for part in value.split(",") if part.strip()] if name == "srcset" else [value]
        for address in listed:
            self.loads(address, tag, element)

    def unprotected(self) -> Iterator[Fault]:
        """What the page's own policy lacks, and the styles that it keeps browsers from using."""
        if self.policy is None:
            yield Fault("The page has no Content-Security-Policy, which keeps foreign scripts from running.")
            return
        if "default-src 'none'" not in self.policy or re.search(r"unsafe-|\*|\b(https?|data|blob):", self.policy):
            yield Fault(f'The policy of the page allows too much: "{self.policy[:200]}".')
        for css, line in self.styles:
            digest, what = _style(css)
            if what:
                yield Fault(what, line)
            elif f"'sha256-{digest}'" not in self.policy:
                yield Fault("The policy of the page keeps browsers from using this <style>.", line)


_SPECIAL = frozenset(("script", "style", "link", "meta"))


@lru_cache(maxsize=32)
def _style(css: str) -> tuple[str, str]:
    """The digest of a stylesheet by which policies know it, and what is wrong with it."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    found = re.search(r"@import|url\s*\(|image-set\s*\(|expression\s*\(|</", css, re.IGNORECASE)
    return digest, f'The style has "{found[0]}", which loads or runs something.' if found else ""


def _hidden(seen: int, content: bytes) -> Iterator[Fault]:
    """Tags that this parser does not see as such: another one may, and run what is in them."""
    there = len(_TAG.findall(content)) + sum(1 for implied in _IMPLIED if implied not in content[:10_000].lower())
    if there > seen:
        what = f"{there - seen} tags in this page are hidden in a comment or a script, or stand where they cannot."
        yield Fault(f"{what} One browser may pass over them and another obey them.")


def _standings(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The status that the front page shows for each service, as the theme marks it."""
    for element in root.iterfind(".//*[@id]"):
        id = element.get("id") or ""
        if id.startswith(_STANDING):
            marks = (inner.get("class", "").split() for inner in element.iterfind(".//span[@class]"))
            shown = next((words[1] for words in marks if len(words) == 2 and words[0] == "status"), None)
            if shown:
                yield id.removeprefix(_STANDING), shown
