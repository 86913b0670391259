"""RSS and Atom (RFC 4287): what somebody publishes as news.

A feed has no status. An entry that is not over is that something may be wrong (`UNKNOWN`), and a person has to read it;
one whose newest word is "resolved" or "completed" is that it is over. Most status pages begin each update with such a
word, in English.
"""

import calendar
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from statusgen.follow.seen import WHOLE_PAGE, NotReadError, Seen, plain_text
from statusgen.follow.sources.shape import Source, read_moment
from statusgen.model.statuses import Status
from statusgen.problems import StatusgenError

MAX_ENTRIES = 50
_STATE = re.compile(
    # What is not, is to be, or is partly so is not so.
    r"(?<!\bnot )(?<!n't )(?<!\bnon-)(?<!\bbe )(?<!\bbeing )(?<!\buntil )(?<!\bpartially )(?<!\bpartly )"
    r"\b(resolved|completed|operational|investigating|identified|monitoring|in progress|verifying|scheduled|update)\b",
    re.IGNORECASE,
)
_OVER, _NOT_YET = ("resolved", "completed", "operational"), ("scheduled",)
_MAX_TEXT_LENGTH = 5_000


def _read(documents: Sequence[bytes]) -> list[Seen]:
    """Return an entry each for the page as a whole, by what its newest says, and for each of the newest entries."""
    try:
        import feedparser  # only those who follow a feed need it
    except ImportError:
        raise StatusgenError("To follow a feed: pip install 'statusgen[follow]'") from None
    # Markup is taken out below; of what a document names, nothing is fetched.
    parsed = feedparser.parse(BytesIO(documents[0]), sanitize_html=True, resolve_relative_uris=False)
    is_broken = parsed.bozo and not isinstance(parsed.bozo_exception, feedparser.CharacterEncodingOverride)
    if not parsed.get("version") or is_broken:
        raise NotReadError("what it sends is no feed, or only a part of one")
    found = [(_newest_time(entry), entry) for entry in parsed.entries[:MAX_ENTRIES]]
    found.sort(key=lambda each: each[0] or datetime.min.replace(tzinfo=UTC), reverse=True)
    return [_describe(entry) for _, entry in found]


def _describe(entry: Any) -> Seen:
    """Return an entry: its text is its name, so that a component is found in it."""
    title = plain_text(str(entry.get("title", "")))
    text = plain_text(f"{entry.get('title', '')} . {_content(entry)}", _MAX_TEXT_LENGTH)
    state = _STATE.search(text)
    word = state[1].casefold() if state else ""
    status = Status.WORKING if word in _OVER else Status.NOT_SAID if word in _NOT_YET else Status.UNKNOWN
    first = _time(entry.get("published_parsed")) or _time(entry.get("updated_parsed"))
    return Seen(text, status, first if status is Status.UNKNOWN else None, title, str(entry.get("link", "")))


def _content(entry: Any) -> str:
    contents = [str(each.get("value", "")) for each in entry.get("content", [])[:1]]
    return " ".join([*contents, str(entry.get("summary", ""))])


def _newest_time(entry: Any) -> datetime | None:
    return _time(entry.get("updated_parsed")) or _time(entry.get("published_parsed"))


def _time(parsed: Any) -> datetime | None:
    """Return a moment that feedparser has read, which is in UTC."""
    try:
        return read_moment(datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat())
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _find_entry(entries: Sequence[Seen], component: str | None) -> Seen:
    """Return the newest entry that is about a component, or the newest of all; NOT_SAID if there is none."""
    wanted = (component or WHOLE_PAGE).casefold()
    about = next((each for each in entries if wanted in each.name.casefold()), None)
    if about is None:
        return Seen(component or WHOLE_PAGE, Status.NOT_SAID)
    return Seen(component or WHOLE_PAGE, about.status, about.since, about.title, about.url)


FEED = Source(lambda source: [source], _read, _find_entry)
