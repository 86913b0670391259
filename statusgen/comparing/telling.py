"""Values of published data as words in a sentence for the writer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_LONGEST = 100  # characters of a text that is quoted
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def replaced(whose: str, old: Mapping[str, Any], new: Mapping[str, Any], called: Mapping[str, str]) -> Iterator[str]:
    """A sentence, begun with `whose`, on each fact in `called` that is another now, has come, or is gone."""
    for key, what in called.items():
        if old.get(key) != new.get(key):
            yield f"{whose}{what} changed to {words(new.get(key))} (before: {words(old.get(key))})."


def words(value: Any) -> str:
    """A value of any kind in words."""
    match value:
        case None | "" | []:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case str():
            return time(value) if _MOMENT.fullmatch(value) else quoted(value)
        case list():
            return quoted(joined(map(str, value)))
        case dict():
            return quoted(joined(str(value[key]) for key in ("name", "kind_words", "phone", "url") if value.get(key)))
    return str(value)


def time(moment: str) -> str:
    """A moment (RFC 3339) as writers write it, on the site's own clocks: "2024-05-05 12:00". A date stays as it is."""
    return moment[:16].replace("T", " ") if _MOMENT.fullmatch(moment) else moment


def quoted(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"}"'


def joined(parts: Iterable[str]) -> str:
    """Several things in one sentence."""
    return ", ".join(parts)
