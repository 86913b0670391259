"""Names and titles of another status page, on one line and no longer than a page can show."""

from statusgen.imports.texts import clean_line
from statusgen.imports.told import Note, NoteKind
from statusgen.problems import Place
from statusgen.text import quote_text

MOST_IN_NAME, MOST_IN_SUMMARY = 200, 2_000
"""How many letters a name and a summary can have."""


def fit_line(text: str | None, most: int, place: Place, notes: list[Note]) -> str:
    """Return a text on one line; one that is too long is cut, and noted."""
    line = clean_line(text or "")
    if len(line) <= most:
        return line
    notes.append(
        Note(place, NoteKind.LOSS, f"This is longer than {most:,} letters, so it was cut: {quote_text(line)}.")
    )
    return f"{line[: most - 1].rstrip()}…"
