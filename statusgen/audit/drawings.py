"""What drawings in SVG can do besides drawing, in pages and in files of their own: change links, and load things."""

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
