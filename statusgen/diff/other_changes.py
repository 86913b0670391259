"""What differs and has no sentence of its own, by its keys: so that "no change" is never said wrongly.

It is looked for in the JSON itself, which also has the keys that this release does not know.
"""

from collections.abc import Iterator
from dataclasses import fields

from pydantic import JsonValue

from statusgen.diff.phrases import declared_labels
from statusgen.diff.published import PublishedData
from statusgen.english import English
from statusgen.keys import declared_keys
from statusgen.model import contacts as model_contacts
from statusgen.model import posts as model_posts
from statusgen.model import services as model_services
from statusgen.outputs.open_data.incidents import IncidentDocument, Update
from statusgen.outputs.open_data.shapes import IncidentFacts
from statusgen.outputs.open_data.status import ChannelNow, Contact, Service, StatusDocument

# The moment, and what the clock alone makes of it. The schema's address is for programs.
_CLOCK_KEYS = frozenset({"at", "next_change", "day", "services.day", "$schema"})
# What no sentence tells, and what changes without anything else.
_INDEPENDENT_KEYS = frozenset({"version", "language", "left_out", "statuses", "groups", "accessibility", "moved"})


def _sentence_keys(shape: type, kind: type) -> set[str]:
    """The keys that sentences tell, or that follow from those: all but what the model declares without a label."""
    return {field.name for field in fields(shape)} - (declared_keys(kind).keys() - declared_labels(kind).keys())


# By the key of what they are in. In everything else, each key is reported or follows from one that is.
_IMPLIED_KEYS = {
    "": {field.name for document in (StatusDocument, IncidentDocument) for field in fields(document)}
    - _INDEPENDENT_KEYS,
    "contacts": _sentence_keys(Contact, model_contacts.Contact),
    "services": _sentence_keys(Service, model_services.Service) | {"channels"},
    "services.channels": _sentence_keys(ChannelNow, model_services.Channel),
    "incident": {field.name for field in fields(IncidentFacts)},
    "updates": _sentence_keys(Update, model_posts.Update),
}


def find_other_changes(before: PublishedData, after: PublishedData, *, has_sentences: bool) -> list[str]:
    """Return the keys of other facts that differ, like `services.channels.kind`, that no sentence explains."""
    found = dict.fromkeys(key for _, key in _find_changed_keys(before, after))
    return [key for key in found if not (has_sentences and _is_implied(key))]


def has_translation_changes(
    first: tuple[PublishedData, PublishedData], translation: tuple[PublishedData, PublishedData]
) -> bool:
    """Return whether anything differs in another language that is the same in the first, each before and after."""
    return not set(_find_changed_keys(*translation)) <= set(_find_changed_keys(*first))


def _find_changed_keys(before: PublishedData, after: PublishedData) -> Iterator[tuple[str, str]]:
    """Yield the key of everything that differs, and before it the incident in whose document it does."""
    documents = [("", before.status.raw, after.status.raw)]
    documents += [
        (id, old.raw, after.incidents[id].raw) for id, old in before.incidents.items() if id in after.incidents
    ]
    for id, old, new in documents:
        yield from ((id, key) for key in _compare_values(old, new) if key not in _CLOCK_KEYS)


def _is_implied(path: str) -> bool:
    within = ""
    for key in path.split("."):
        if within in _IMPLIED_KEYS and key not in _IMPLIED_KEYS[within]:
            return False
        within = f"{within}.{key}" if within else key
    return True


def _compare_values(old: JsonValue, new: JsonValue, key: str = "") -> Iterator[str]:
    """Yield the key of everything that differs; things that have ids are compared by id.

    A key that is not there says the same as null, as no, and as an empty list: an older release did not write it yet.
    """
    if old == new or (old in (None, []) and new in (None, [])):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in (*new, *(name for name in old if name not in new)):
            was, now = old.get(name), new.get(name)
            if (name in old and name in new) or was or now:
                yield from _compare_values(was, now, f"{key}.{name}" if key else name)
    elif (old_by_id := _index_by_id(old)) and (new_by_id := _index_by_id(new)):
        shared = [id for id in old_by_id if id in new_by_id]
        for id in shared:
            yield from _compare_values(old_by_id[id], new_by_id[id], key)
        if len(shared) < max(len(old_by_id), len(new_by_id)):
            yield key
        if shared != [id for id in new_by_id if id in old_by_id]:
            yield English("the order of %(key)s", key=key)
    else:
        yield key


def _index_by_id(values: JsonValue) -> dict[str, JsonValue]:
    """Return the values of a list by their ids, or names; nothing if not every value has one of its own."""
    found: dict[str, JsonValue] = {}
    for value in values if isinstance(values, list) else ():
        id = value.get("id", value.get("name")) if isinstance(value, dict) else None
        if not isinstance(id, str) or id in found:
            return {}
        found[id] = value
    return found
