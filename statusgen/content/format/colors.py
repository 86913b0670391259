"""The accent color: six hexadecimal digits, and readable as a link on the light background of the pages."""

import colorsys
import re
from collections.abc import Iterable

from statusgen.problems import InvalidValue
from statusgen.text import quote_text

# WCAG 2.2, success criterion 1.4.3, against the darker of the pages' two light backgrounds.
MIN_CONTRAST = 4.5
BACKGROUND = "#f2f5f8"
# Of the dark pages: the lighter of their two backgrounds, a contrast for long reading (success criterion 1.4.6), and
# how much of its light a band keeps.
DARK_BACKGROUND, DARK_CONTRAST, DARK_SHARE = "#1a2129", 7, 0.65


def parse_accent(text: str) -> str:
    """Read a color; one that cannot be read on the pages is refused, with the nearest darker one that can."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise InvalidValue(f"{quote_text(text)} is not a color.", 'Write it like "#0b5394", in quotes.')
    color = text.lower()
    if contrast_ratio(color, BACKGROUND) < MIN_CONTRAST:
        what = f'Links in the color "{text}" would be hard to read on a light page.'
        raise InvalidValue(what, f'The nearest color that works is "{_darken(color)}".')
    return color


def darken(color: str) -> str:
    """Return a color for a band behind white letters on the dark pages: the same, with less light."""
    return _to_hex(part * DARK_SHARE for part in _rgb(color))


def lighten(color: str) -> str:
    """Return the same hue, just light enough to be read well on the dark pages."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(color))
    while contrast_ratio(color, DARK_BACKGROUND) < DARK_CONTRAST and lightness < 1:
        lightness = min(lightness + 0.01, 1)
        color = _to_hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return color


def contrast_ratio(first: str, second: str) -> float:
    """Return the contrast ratio of two colors, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    # WCAG 2.2, "relative luminance"
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _rgb(color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _darken(color: str) -> str:
    """Return the same hue, just dark enough to be read."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(color))
    while contrast_ratio(color, BACKGROUND) < MIN_CONTRAST:
        lightness -= 0.002
        color = _to_hex(colorsys.hls_to_rgb(hue, max(lightness, 0), saturation))
    return color


def _to_hex(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{int(part * 255):02x}" for part in parts)
