"""What somebody's page or monitor says of a component of theirs, in our terms."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape

import nh3
from pydantic import AwareDatetime

from statusgen.model.statuses import Status
from statusgen.text import invisible

MAX_TITLE_LENGTH = 120
WHOLE_PAGE = ""
"""The name of what a page says of itself as a whole."""
_MAX_HTML_LENGTH = 20_000


class NotReadError(Exception):
    """A page or a monitor that cannot be read, and why, as the end of a sentence. It is never taken for "all well"."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How one component stands by what others say; `NOT_SAID` if they say nothing that has a meaning for us.

    `since` is their own time, if they give one. `title` is plain text, what they call the problem, and `url` where they
    tell of it. `word` is theirs for the status, if it is not one that is known.
    """

    name: str
    status: Status
    since: AwareDatetime | None = None
    title: str = ""
    url: str = ""
    id: str = ""
    word: str = ""


def translate_word(word: str, statuses: Mapping[str, Status]) -> tuple[Status, str]:
    """Return the status that a word of theirs stands for, and the word itself if that is not known."""
    status = statuses.get(word.casefold())
    return (Status.NOT_SAID, plain_text(word)) if status is None else (status, "")


def find_component(seen: Iterable[Seen], component: str | None) -> Seen | None:
    """Return what was said of a component, by its id or its name there, or of the page as a whole."""
    wanted = (component or WHOLE_PAGE).casefold()
    found = [each for each in seen if wanted in (each.name.casefold(), (each.id or each.name).casefold())]
    return worst_of(found) if found else None


def worst_of(seen: Iterable[Seen]) -> Seen:
    """Return the worst of several, and of equal ones the first; a status that is not known counts most of what works.

    There has to be one.
    """
    return max(seen, key=lambda each: (each.status.severity, bool(each.word)))


def summarize(seen: Iterable[Seen]) -> Seen:
    """Return what several components say of a page as a whole, whose worst one names the problem."""
    found = list(seen)
    if not found:
        return Seen(WHOLE_PAGE, Status.NOT_SAID)
    worst = worst_of(found)
    return Seen(WHOLE_PAGE, worst.status, worst.since, worst.title, worst.url, word=worst.word)


def plain_text(text: str, max_length: int = MAX_TITLE_LENGTH) -> str:
    """Return words of others on one line: without tags, without characters that hide or reorder, and not too long."""
    # A space first: what two paragraphs say are not one word.
    tagged = text[:_MAX_HTML_LENGTH].replace("<", " <")
    bare = unescape(nh3.clean(tagged, tags=set())) if re.search("[<&]", tagged) else tagged
    line = " ".join(invisible().sub(" ", bare[:_MAX_HTML_LENGTH]).split())
    return line if len(line) <= max_length else line[: max_length - 1].rstrip() + "…"
