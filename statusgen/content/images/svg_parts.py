"""The parts of a drawing in SVG, in the order in which they stand."""

from dataclasses import dataclass, field

from statusgen.content.images.svg_vocabulary import ELEMENTS


@dataclass(slots=True)
class Part:
    """An element that begins, with its attributes and, of a style or a title, its text; or one that ends; or text."""

    tag: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    is_end: bool = False

    @property
    def text(self) -> str:
        """Return the text of a style or a title, or the text that this is."""
        return "".join(self.words)

    @property
    def link(self) -> str:
        """Return the address of what the element uses or changes; empty if it does not say."""
        return self.attributes.get("href") or self.attributes.get("xlink:href", "")


LEFT_OUT = Part()
ENDS = {tag: Part(tag, is_end=True) for tag in ELEMENTS}
