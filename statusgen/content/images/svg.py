"""Checks that a picture in SVG only draws: to a browser that opens it by its own address, it is a program."""

import re
from typing import NoReturn
from xml.parsers import expat

_SVG = "http://www.w3.org/2000/svg"
_ACTIVE_TAGS = {"script", "foreignobject", "handler", "iframe", "audio", "video", "a"}
_INTERNAL_TARGET = re.compile(r"\s*(#|data:image/(png|jpeg|webp|gif);)", re.IGNORECASE)
_EXTERNAL_LOAD = re.compile(
    r"@import|url\(\s*[\"']?\s*(?!#|data:image/|data:font/)|\b(?:image-set|image|src|cross-fade)\s*\(|\\", re.IGNORECASE
)


NOT_SVG = "no drawing"


class _ActiveContent(Exception):
    """What was found, as a noun."""


def find_active_content(content: bytes) -> str | None:
    """Return what in an SVG file runs, loads or leads elsewhere, as a noun; NOT_SVG if it is not one at all."""
    try:
        _SvgScanner().scan(content)
    except _ActiveContent as active:
        return str(active)
    except (expat.ExpatError, ValueError):
        return NOT_SVG
    return None


class _SvgScanner:
    """Goes through the elements without keeping them, so that no file is too large for the memory."""

    def __init__(self) -> None:
        self.depth = 0
        self.style: list[str] | None = None

    def scan(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.on_start
        parser.EndElementHandler = self.on_end
        parser.CharacterDataHandler = self.on_text
        parser.EntityDeclHandler = self.on_entity
        parser.ProcessingInstructionHandler = self.on_instruction
        parser.Parse(content, True)

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if self.depth == 0 and (space, tag) != (_SVG, "svg"):
            raise _ActiveContent(NOT_SVG)
        self.depth += 1
        if self.style is not None or tag.casefold() in _ACTIVE_TAGS or space.endswith("/xhtml"):
            raise _ActiveContent(f"<{tag}>")
        self.style = [] if tag == "style" else self.style
        for key, value in attributes.items():
            self.check_attribute(key.rpartition(" ")[2].casefold(), value)

    def check_attribute(self, key: str, value: str) -> None:
        if key.startswith("on"):
            raise _ActiveContent(f'"{key}"')
        if (key in ("href", "src") and not _INTERNAL_TARGET.match(value)) or _EXTERNAL_LOAD.search(value):
            raise _ActiveContent("an address")
        if key in ("attributename", "to", "values", "from", "by") and re.search("href|:", value):
            raise _ActiveContent("a link")

    def on_end(self, name: str) -> None:
        self.depth -= 1
        if self.style is not None and name.endswith(" style"):
            if _EXTERNAL_LOAD.search("".join(self.style)):
                raise _ActiveContent("an address")
            self.style = None

    def on_text(self, words: str) -> None:
        if self.style is not None:
            self.style.append(words)

    def on_entity(self, *_words: object) -> NoReturn:
        raise _ActiveContent("<!ENTITY>")

    def on_instruction(self, target: str, _words: str) -> None:
        if target.casefold() == "xml-stylesheet":
            raise _ActiveContent("<?xml-stylesheet?>")
