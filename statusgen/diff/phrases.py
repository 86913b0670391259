"""Values of published data as words in a sentence for the writer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from statusgen.english import English, SeveralTexts
from statusgen.keys import declared_keys
from statusgen.outputs.open_data.shapes import Shape

_MAX_QUOTE_LENGTH = 100  # characters of a text that is quoted
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def declared_labels(kind: type) -> dict[str, str]:
    """Return what a sentence calls each key that the model declares of a kind of fact, where it has a label."""
    return {name: declared.key.label for name, declared in declared_keys(kind).items() if declared.key.label}


def describe_changed_facts(about: str, old: Shape, new: Shape, labels: Mapping[str, str]) -> Iterator[str]:
    """Describe each fact in `labels` that was changed, added or removed, in a sentence that says what it is `about`."""
    for key, label in labels.items():
        was, now = _read_fact(old, key), _read_fact(new, key)
        if was != now:
            values = {"fact": label, "now": format_value(now), "before": format_value(was)}
            change = English("%(fact)s changed to %(now)s (before: %(before)s).", **values)
            yield tell_of(about, change) if about else change


def tell_of(what: str, sentence: str) -> str:
    """Return a sentence with what it is about before it."""
    return English("%(about)s: %(sentence)s", about=what, sentence=sentence)


def _read_fact(shape: Shape, key: str) -> object:
    """Return the value of a key, in words where the document has them."""
    return getattr(shape, f"{key}_words", None) or getattr(shape, key)


def format_value(value: object) -> str:
    """Put a value of any kind into words."""
    match value:
        case None | "" | ():
            return English("nothing")
        case bool():
            return English("yes") if value else English("no")
        case int():
            return str(value)
        case str() if _TIMESTAMP.fullmatch(value):
            return format_time(value)
    return quote(_format_plainly(value))


def _format_plainly(value: object) -> str:
    match value:
        case Enum():
            return str(value.value)
        case tuple():
            return join_parts(map(_format_plainly, value))
        case Shape():  # without its id, and without codes that are there in words as well
            facts = {key: fact for key, fact in vars(value).items() if fact and f"{key}_words" not in vars(value)}
            return join_parts(_format_plainly(fact) for key, fact in facts.items() if key != "id")
    return str(value)


def format_time(moment: str) -> str:
    """Format a moment (RFC 3339) as writers write it: "2024-05-05 12:00" on the site's own clocks. Keep a date."""
    return moment[:16].replace("T", " ") if _TIMESTAMP.fullmatch(moment) else moment


def quote(text: str) -> str:
    """Quote the beginning of a text, on one line."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= _MAX_QUOTE_LENGTH else line[: _MAX_QUOTE_LENGTH - 1] + "…"}"'


def join_parts(parts: Iterable[str]) -> str:
    """Join several things for one sentence."""
    return SeveralTexts(*parts, separator=", ")
