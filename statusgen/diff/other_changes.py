"""What differs and has no sentence of its own, by its keys: so that "no change" is never said wrongly."""

from collections.abc import Iterator
from typing import Any

from statusgen.diff.published import PublishedData

# The moment, and what the clock alone makes of it. The schema's address is for programs.
_CLOCK_KEYS = frozenset({"at", "next_change", "day", "services.day", "$schema"})
# Where something is told, these follow from it, or are told themselves, with all that is in them.
_IMPLIED_KEYS = (
    "url page history languages sentence emergency demonstration problems in_maintenance total stale checked "
    "essential_working next_update contacts incidents waivers deadlines reminders changed changed_last site "
    "incident updates holds windows estimates"
)
_IMPLIED_SERVICE_KEYS = (
    "page problem since since_before restored checked stale sentence advice expected next_update waivers incidents "
    "status status_words name summary operator group keywords code essential"
)
_IMPLIED_CHANNEL_KEYS = (
    "status status_words since since_before open automatic temporary name kind url phone address hours accepts "
    "accepts_words bring fee opens closes"
)


def find_other_changes(before: PublishedData, after: PublishedData, *, has_sentences: bool) -> list[str]:
    """The keys of other facts that differ, like `services.channels.kind`; `told` is whether any sentence was said."""
    found = dict.fromkeys(key for _, key in _find_changed_keys(before, after))
    return [key for key in found if not (has_sentences and _is_implied(key))]


def has_translation_changes(
    first: tuple[PublishedData, PublishedData], translation: tuple[PublishedData, PublishedData]
) -> bool:
    """Whether anything differs in another language that is the same in the first, each before and after."""
    return not set(_find_changed_keys(*translation)) <= set(_find_changed_keys(*first))


def _find_changed_keys(before: PublishedData, after: PublishedData) -> Iterator[tuple[str, str]]:
    """The key of everything that differs, and the incident in whose document it does."""
    documents = [("", before.status, after.status)]
    documents += [(id, old, after.incidents[id]) for id, old in before.incidents.items() if id in after.incidents]
    for id, old, new in documents:
        yield from ((id, key) for key in _compare_values(old, new) if key not in _CLOCK_KEYS)


def _is_implied(key: str) -> bool:
    match key.split("."):
        case ["services"] | ["services", "channels"]:
            return True
        case ["services", "channels", part, *_]:
            return part in _IMPLIED_CHANNEL_KEYS.split()
        case ["services", part, *_]:
            return part in _IMPLIED_SERVICE_KEYS.split()
        case [part, *_]:
            return part in _IMPLIED_KEYS.split()
    return False


def _compare_values(old: Any, new: Any, key: str = "") -> Iterator[str]:
    """The key of everything that differs; things that have an id are compared with their like."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in (*new, *(name for name in old if name not in new)):
            yield from _compare_values(old.get(name), new.get(name), f"{key}.{name}" if key else name)
    elif (was := _index_by_id(old)) and (now := _index_by_id(new)):
        shared = [id for id in was if id in now]
        for id in shared:
            yield from _compare_values(was[id], now[id], key)
        if len(shared) < max(len(was), len(now)):
            yield key
        if shared != [id for id in now if id in was]:
            yield f"the order of {key}"
    else:
        yield key


def _index_by_id(values: Any) -> dict[str, Any]:
    """The values of a list by their ids; none where they have none, or not one each."""
    if not isinstance(values, list):
        return {}
    found = {value["id"]: value for value in values if isinstance(value, dict) and isinstance(value.get("id"), str)}
    return found if len(found) == len(values) else {}
