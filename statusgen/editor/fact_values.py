"""Facts of a post, or of an update, before they become YAML."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

FactValue: TypeAlias = str | bool | Sequence["FactValue"] | Mapping[str, "FactValue"] | None
Facts: TypeAlias = dict[str, FactValue]
"""Keys in the order in which they are written, each with its value."""


BEFORE = "before "
"""What `since` begins with where nobody knows the beginning itself; posts have a key of its own for that."""


def drop_empty(facts: Mapping[str, FactValue | None]) -> Facts:
    """Return the facts that have a value."""
    return {key: value for key, value in facts.items() if value}


def name_start(entry: Mapping[str, FactValue]) -> Facts:
    """Return what is said of a service with `started_before: TIME` in place of `since: before TIME`."""
    return dict(_name_start(key, value) for key, value in entry.items())


def _name_start(key: str, value: FactValue) -> tuple[str, FactValue]:
    if key == "since" and isinstance(value, str) and value.startswith(BEFORE):
        return "started_before", value.removeprefix(BEFORE)
    return key, value
