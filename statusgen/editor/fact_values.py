"""Facts of a post, or of an update, before they become YAML."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

FactValue: TypeAlias = str | bool | Sequence["FactValue"] | Mapping[str, "FactValue"] | None
Facts: TypeAlias = dict[str, FactValue]
"""Keys in the order in which they are written, each with its value."""


def drop_empty(facts: Mapping[str, FactValue | None]) -> Facts:
    """Return the facts that have a value."""
    return {key: value for key, value in facts.items() if value}
