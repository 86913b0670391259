"""HTML as a browser will read it: nothing in a page runs, loads or is hidden except what belongs to the site."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from statusgen.audit.drawings import (
    ANIMATION_TAGS,
    CSS_FUNCTIONS,
    find_animation_fault,
    find_css_load,
    find_note_in_page,
)
from statusgen.audit.links import LinkResolver, OffSite
from statusgen.audit.result import Fault, FileResult
from statusgen.text import printable
from statusgen.theme import marks

_PARSER = etree.HTMLParser(encoding="utf-8", no_network=True)
# What begins an element in the bytes, even if a parser reads it differently.
_TAG_START = re.compile(rb"<([A-Za-z][\w:.-]*)")
# Elements of drawings whose content some parsers take for text, and what begins there to those that do not, as far as
# counting tags does not find it: a parser adds <html>, <head>, <body> and <p> if they are not written.
_TEXT_TAGS = frozenset(["desc", "noembed", "noframes", "noscript", "style", "textarea", "title", "xmp"])
_TEXT_TAG_START = re.compile(r"<(?:[!?]|(?:html|head|body|p)\b)", re.IGNORECASE)
# The policy of every page allows none of these, and a page without them needs none.
_FORBIDDEN_TAGS = frozenset(["applet", "base", "embed", "form", "frame", "frameset", "iframe", "object", "portal"])
# What a policy may allow.
_STRICT_SOURCE = re.compile(r"'(?:none|self|sha256-[\w+/=-]+)'")
# Attributes that load what they name as soon as the page is shown; `data-index`, when a reader first uses the finder.
_LOADING_ATTRIBUTES = frozenset(
    ("src", "srcset", "imagesrcset", "poster", "data", "background", "xlink:href", "manifest", "data-index")
)
_FORBIDDEN_ATTRIBUTES = frozenset(("style", "srcdoc", "formaction", "action", "ping", "attributionsrc"))
# Attributes of drawings that can load what they name, as in url(…).
_DRAWING_ATTRIBUTES = frozenset(
    (
        "background-image", "border-image", "border-image-source", "clip-path", "color-profile", "cursor", "fill",
        "filter", "list-style", "list-style-image", "marker", "marker-end", "marker-mid", "marker-start", "mask",
        "mask-border", "mask-border-source", "mask-image", "offset", "offset-path", "shape-inside", "shape-outside",
        "shape-subtract", "stroke", "-webkit-mask", "-webkit-mask-image",
    )
)  # fmt: skip
_SVG_LOADING_TAGS = frozenset(
    [
        "use",
        "image",
        "feimage",
        "filter",
        "pattern",
        "lineargradient",
        "radialgradient",
        "textpath",
        "mpath",
        "cursor",
        "tref",
        "font-face-uri",
    ]
)
# Relations of a <link>, and names of a <meta>, that tell programs which page this is, or how it looks.
_OWN_RELS = frozenset(["canonical", "next", "prev"])
_OWN_META = re.compile(
    r"(og:(image|video|audio)(:(secure_)?url)?|og:url|twitter:(image|player|url)(:src|:stream)?|image|thumbnail(url)?"
    r"|url|msapplication-(config|starturl|\w+logo|tileimage)|al:[\w:]*url)"
)
# How a page at an old address leads to the new one, at once.
_REDIRECT = re.compile(r"0; url=([^\s;,'\"]*)")
# What makes a browser or a phone offer an app, a task or a payment, none of which is the site's.
_FORBIDDEN_META = re.compile(
    r"al:.*(?<!url)|apple-itunes-app|google-play-app|monetization|msapplication-task|twitter:app:.*"
)
# Policies by which another site learns at most nothing of where its readers come from.
_CLOSED_REFERRERS = frozenset(("no-referrer", "same-origin"))
# Relations that a <link> only names; with any other, it loads something.
_NON_LOADING_RELS = frozenset(["alternate", "author", "canonical", "help", "hub", "license", "next", "prev", "self"])


def check_page(path: str, content: bytes, url: str) -> FileResult:
    """Check a whole page."""
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.LxmlError:
        root = None
    if root is None:
        return FileResult((Fault("No browser can read this page."),))
    checker = _PageChecker(path, url)
    checker.check_elements(root)
    checker.faults += _find_hidden_tags(checker.tags, content)
    checker.faults += _find_tags_in_text(root)
    checker.faults += _find_notes(root)
    checker.faults += checker.check_policy()
    statuses = tuple(_find_statuses(root)) if checker.is_front_page else ()
    return FileResult(
        tuple(checker.faults), tuple(dict.fromkeys(checker.links)), tuple(checker.ids), statuses, checker.moved_to
    )


def _find_notes(root: etree._Element) -> Iterator[Fault]:
    """Yield what drawings in a page tell about the people who made them."""
    for drawing in root.iter("svg"):
        for element in drawing.iter(etree.Element):
            if what := find_note_in_page(element):
                yield Fault(what, element.sourceline or 1)


def check_fragment(html: str, url: str) -> FileResult:
    """Check a piece of HTML inside a feed or data, where nothing at all may run."""
    root = etree.fromstring(f"<div>{html}</div>".encode(), _PARSER)
    checker = _PageChecker("", url, is_whole=False)
    checker.check_elements(root)
    return FileResult(tuple(Fault(fault.what) for fault in checker.faults), tuple(dict.fromkeys(checker.links)))


class _PageChecker:
    """Goes through the elements of a page, and collects its faults, links and ids."""

    def __init__(self, path: str, url: str, is_whole: bool = True) -> None:
        self.path, self.url, self.is_whole = path, url, is_whole
        self.resolver = LinkResolver(path, url)
        self.faults: list[Fault] = []
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: dict[str, None] = {}
        self.policy: str | None = None
        self.moved_to: str | None = None
        self.styles: list[tuple[str, int]] = []

    @property
    def is_front_page(self) -> bool:
        """Whether it can be the front page, in any language."""
        return self.path.rpartition("/")[2] == "index.html" and self.path.count("/") < 2

    def check_elements(self, root: etree._Element) -> None:
        """Check every element and attribute, in the order of the page."""
        for element in root.iter(etree.Element):
            tag = str(element.tag)
            self.tags[tag] += 1
            if tag in _SPECIAL_TAGS or tag in _FORBIDDEN_TAGS:
                self.check_special_element(element, tag)
            elif tag in ANIMATION_TAGS and (what := find_animation_fault(element)):
                self.add_fault(element, what)
            for name, value in element.items():
                self.check_attribute(name, value, tag, element)

    def check_attribute(self, name: str, value: str, tag: str, element: etree._Element) -> None:
        """Check an attribute of an element."""
        if name == "id":
            self.check_id(value, element)
        elif name == "href":
            self.check_link(value, tag, element)
        elif name == "referrerpolicy":
            self.check_referrer(value, element)
        elif name in _LOADING_ATTRIBUTES:
            self.check_resources(name, value, tag, element)
        elif name in _DRAWING_ATTRIBUTES and (found := find_css_load(value)):
            self.add_fault(element, f'<{tag}> has "{found}", which loads something.')
        elif name in _FORBIDDEN_ATTRIBUTES or name[:2] == "on":
            self.add_fault(element, f'<{tag}> has the attribute "{name}", which no page may have.')

    def add_fault(self, element: etree._Element, what: str, words: str = "") -> None:
        self.faults.append(Fault(what, element.sourceline or 1, words))

    def check_id(self, id: str, element: etree._Element) -> None:
        if id in self.ids:
            self.add_fault(element, f'Two elements have the id "{id}".')
        self.ids[id] = None

    def check_special_element(self, element: etree._Element, tag: str) -> None:
        """Check an element that can run or load something, or that is a policy."""
        if tag in _FORBIDDEN_TAGS or (tag in ("script", "style", "link", "meta") and not self.is_whole):
            self.add_fault(element, f"There is a <{tag}> here, which could run or load something.")
        elif tag == "script":
            self.check_script(element)
        elif tag == "style":
            self.styles.append((element.text or "", element.sourceline or 1))
        elif tag == "meta" and (rule := (element.get("http-equiv") or "").lower()):
            if rule == "content-security-policy":
                self.policy = element.get("content") or ""
            elif rule == "refresh" and (target := _REDIRECT.fullmatch(element.get("content") or "")):
                self.check_redirect(target[1], element)
            else:
                self.add_fault(element, f'There is a <meta http-equiv="{rule}"> here, which could redirect readers.')
        elif tag == "meta":
            self.check_meta(element)

    def check_redirect(self, address: str, element: etree._Element) -> None:
        """Remember where a page leads readers by itself: to a page of the site, and whether it may, is judged later."""
        found = self.resolver.resolve(address)
        self.check_resource(address, "meta", element)
        self.moved_to = found if isinstance(found, str) and self.moved_to is None else self.path

    def check_meta(self, element: etree._Element) -> None:
        """Check what a page tells programs about itself: its address and its picture are the site's own."""
        content = element.get("content") or ""
        names = [(element.get(key) or "").strip().lower() for key in ("property", "name", "itemprop")]
        for name in names:
            if _OWN_META.fullmatch(name):
                self.check_resource(content, f'meta "{name}"', element)
            elif _FORBIDDEN_META.fullmatch(name):
                self.add_fault(element, f'There is a <meta name="{name}"> here, which no page may have.')
        if "referrer" in names:
            self.check_referrer(content, element)

    def check_referrer(self, value: str, element: etree._Element) -> None:
        """Check a policy on what other sites are told of the page that a reader comes from."""
        if not _CLOSED_REFERRERS.issuperset(value.lower().replace(",", " ").split()):
            what = f'The policy "{printable(value[:100])}" shows other sites where readers come from.'
            self.add_fault(element, f"{what} Write no-referrer.")

    def check_script(self, element: etree._Element) -> None:
        """Check that a script is a file of the site, or data for search engines."""
        if element.get("src") is not None:
            return  # `check_resources` makes sure that it is a file of the site, and those are checked themselves
        if (element.get("type") or "").lower() != "application/ld+json":
            self.add_fault(element, "There is a script in the page. Only the site's own script may run, from its file.")
            return
        try:
            json.loads(element.text or "")
        except ValueError as error:
            self.add_fault(element, f"The data for search engines cannot be read ({error}).")

    def check_link(self, address: str, tag: str, element: etree._Element) -> None:
        """Check a link, which may lead out of the site."""
        rels = (element.get("rel") or "").lower().split() if tag == "link" else []
        is_own = (
            not _NON_LOADING_RELS.issuperset(rels)
            or not _OWN_RELS.isdisjoint(rels)
            or (tag == "link" and not rels)
            # Readers of feeds subscribe to the first that they find.
            or ("alternate" in rels and element.get("type") is not None)
        )
        if is_own or tag in _SVG_LOADING_TAGS:
            self.check_resource(address, tag, element)
        else:
            found = self.resolver.resolve(address)
            if found is OffSite.FORBIDDEN:
                self.add_fault(element, f'<{tag}> leads to "{address[:100]}", where no link may lead.', address)
            # In a text, full URLs are the writer's own words; the site itself uses them only in its <head>.
            elif isinstance(found, str) and (tag == "link" or (self.is_whole and not address.startswith(self.url))):
                self.links.append(found)

    def check_resource(self, address: str, tag: str, element: etree._Element) -> None:
        """Check something that browsers fetch automatically, which must be part of the site."""
        found = self.resolver.resolve(address)
        if isinstance(found, str):
            self.links.append(found)
        else:
            self.add_fault(element, f'<{tag}> loads "{address[:100]}", which is not part of this site.', address)

    def check_resources(self, name: str, value: str, tag: str, element: etree._Element) -> None:
        """Check an attribute that names one or more such resources (HTML, "srcset attributes")."""
        listed = [part.split()[0] for part in value.split(",") if part.strip()] if name.endswith("srcset") else [value]
        for address in listed:
            self.check_resource(address, tag, element)

    def check_policy(self) -> Iterator[Fault]:
        """Yield what is wrong with the page's own policy, and the styles that it keeps browsers from using."""
        if self.policy is None:
            yield Fault("The page has no Content-Security-Policy, which keeps foreign scripts from running.")
            return
        if not _is_strict(self.policy):
            yield Fault(f'The policy of the page allows too much: "{self.policy[:200]}".')
        for css, line in self.styles:
            digest, what = _check_style(css)
            if what:
                yield Fault(what, line)
            elif f"'sha256-{digest}'" not in self.policy:
                yield Fault("The policy of the page keeps browsers from using this <style>.", line)


