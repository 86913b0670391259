"""Values of published data as words in a sentence for the writer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_MAX_QUOTE_LENGTH = 100  # characters of a text that is quoted
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def describe_changed_facts(
    prefix: str, old: Mapping[str, Any], new: Mapping[str, Any], labels: Mapping[str, str]
) -> Iterator[str]:
    """A sentence, begun with `whose`, on each fact in `called` that is another now, has come, or is gone."""
    for key, what in labels.items():
        if old.get(key) != new.get(key):
            yield f"{prefix}{what} changed to {format_value(new.get(key))} (before: {format_value(old.get(key))})."


def format_value(value: Any) -> str:
    """A value of any kind in words."""
    match value:
        case None | "" | []:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case str():
            return format_time(value) if _TIMESTAMP.fullmatch(value) else quote(value)
        case list():
            return quote(join_parts(map(str, value)))
        case dict():
            return quote(
                join_parts(str(value[key]) for key in ("name", "kind_words", "phone", "url") if value.get(key))
            )
    return str(value)


def format_time(moment: str) -> str:
    """A moment (RFC 3339) as writers write it, on the site's own clocks: "2024-05-05 12:00". A date stays as it is."""
    return moment[:16].replace("T", " ") if _TIMESTAMP.fullmatch(moment) else moment


def quote(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= _MAX_QUOTE_LENGTH else line[: _MAX_QUOTE_LENGTH - 1] + "…"}"'


def join_parts(parts: Iterable[str]) -> str:
    """Several things in one sentence."""
    return ", ".join(parts)
