"""What the program says to writers, in English, in a form that can be said in another language, too."""

from collections.abc import Callable, Iterable
from typing import Any


class English(str):
    """A text in English that still has its pattern and the values in it, such as "%(when)s has not come yet.".

    A value can be such a text itself. The pattern is the message of a catalog (gettext), as if it stood in `_()`.
    """

    pattern: str
    values: dict[str, Any]

    def __new__(cls, pattern: str, /, **values: Any) -> "English":
        """Return the text with the values in it; without any, it is the pattern as it is."""
        text = super().__new__(cls, pattern % values if values else pattern)
        text.pattern, text.values = str(pattern), values
        return text

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Return what it is made of: what another process gets is such a text, too."""
        return (self.pattern,), self.values


class SeveralTexts(str):
    """Several texts one after the other, each of which can still be said in another language."""

    parts: tuple[str, ...]
    separator: str

    def __new__(cls, *parts: str, separator: str = " ") -> "SeveralTexts":
        """Return the texts joined, without those that are empty."""
        said = tuple(part for part in parts if part)
        texts = super().__new__(cls, separator.join(said))
        texts.parts, texts.separator = said, separator
        return texts

    def __getnewargs_ex__(self) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return what it is made of."""
        return self.parts, {"separator": self.separator}


def join_choices(choices: Iterable[str]) -> str:
    """Return what somebody can choose from: "8 or 9"."""
    return SeveralTexts(*choices, separator=English(" or "))


def translate(text: str, gettext: Callable[[str], str], change_others: Callable[[str], str] = str) -> str:
    """Return a text with each pattern in it as `gettext` has it, and with all else as `change_others` makes it."""
    if isinstance(text, SeveralTexts):
        parts = (translate(part, gettext, change_others) for part in text.parts)
        return SeveralTexts(*parts, separator=translate(text.separator, gettext))
    if not isinstance(text, English):
        return change_others(text)
    values = {
        name: translate(value, gettext, change_others) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return English(gettext(text.pattern), **values)
