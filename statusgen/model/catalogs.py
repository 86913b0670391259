"""The fixed words of the pages in languages that a site brings itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the pages, in English: `context` tells apart two that are alike, `plural` is its form for many."""

    id: str
    plural: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """The fixed words of the pages in a language that the site brings itself: what is translated of them, in all forms.

    `translator` is who made it, as its header says.
    """

    language: str
    translations: tuple[tuple[Message, tuple[str, ...]], ...]
    translator: str = ""
