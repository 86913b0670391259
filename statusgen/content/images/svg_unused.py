"""Leaves out what a drawing never shows: hidden layers, and symbols and definitions that nothing uses.

Where it is not sure, a part stays: with styles that show and hide, or that count elements.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from statusgen.content.images.css import RULE
from statusgen.content.images.svg_parts import LEFT_OUT, Part
from statusgen.content.images.svg_vocabulary import ANIMATIONS

# Elements that are drawn only where another one uses them (SVG 2, section 5.1).
DEFINITIONS = frozenset(
    ("symbol", "pattern", "mask", "clipPath", "marker", "filter", "linearGradient", "radialGradient")
)
_REFERENCE = re.compile(r"#([^\s\"')]+)")
_REFERENCE_IN_STYLE = re.compile(r"url\(\s*[\"']?#([^\s\"')]+)")
# Looks at each word once: from each of its letters on, a long one would take quadratic time.
_EVENT_SOURCE = re.compile(r"(?<![\w-])([\w-]+)\.")
_CLASS = re.compile(r"\s*\.([\w-]+)\s*")
# Everything that says whether an element is shown; `all` sets it with the rest.
_SHOWS = re.compile(r"(?<![\w-])(?:display|all)\b", re.IGNORECASE)
_HIDES = re.compile(r"(?<![\w-])display\s*:\s*none\s*(?=;|$)", re.IGNORECASE)


def find_references(part: Part) -> Iterator[str]:
    """Yield the names that an element goes by."""
    for key, value in part.attributes.items():
        if "#" in value and key not in ("id", "class"):
            pattern = _REFERENCE_IN_STYLE if key == "style" else _REFERENCE
            yield from map(unquote, pattern.findall(value))
        if key in ("begin", "end"):
            yield from _EVENT_SOURCE.findall(value)
        elif key == "aria-labelledby":
            yield from value.split()


def leave_out_unused(parts: list[Part], sheets: list[str]) -> list[Part]:
    """Return the parts without those that are never shown; `sheets` are the styles, without remarks."""
    layers = _Layers(parts, sheets)
    used = layers.find_used()
    kept = list[Part]()
    inside = 0  # how many elements are open in one that is left out
    for number, part in enumerate(parts):
        if inside:
            inside += -1 if part.is_end else bool(part.tag)
        elif part.tag and not part.is_end and layers.owners[number] not in used:
            inside = 1
            kept.append(LEFT_OUT)
        else:
            kept.append(part)
    return kept


class _Layers:
    """Knows of each element in which layer it is: the innermost element around it that may never be shown.

    Elements and layers go by their number; 0 is the whole drawing.
    """

    def __init__(self, parts: list[Part], sheets: list[str]) -> None:
        self.parts = parts
        self.owners: dict[int, int] = {}
        self.outer: dict[int, int] = {}
        self.by_name: dict[str, list[int]] = {}
        self.references: dict[int, list[str]] = {
            0: [name for css in sheets for name in _REFERENCE_IN_STYLE.findall(css)]
        }
        self.used_anyway = {0}
        self.hiding = _find_hiding_classes(sheets)
        open_elements = list[int]()
        for number, part in enumerate(parts):
            if part.is_end:
                open_elements.pop()
            elif part.tag:
                self.add(number, part, open_elements[-1] if open_elements else None)
                open_elements.append(number)

    def add(self, number: int, part: Part, parent: int | None) -> None:
        """Note in which layer an element is, and what it goes by."""
        outer = self.owners[parent] if parent is not None else 0
        is_layer = parent is not None and self.is_layer(part, self.parts[parent].tag)
        self.owners[number] = owner = number if is_layer else outer
        if is_layer:
            self.outer[number] = outer
        self.references.setdefault(owner, []).extend(find_references(part))
        if name := part.attributes.get("id"):
            self.by_name.setdefault(name, []).append(number)
        if part.tag == "style":
            self.used_anyway.add(owner)
        elif part.tag in ANIMATIONS:
            changes = part.attributes.get("attributeName", "").strip()
            if part.link or changes in ("display", "class"):
                self.used_anyway.add(owner)

    def is_layer(self, part: Part, parent: str) -> bool:
        """Return whether an element is not shown unless something uses it."""
        if part.tag in ("style", "title") or parent == "switch":  # which shows its first part that fits
            return False
        return part.tag in DEFINITIONS or parent == "defs" or self.is_hidden(part)

    def is_hidden(self, part: Part) -> bool:
        if self.hiding is None:
            return False
        style = part.attributes.get("style", "")
        if said := len(_SHOWS.findall(style)):
            return said == len(_HIDES.findall(style))
        if self.hiding and not self.hiding.isdisjoint(part.attributes.get("class", "").split()):
            return True
        return part.attributes.get("display", "").strip() == "none"

    def find_used(self) -> set[int]:
        """Return the layers that can be shown: those that something goes by which can be shown itself."""
        used, waiting = set[int](), [*self.used_anyway]
        while waiting:
            layer = waiting.pop()
            if layer in used:
                continue
            used.add(layer)
            if layer:
                waiting.append(self.outer[layer])
            waiting += (self.owners[number] for name in self.references.pop(layer, ()) for number in self.find(name))
        return used

    def find(self, name: str) -> Iterable[int]:
        return self.by_name.pop(name, ())


def _find_hiding_classes(sheets: list[str]) -> set[str] | None:
    """Return the classes whose elements are hidden; None if styles show and hide in ways that are not so simple."""
    classes = set[str]()
    for css in sheets:
        said = len(_SHOWS.findall(css))
        if not said:
            continue
        for selectors, declarations in RULE.findall(css):
            if hides := len(_HIDES.findall(declarations)):
                names = [_CLASS.fullmatch(selector) for selector in selectors.split(",")]
                classes.update(name[1] for name in names if name)
                said -= hides if all(names) else 0
        if said or "@" in css:
            return None
    return classes
