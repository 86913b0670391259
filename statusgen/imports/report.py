"""import-report.md: what the import guessed, what it lost, and what only a person can say."""

import re
from collections import defaultdict
from collections.abc import Iterable

from statusgen.imports.told import Note, NoteKind, Told
from statusgen.model.states import Kind
from statusgen.problems import Place
from statusgen.text import printable

REPORT_FILE = "import-report.md"
_MOST_PLACES = 50
_MARKS = re.compile(r"[<\[\]@]")
_SECTIONS = {
    NoteKind.QUESTION: ("Questions", "Only a person can say this. Until somebody does, the site says less."),
    NoteKind.GUESS: ("Guesses", "The source does not say this, and something was chosen. Look whether it is right."),
    NoteKind.LOSS: ("Losses", "The source says this, and the site does not."),
}
_NOUNS = {Kind.INCIDENT: "incidents", Kind.MAINTENANCE: "planned work", Kind.NOTICE: "notices"}


def make_report(told: Told, title: str, source: str, notes: Iterable[Note]) -> str:
    """Return the report of an import: only of what the source tells, so that the same import has the same report."""
    found = sorted(set(notes))
    counts = ", ".join(f"{_NOUNS[kind]}: {sum(post.kind is kind for post in told.posts)}" for kind in Kind)
    lines = [
        f"# What was imported from {title}",
        "",
        f"Source: `{printable(source)}`. Services: {len(told.services)}. Posts: {len(told.posts)} ({counts}).",
        "",
        "Each line names the file of the source and the line in it. This file is not published.",
    ]
    for kind, (heading, meaning) in _SECTIONS.items():
        lines += ["", f"## {heading}", "", *_list_notes(meaning, [note for note in found if note.kind is kind])]
    return "\n".join(lines) + "\n"


def _list_notes(meaning: str, notes: list[Note]) -> list[str]:
    """Return the lines for notes, with those of the same words together."""
    if not notes:
        return ["None."]
    places: dict[str, list[Place]] = defaultdict(list)
    for note in notes:
        places[note.what].append(note.place)
    lines = [meaning, ""]
    for what, where in sorted(places.items(), key=lambda entry: (entry[1][0], entry[0])):
        shown = ", ".join(f"`{printable(str(place))}`" for place in where[:_MOST_PLACES])
        more = f" and {len(where) - _MOST_PLACES} more" if len(where) > _MOST_PLACES else ""
        # What is quoted of the source is no link, picture or tag where the report is shown.
        lines.append(f"- {shown}{more}: {_MARKS.sub(lambda mark: f'&#{ord(mark[0])};', what)}")
    return lines
