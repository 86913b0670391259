"""The blanks of prepared texts, filled in with their own examples."""

import re

# What a blank says beside its question; that of a service says only which.
_EXAMPLE = re.compile(r".*?\b(?:like|por ejemplo):? (?P<example>[^;]+)(?:; (?:or|o) .*)?")


def example_of(blank: str) -> str:
    """Return the example of an answer that a blank gives, by the words between its brackets."""
    found = _EXAMPLE.fullmatch(blank)
    assert found, f"[[{blank}]] gives no example"
    return found["example"]
