"""What people wrote, and the languages that it is in."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text and the language (BCP 47) that it really is in."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Words:
    """A short text in one or more languages; the first of them stands in for those that lack it."""

    texts: tuple[tuple[str, str], ...]

    def in_language(self, *languages: str) -> LocalText:
        """Return the words in the first of `languages` that they are in, or else as they were first written."""
        for language in languages:
            for known, text in self.texts:
                if known == language:
                    return LocalText(text, known)
        return LocalText(self.texts[0][1], self.texts[0][0])

    def with_translations(self, more: Iterable["Words | None"]) -> "Words":
        """Return these words, with the translations that `more` brings put in after them."""
        texts = dict(self.texts)
        for words in more:
            texts |= dict(words.texts) if words else {}
        return Words(tuple(texts.items()))


@dataclass(frozen=True, slots=True)
class Markup:
    """A written text: safe HTML, the same as plain text, and the language it is in.

    Links and images within the site are written `site:PATH`; `addresses.resolve_links` makes them relative.
    """

    html: str
    text: str
    language: str
