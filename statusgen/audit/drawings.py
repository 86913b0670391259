"""What drawings in SVG can do besides drawing, in pages and in files of their own: change links, load things, and tell
who made them."""

import re

from lxml import etree

ANIMATION_TAGS = frozenset(("animate", "animatecolor", "animatemotion", "animatetransform", "set"))
# Functions of CSS that load what they name in quotes, without url().
CSS_FUNCTIONS = r"\b(?:image-set|image|src|cross-fade)\s*\("
_CSS_LOAD = re.compile(rf"@import|url\(\s*['\"]?[^#'\"\s]|{CSS_FUNCTIONS}|\\", re.IGNORECASE)
# What an animation never needs: a scheme, another host, an address of CSS.
_ADDRESS = re.compile(r"[:\\(]|//")
_VALUES = ("values", "from", "to", "by")


def find_css_load(css: str) -> str | None:
    """Return what in a style, or in an attribute of a drawing, loads something; a backslash can hide it."""
    found = _CSS_LOAD.search(css)
    return found[0] if found else None


def find_animation_fault(element: etree._Element) -> str | None:
    """Return what is wrong with an animation that gives a link another address, or an element something to run."""
    tag = str(element.tag).rpartition("}")[2]
    for key, value in element.items():
        name = key.lower()
        if name == "attributename" and re.search(r"href|^\s*on|src|style", value, re.IGNORECASE):
            return f'<{tag}> changes "{value[:100]}", which could run or load something.'
        if name in _VALUES and _ADDRESS.search(value):
            return f'<{tag}> has the address "{value[:100]}".'
    return None


# What drawing programs write for themselves; the names that have another prefix are theirs.
_PREFIXES = ("xlink:", "xml:", "xmlns:")
_SPACES = ("{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}", "{http://www.w3.org/XML/1998/namespace}")
_NOTE_HINT = "which can show who made the drawing, and where. Delete it, or save it as plain SVG."


def find_note(element: etree._Element) -> str | None:
    """Return what in an element of an SVG file is for a drawing program, as a sentence."""
    if not isinstance(element.tag, str):
        return f"There is a comment here, {_NOTE_HINT}"
    name = element.tag.rpartition("}")[2]
    if _is_filled_metadata(name, element) or (element.tag[0] == "{" and not element.tag.startswith(_SPACES)):
        return f"There is a <{name}> here, {_NOTE_HINT}"
    for key, _ in element.items():
        if key.startswith("data-") or (key[0] == "{" and not key.startswith(_SPACES)):
            return f'<{name}> has the attribute "{key.rpartition("}")[2]}", {_NOTE_HINT}'
    return None


def find_note_in_page(element: etree._Element) -> str | None:
    """Return what in an element of a drawing in a page is for a drawing program; HTML does not know namespaces."""
    tag = str(element.tag)
    if _is_filled_metadata(tag, element) or ":" in tag:
        return f"There is a <{tag}> here, {_NOTE_HINT}"
    for name, _ in element.items():
        if ":" in name and not name.startswith(_PREFIXES):
            return f'<{tag}> has the attribute "{name}", {_NOTE_HINT}'
    return None


def _is_filled_metadata(tag: str, element: etree._Element) -> bool:
    """Return whether it says something; an empty one keeps the count in a drawing whose style counts elements."""
    return tag == "metadata" and bool(len(element) or element.text)
