"""Bounds what a browser has to do for a drawing: parts that are used in parts that are used make much out of little."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from statusgen.content.images.css import RULE
from statusgen.content.images.picture import UnreadablePicture
from statusgen.content.images.svg_parts import Part
from statusgen.content.images.svg_unused import DEFINITIONS
from statusgen.content.images.svg_vocabulary import ANIMATIONS

_MAX_WORK, _MAX_DEPTH, _MAX_STYLES = 100_000, 500, 100
# In elements, by what Chromium takes for them on a picture of 600 by 600 pixels.
_FILTER_STEP, _SLOW_FILTER_STEP, _LAYER = 100, 500, 50
_SLOW_FILTERS = frozenset(
    ("feGaussianBlur", "feTurbulence", "feMorphology", "feConvolveMatrix", "feDropShadow", "feDisplacementMap")
) | {"feDiffuseLighting", "feSpecularLighting"}
# The largest numbers of filters; some browsers count as far as they are told, for each pixel.
_MAX_NUMBERS = {"numOctaves": 16, "stdDeviation": 500, "radius": 500, "order": 30}
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d*)?(?:e[+-]?\d+)?|(?<![\w.])\.\d+(?:e[+-]?\d+)?", re.IGNORECASE)
_BLUR = re.compile(r"(?:blur|drop-shadow)\(([^;})]*)", re.IGNORECASE)
_URL = re.compile(r"url\(\s*[\"']?#([^\s\"')]+)")
_WORD = re.compile(r"[\w-]+")
_LAYERS = ("mask", "filter", "clip-path")
_TOO_MUCH = "draws so many parts, some of them again and again, that many phones cannot show it."


def check_work(parts: list[Part]) -> None:
    """Raise UnreadablePicture if a drawing takes too much work, or is drawn inside of itself."""
    _Work(parts).check()


@dataclass(slots=True)
class _Element:
    """An element, what is drawn with it, and what all of it takes once that is known."""

    part: Part
    inside: list[int]
    work: int = 0
    points: int = 0
    depth: int = 1
    is_begun: bool = False


class _Work:
    def __init__(self, parts: list[Part]) -> None:
        self.elements: list[_Element] = []
        self.by_name: dict[str, int] = {}
        self.styles: dict[str, set[tuple[str, str]]] = {}  # of a tag, a class or a name: what it is drawn with
        open_elements = list[int]()
        for part in parts:
            if part.is_end:
                open_elements.pop()
            elif part.tag:
                number = len(self.elements)
                self.elements.append(_Element(part, []))
                if open_elements:
                    self.elements[open_elements[-1]].inside.append(number)
                open_elements.append(number)
                self.by_name.setdefault(part.attributes.get("id", ""), number)
                if part.tag == "style":
                    self.read_style(part.text)

    def read_style(self, css: str) -> None:
        """Note which elements a style draws with others; if in doubt, all of them."""
        for selectors, declarations in RULE.findall(css):
            costly = set(_find_costly(declarations))
            for selector in selectors.split(",") if costly else ():
                names = _WORD.findall(selector)
                is_simple = names and not re.search(r"[\[*(:]", selectors)
                found = self.styles.setdefault(names[-1] if is_simple else "*", set())
                found |= costly
                if len(found) > _MAX_STYLES:
                    raise UnreadablePicture(_TOO_MUCH)

    def check(self) -> None:
        """Go through all elements, each after those that are drawn with it."""
        waiting = [0]
        while waiting:
            element = self.elements[waiting[-1]]
            if element.is_begun:
                waiting.pop()
                if not element.work:
                    self.measure(element)
                continue
            element.is_begun = True
            for number in (*element.inside, *(number for number, _ in self.find_used(element.part))):
                if not self.elements[number].is_begun:
                    waiting.append(number)
                elif not self.elements[number].work:
                    raise UnreadablePicture("has a part that is drawn inside of itself.")

    def measure(self, element: _Element) -> None:
        """Work out what an element takes, with all that is drawn with it."""
        part, inside = element.part, [self.elements[number] for number in element.inside]
        element.depth += max((other.depth for other in inside), default=0)
        inside = [other for other in inside if part.tag != "defs" and other.part.tag not in DEFINITIONS]
        shape = part.attributes.get("d") or part.attributes.get("points", "")
        points = len(_NUMBER.findall(shape)) + sum(other.points for other in inside)
        work = inherited = 1 + sum(other.work for other in inside)
        if part.tag.startswith("fe"):
            work += _SLOW_FILTER_STEP if part.tag in _SLOW_FILTERS else _FILTER_STEP
            for key, most in _MAX_NUMBERS.items():
                _check_numbers(part.attributes.get(key, ""), most)
        for key, value in self.find_values(part):
            work += _LAYER * (key in _LAYERS)
            for blur in _BLUR.findall(value):
                work += _SLOW_FILTER_STEP
                _check_numbers(blur, _MAX_NUMBERS["stdDeviation"])
        for number, is_inherited in self.find_used(part):
            used = self.elements[number]
            points += used.points
            element.depth = max(element.depth, used.depth + 1)
            # Fills are inherited, and markers are drawn at each point.
            is_marker = used.part.tag == "marker"
            work += used.work * (max(points, 1) if is_marker else inherited if is_inherited else 1)
        element.work, element.points = work, points
        if element.depth > _MAX_DEPTH:
            raise UnreadablePicture("has too many groups inside each other.")
        if work > _MAX_WORK:
            raise UnreadablePicture(_TOO_MUCH)

    def find_values(self, part: Part) -> Iterator[tuple[str, str]]:
        """Yield what attributes and styles draw an element with."""
        for key, value in part.attributes.items():
            if key == "style":
                yield from _find_costly(value)
            elif "(" in value:
                yield key, value
        if self.styles:
            names = {part.tag, "*", part.attributes.get("id", ""), *part.attributes.get("class", "").split()}
            for name in names & self.styles.keys():
                yield from self.styles[name]

    def find_used(self, part: Part) -> Iterator[tuple[int, bool]]:
        """Yield the elements that are drawn with an element, and whether with each one inside of it."""
        if part.tag in ANIMATIONS or part.tag == "mpath":
            return
        link = unquote(part.link.removeprefix("#"))
        if link in self.by_name and part.link.startswith("#"):
            yield self.by_name[link], False
        for key, value in self.find_values(part):
            if "url(" in value:
                for name in map(unquote, _URL.findall(value)):
                    if name in self.by_name:
                        yield self.by_name[name], key not in _LAYERS


def _find_costly(declarations: str) -> Iterator[tuple[str, str]]:
    """Yield the properties with a function, and their values."""
    for declaration in declarations.split(";"):
        key, _, value = declaration.partition(":")
        if "url(" in value or _BLUR.search(value):
            yield key.strip().lower(), value


def _check_numbers(text: str, most: int) -> None:
    if "calc" in text.casefold() or any(float(number) > most for number in _NUMBER.findall(text)):
        raise UnreadablePicture("has a filter with numbers so large that many phones cannot show it.")
