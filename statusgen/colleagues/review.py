"""Who else has read what is published, as the writer says; a site can ask for that (`review: two`)."""

from pathlib import Path

from statusgen.git import run_git_text
from statusgen.text import printable


def format_reader(name: str) -> str:
    """Return how the message of a commit names who has read it: a trailer of git; "" for nobody."""
    shown = printable(" ".join(name.split()))
    return f"Reviewed-by: {shown}" if shown else ""


def is_somebody_else(source: Path, name: str) -> bool:
    """Return whether a name is given, and is not the one by which git knows the writer."""
    said, writer = " ".join(name.split()).casefold(), run_git_text(source, "config", "user.name") or ""
    return bool(said) and said != " ".join(writer.split()).casefold()
