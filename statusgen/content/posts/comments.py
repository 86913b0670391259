"""What a note to colleagues looks like, and what is said of one: it would be shown, because HTML in posts is text."""

import html
import re

from statusgen.english import English

# Word processors make one dash of two.
_COMMENT = r"<!(?:--|[\u2010-\u2015])"
# Markdown hides a link that stands apart and is never used, "[//]: # (ask Bob)", but only if it is written exactly so.
_UNUSED_LINK = (
    r"\[//\]:|^[\s>|*+-]{0,20}\[(?:(?:comment|%)\]:[ \n]{0,3}[#<(]|"
    r"[^\[\]\n]{1,99}\]:[ \n]{1,3}(?:#|<#?>)(?:[ ]{1,3}[(\"']|$))"
)
_NOTE = re.compile(f"{_COMMENT}|{_UNUSED_LINK}", re.IGNORECASE | re.MULTILINE)
_POSSIBLE_NOTE = re.compile(r"<[^A-Za-z0-9\s]|&(?:lt|LT|#)|\]:|\](?=[\\*_`&])")
_HIDDEN_LINK = re.compile(r"""[\s>*+-]{0,20}\[[^\[\]\n]*\]:[ ]*[^\s]+(?:[ ]+(?:".*"|'.*'|\(.*\)))?[ ]*""")
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_HINT = English(
    "Notes to colleagues do not belong in a post; delete it, or write it between backticks if readers are to see it."
)


def has_note(shown: str) -> bool:
    """Return whether a note is in what readers see."""
    return bool(_NOTE.search(shown))


def may_show_note(written: str) -> bool:
    """Return whether a text as it was written could show a note; this is quick to find out."""
    return bool(_POSSIBLE_NOTE.search(written))


def is_hidden_note(line: str) -> bool:
    """Return whether a line is a link that Markdown hides, with all of its title on the line."""
    return bool(_HIDDEN_LINK.fullmatch(line))


def find_note(written: str) -> str | None:
    """Return a note from its beginning on, if one is in a text as it was written, escaped or not."""
    plain = _BACKSLASH.sub("", html.unescape(written))
    found = _NOTE.search(plain)
    return plain[found.start() :].lstrip() if found else None


def describe_note(note: str) -> tuple[str, str]:
    """Return what is wrong with a note, and what to do about it."""
    if note.startswith("<"):
        return English("A note between <!-- and --> is here, which every reader would see."), _HINT
    return English("A note behind a name in brackets, such as [//]:, is here, which every reader would see."), _HINT