def _is_strict(policy: str) -> bool:
    """Whether a policy allows nothing but the site's own files, and styles that it knows by their digests."""
    rules: dict[str, list[str]] = {}
    for name, *sources in filter(None, map(str.split, policy.split(";"))):
        rules.setdefault(name.lower(), sources)  # browsers ignore a second rule of the same name
    every = [source for sources in rules.values() for source in sources]
    return rules.get("default-src") == ["'none'"] and all(map(_STRICT_SOURCE.fullmatch, every))


_SPECIAL_TAGS = frozenset(("script", "style", "link", "meta"))


@lru_cache(maxsize=32)
def _check_style(css: str) -> tuple[str, str]:
    """Return the digest by which policies know a stylesheet, and what is wrong with it."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    found = re.search(rf"@import|url\s*\(|{CSS_FUNCTIONS}|expression\s*\(|</|\\", css, re.IGNORECASE)
    return digest, f'The style has "{found[0]}", which loads or runs something.' if found else ""


def _find_tags_in_text(root: etree._Element) -> Iterator[Fault]:
    """Yield the texts of drawings in which there are tags to browsers."""
    for drawing in root.iter("svg", "math"):
        for element in drawing.iter(*_TEXT_TAGS):
            if _TEXT_TAG_START.search(element.text or ""):
                yield Fault("A tag is hidden in a <" + str(element.tag) + "> of a drawing.", element.sourceline or 1)


def _find_hidden_tags(tags: Counter[str], content: bytes) -> Iterator[Fault]:
    """Yield a fault if this parser sees fewer tags than there are: another may see them, and run their content."""
    written = Counter(name.decode().lower() for name in _TAG_START.findall(content))
    if number := (written - tags).total():
        what = f"{number} tags in this page are hidden in a comment or a script, or are where they cannot be."
        yield Fault(f"{what} One browser may ignore them, and another may follow them.")


def _find_statuses(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the status that a page shows for each service, as the theme marks it."""
    for element in root.iterfind(".//*[@id]"):
        service = marks.read_service_id(element.get("id") or "")
        if service is not None:
            statuses = (marks.read_status(inner.get("class") or "") for inner in element.iterfind(".//span[@class]"))
            if status := next(filter(None, statuses), None):
                yield service, status
