"""Links of an old page to itself: to its posts, which are here now, and to what is not here anymore."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from statusgen.imports.told import Note, NoteKind
from statusgen.problems import Place
from statusgen.text import quote_text

_END_OF_SENTENCE = ".,;:!?"


@dataclass(frozen=True)
class OwnLinks:
    """The address of the old page, and the ids of our posts by what followed its host in theirs.

    The new page often has the old address, and no link of it may lead to a page of its own that is not there.
    """

    url: str | None
    posts: Mapping[str, str]

    def settle(self, text: str, place: Place) -> tuple[str, list[Note]]:
        """Return a text whose links to the old page lead to our posts, or are words; and what was lost."""
        notes: list[Note] = []
        if self._pattern is None:
            return text, notes
        return self._pattern.sub(lambda found: self._write(found, place, notes), text), notes

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        """What matches a link, and an address that is written out; not one within code."""
        address = urlsplit(self.url or "")
        if not address.netloc:
            return None
        own = rf"https?://{re.escape(address.netloc + address.path.rstrip('/'))}(?![\w.:-])[^\s<>()\[\]\"'`]*"
        link = rf"\[(?P<words>[^\[\]\n]*)\]\(\s*<?(?P<target>{own})>?(?:\s+\"[^\"\n]*\")?\s*\)"
        return re.compile(rf"(?<![!`]){link}|(?<![\w`])<?(?P<bare>{own})>?", re.IGNORECASE)

    def _write(self, found: re.Match[str], place: Place, notes: list[Note]) -> str:
        target = found["target"] or found["bare"].rstrip(_END_OF_SENTENCE)
        address = urlsplit(target)
        path = address.path.rstrip("/")
        if path == self._front and not (address.query or address.fragment):
            return found[0]
        id = self.posts.get(path) or self.posts.get(f"{path}/")
        is_written_out = found["bare"] is not None or "://" in found["words"]
        rest = "" if found["bare"] is None else found["bare"][len(target) :]
        if id:
            return f"[{address.path if is_written_out else found['words']}]({id}.md){rest}"
        what = f"A link to a page of the old site that is not here became words: {quote_text(target)}."
        notes.append(Note(place, NoteKind.LOSS, what))
        return f"`{target}`{rest}" if is_written_out else found["words"]

    @cached_property
    def _front(self) -> str:
        return urlsplit(self.url or "").path.rstrip("/")
