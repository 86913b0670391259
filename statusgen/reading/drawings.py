"""Pictures in SVG, which are programs to a browser that opens them by their own address: only those that only draw."""

import re
from typing import NoReturn
from xml.parsers import expat

_SVG = "http://www.w3.org/2000/svg"
_ACTIVE = {"script", "foreignobject", "handler", "iframe", "audio", "video", "a"}
_WITHIN = re.compile(r"\s*(#|data:image/(png|jpeg|webp|gif);)", re.IGNORECASE)
_LOADS = re.compile(r"@import|url\(\s*[\"']?\s*(?!#|data:image/|data:font/)|\\", re.IGNORECASE)


class _Active(Exception):
    pass


def active(content: bytes) -> str | None:
    """What in an SVG file runs, loads or leads elsewhere, as a noun; "no drawing" where it is no SVG at all."""
    try:
        _Drawing().read(content)
    except _Active as found:
        return str(found)
    except (expat.ExpatError, ValueError):
        return "no drawing"
    return None


class _Drawing:
    """Goes through the elements without keeping them."""

    def __init__(self) -> None:
        self.depth = 0
        self.style: list[str] | None = None

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.EntityDeclHandler = self.entity
        parser.ProcessingInstructionHandler = self.instruction
        parser.Parse(content, True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if self.depth == 0 and (space, tag) != (_SVG, "svg"):
            raise _Active("no drawing")
        self.depth += 1
        if tag.casefold() in _ACTIVE or space.endswith("/xhtml"):
            raise _Active(f"<{tag}>")
        self.style = [] if tag == "style" else self.style
        for key, value in attributes.items():
            self.attribute(key.rpartition(" ")[2].casefold(), value)

    def attribute(self, key: str, value: str) -> None:
        if key.startswith("on"):
            raise _Active(f'"{key}"')
        if (key in ("href", "src") and not _WITHIN.match(value)) or _LOADS.search(value):
            raise _Active("an address")
        if key in ("attributename", "to", "values", "from", "by") and re.search("href|:", value):
            raise _Active("a link")

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.style is not None and name.endswith(" style"):
            if _LOADS.search("".join(self.style)):
                raise _Active("an address")
            self.style = None

    def text(self, words: str) -> None:
        if self.style is not None:
            self.style.append(words)

    def entity(self, *_words: object) -> NoReturn:
        raise _Active("<!ENTITY>")

    def instruction(self, target: str, _words: str) -> None:
        if target.casefold() == "xml-stylesheet":
            raise _Active("<?xml-stylesheet?>")
