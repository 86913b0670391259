"""Who writes: the name under which this computer keeps changes."""

from pathlib import Path

from statusgen.git import run_git
from statusgen.text import printable

_MAX_NAME = 60


def find_person(source: Path) -> str:
    """Return the name that git knows the person by; "" if it knows none."""
    name = run_git(source, "config", "user.name")
    return printable(name.decode(errors="replace").strip())[:_MAX_NAME] if name else ""
