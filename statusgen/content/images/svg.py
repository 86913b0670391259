"""Drawings in SVG: refused if they could do more than draw, and written again from what draws.

To a browser that opens it by its own address, a drawing is a program. To its author's programs it is a notebook: layers
with names, the folder it lies in, who made it. Only elements, attributes and properties that draw are kept
(svg_vocabulary.py), and its title. `<desc>` is not: nobody gets to hear it, and programs write their own names there.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import NoReturn
from urllib.parse import unquote
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from statusgen.content.images.css import clean_css, find_variables
from statusgen.content.images.jpeg import clean_jpeg
from statusgen.content.images.picture import MAX_PIXELS, CleanDrawing, CleanPicture, UnreadablePicture
from statusgen.content.images.png import clean_png
from statusgen.content.images.svg_parts import ENDS, LEFT_OUT, Part
from statusgen.content.images.svg_unused import find_references, leave_out_unused
from statusgen.content.images.svg_vocabulary import ANIMATIONS, ATTRIBUTES, ELEMENTS, PROPERTIES, TEXT_ELEMENTS
from statusgen.content.images.svg_work import check_work
from statusgen.content.images.webp import clean_webp

_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
_KEPT_WITH_PREFIX = {f"{_XLINK} href": "xlink:href", f"{_XML} space": "xml:space", f"{_XML} lang": "xml:lang"}
_ACTIVE_TAGS = {"script", "foreignobject", "handler", "iframe", "audio", "video", "a"}
_EXTERNAL_LOAD = re.compile(
    r"@import|url\(\s*[\"']?\s*(?!#)|\b(?:image-set|image|src|cross-fade)\s*\(|\\", re.IGNORECASE
)
# What an animation may not change, and what it never needs as a value: a scheme, another host, a function.
_CHANGED_BY_ANIMATION = re.compile(r"href|^\s*on|src|style", re.IGNORECASE)
_ADDRESS = re.compile(r"[:\\(]|//")
_EMBEDDED = re.compile(r"data:image/[\w.+-]+;base64,([A-Za-z0-9+/=\s]*)", re.IGNORECASE)
_EMBEDDED_KINDS: tuple[tuple[bytes, str, Callable[[bytes], CleanPicture]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png", clean_png),
    (b"\xff\xd8\xff", "jpeg", clean_jpeg),
    (b"RIFF", "webp", clean_webp),
)
_MAX_DEPTH = 200  # lxml, which takes the last look, reads 256
_MAX_NAMESPACE = 300
_MAX_EMBEDDED_BYTES = 2_000_000
# Titles that programs write: the name of the file, or where it lies.
_FILE_NAME = re.compile(
    r"\\|^\s*(?:~?/|file:|[a-z]:/)|\.(?:svgz?|ai|eps|cdr|pdf|png|sketch|fig|psd|indd|xd|afdesign|odg|docx?|pptx?|dwg)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w-]+")
# Styles that count elements, for which another one takes the place of each that is left out; and those that ask for a
# part of a name.
_COUNTING = re.compile(r":(?:nth|first|last|only|empty|has|not|is|where)|[+~]")
_NAME_PARTS = re.compile(r"\[\s*(?:id|class)\s*[~|^$*]?=")

NOT_SVG = "no drawing"


class ActiveContent(Exception):
    """What runs, loads, or leads elsewhere, as a noun; NOT_SVG if it is no drawing at all."""


def clean_svg(content: bytes) -> CleanDrawing:
    """Return a drawing without anything that does not draw; raises ActiveContent or UnreadablePicture."""
    reader = _Reader()
    try:
        reader.read(content)
    except (expat.ExpatError, ValueError, LookupError):  # the last, of an encoding that does not exist
        raise ActiveContent(NOT_SVG) from None
    writer = _Writer(reader.parts)
    return CleanDrawing("".join(writer.write()).encode(), reader.had_details or writer.had_details)


class _Reader:
    """Goes through the elements, and keeps those that draw."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.had_details = False
        self.depth = 0
        self.skipped_from = 0  # the depth of the element that is being left out, or 0
        self.open: list[Part] = []
        self.has_title = False
        self.pixels = self.embedded_bytes = 0

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.on_start
        parser.EndElementHandler = self.on_end
        parser.CharacterDataHandler = self.on_text
        parser.EntityDeclHandler = self.on_entity
        parser.AttlistDeclHandler = self.on_attribute_list
        parser.ProcessingInstructionHandler = self.on_instruction
        parser.CommentHandler = self.on_comment
        parser.StartNamespaceDeclHandler = self.on_namespace
        parser.Parse(content, True)

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if self.depth == 0 and (space, tag) != (_SVG, "svg"):
            raise ActiveContent(NOT_SVG)
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise UnreadablePicture("has too many groups inside each other.")
        if self.skipped_from:
            return
        inside = self.open[-1].tag if self.open else ""
        is_active = tag.casefold() in _ACTIVE_TAGS and space in (_SVG, "")
        if inside == "style" or is_active or space.endswith("/xhtml"):
            raise ActiveContent(f"<{tag}>")
        if space != _SVG or tag not in ELEMENTS or inside == "title" or (tag == "title" and not self.is_its_title()):
            self.skipped_from, self.had_details = self.depth, True
            self.parts.append(LEFT_OUT)
            return
        self.open.append(Part(tag, dict(self.read_attributes(tag, attributes))))
        self.parts.append(self.open[-1])

    def is_its_title(self) -> bool:
        """Return whether a title is that of the whole drawing: those of its parts are the names of layers."""
        is_first, self.has_title = self.depth == 2 and not self.has_title, True
        return is_first

    def read_attributes(self, tag: str, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Yield the attributes that are kept; raises ActiveContent."""
        for key, value in attributes.items():
            if key.casefold().startswith("on"):
                raise ActiveContent(f'"{key}"')
            name = _KEPT_WITH_PREFIX.get(key, key)
            if name not in ATTRIBUTES and name not in _KEPT_WITH_PREFIX.values():
                self.had_details = True
                continue
            plain = " ".join(value.split("\n")).replace("\t", " ").replace("\r", " ")
            if name.endswith("href"):
                plain = self.read_address(plain.strip())
            elif _EXTERNAL_LOAD.search(plain):
                raise ActiveContent("an address")
            if tag in ANIMATIONS:
                is_link = name in ("to", "values", "from", "by") and _ADDRESS.search(plain)
                if is_link or (name == "attributeName" and _CHANGED_BY_ANIMATION.search(plain)):
                    raise ActiveContent("a link")
            # What a program needs is known by an address of its maker; a browser has none of that.
            yield name, "" if name == "requiredExtensions" else plain

    def read_address(self, address: str) -> str:
        """Return an address inside of the drawing, or a picture inside of it, without its details."""
        if address.startswith("#"):
            return address
        found = _EMBEDDED.fullmatch(unquote(address))
        if not found:
            is_picture = address.casefold().startswith("data:image/")
            raise ActiveContent("a picture that is not PNG, JPEG, or WebP" if is_picture else "an address")
        try:
            content = base64.b64decode("".join(found[1].split()), validate=True)
        except binascii.Error:
            content = b""
        for start, kind, clean in _EMBEDDED_KINDS:
            if content.startswith(start):
                picture = clean(content)
                self.had_details |= picture.content != content
                self.pixels += picture.width * picture.height * picture.steps
                self.embedded_bytes += len(picture.content)
                if self.pixels > MAX_PIXELS or self.embedded_bytes > _MAX_EMBEDDED_BYTES:
                    raise UnreadablePicture("contains pictures that are too large.")
                return f"data:image/{kind};base64,{base64.b64encode(picture.content).decode()}"
        raise ActiveContent("a picture that is not PNG, JPEG, or WebP")

    def on_end(self, _name: str) -> None:
        if not self.skipped_from:
            part = self.open.pop()
            if part.tag == "style" and _EXTERNAL_LOAD.search(part.text):
                raise ActiveContent("a font" if "@font-face" in part.text.casefold() else "an address")
            self.parts.append(ENDS[part.tag])
        elif self.skipped_from == self.depth:
            self.skipped_from = 0
        self.depth -= 1

    def on_text(self, words: str) -> None:
        if self.skipped_from or not self.open:
            return
        if self.open[-1].tag in ("style", "title"):
            self.open[-1].words.append(words)
        elif self.open[-1].tag in TEXT_ELEMENTS:
            self.parts.append(Part(words=[words]))
        else:
            self.had_details |= not words.isspace()

    def on_comment(self, _words: str) -> None:
        self.had_details = True

    def on_namespace(self, _prefix: str | None, address: str | None) -> None:
        # Each name of an element is stored with all of it.
        if address and len(address) > _MAX_NAMESPACE:
            raise ActiveContent(NOT_SVG)

    def on_entity(self, *_words: object) -> NoReturn:
        raise ActiveContent("<!ENTITY>")

    def on_attribute_list(self, *_words: object) -> NoReturn:
        # A value for all elements makes much out of little.
        raise ActiveContent("<!ATTLIST>")

    def on_instruction(self, target: str, _words: str) -> None:
        if target.casefold() == "xml-stylesheet":
            raise ActiveContent("<?xml-stylesheet?>")
        self.had_details = True


class _Writer:
    """Writes what was kept; of names, those that something in the drawing goes by."""

    def __init__(self, parts: list[Part]) -> None:
        sheets = [clean_css(part.text, lambda _name: True) for part in parts if part.tag == "style"]  # without remarks
        counts = any(_COUNTING.search(css) for css in sheets)
        self.parts = parts if counts else leave_out_unused(parts, sheets)
        self.had_details = len(self.parts) < len(parts)
        check_work(self.parts)
        values = [value for part in self.parts for value in part.attributes.values()]
        self.variables = {name for css in (*sheets, *values) for name in find_variables(css)}
        sheets = [clean_css(css, self.is_property_kept) for css in sheets]
        self.keeps_names = any(_NAME_PARTS.search(css) for css in sheets)
        self.instead = "<metadata/>" if counts else ""
        self.classes = {word for css in sheets for word in _WORD.findall(css)}
        self.ids = {name for part in self.parts for name in find_references(part)} | self.classes

    def write(self) -> Iterator[str]:
        for number, part in enumerate(self.parts):
            if part is LEFT_OUT:
                yield self.instead
            elif part.is_end:
                yield f"</{part.tag}>"
            elif part.tag:
                spaces = "" if number else self.name_spaces()
                words = "".join(f" {key}={quoteattr(value)}" for key, value in self.choose_attributes(part))
                yield f"<{part.tag}{spaces}{words}>{escape(self.choose_text(part))}"
            else:
                yield escape(part.text.replace("\r", " "))

    def name_spaces(self) -> str:
        is_used = any("xlink:href" in part.attributes for part in self.parts)
        return f' xmlns="{_SVG}"' + (f' xmlns:xlink="{_XLINK}"' if is_used else "")

    def choose_text(self, part: Part) -> str:
        """Return the style, or the title unless it is the name of a file."""
        if part.tag == "style":
            return self.clean_style(part.text)
        is_named = bool(_FILE_NAME.search(part.text))
        self.had_details |= is_named
        return "" if is_named else " ".join(part.text.split())

    def choose_attributes(self, part: Part) -> Iterator[tuple[str, str]]:
        for key, value in part.attributes.items():
            kept = value
            if key == "style":
                kept = self.clean_style(value)
            elif key == "id":
                kept = value if self.keeps_names or value in self.ids else ""
            elif key == "class":
                kept = value if self.keeps_names else " ".join(word for word in value.split() if word in self.classes)
            self.had_details |= kept != value
            if kept or not value:
                yield key, kept

    def clean_style(self, css: str) -> str:
        clean = clean_css(css, self.is_property_kept)
        self.had_details |= clean != css
        return clean

    def is_property_kept(self, name: str) -> bool:
        return name.lower().removeprefix("-webkit-") in PROPERTIES or name in self.variables
