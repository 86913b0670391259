"""import-report.md: what the import guessed, what it lost, and what only a person can say.

A later import reads the report that is there. People tick its questions, and what it does not have yet is told first.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from statusgen.imports.told import Note, NoteKind, Told
from statusgen.model.states import Kind
from statusgen.problems import Place
from statusgen.text import printable

REPORT_FILE = "import-report.md"
_MOST_PLACES = 50
_MARKS = re.compile(r"[<\[\]@]")
_SECTIONS = {
    NoteKind.QUESTION: (
        "Questions",
        "Only a person can say this. Until someone does, the site says less. Check off what is answered: `- [x]`.",
    ),
    NoteKind.GUESS: ("Guesses", "The source does not say this, and something was chosen. Check whether it is right."),
    NoteKind.LOSS: ("Losses", "The source says this, and the site does not."),
}
_NOUNS = {Kind.INCIDENT: "incidents", Kind.MAINTENANCE: "planned work", Kind.NOTICE: "notices"}
_LINE = re.compile(
    r"- (?:\[(?P<tick>[ xX])\] )?(?P<places>`[^`]+`(?:, `[^`]+`)*)(?: and (?P<more>\d+) more)?: (?P<what>.+)"
)


@dataclass(frozen=True)
class Report:
    """The text of the report, and the notes in it: those that no earlier one had, and the questions that are ticked.

    Of the first report, all notes are `new`.
    """

    text: str
    notes: frozenset[Note]
    new: frozenset[Note]
    answered: frozenset[Note]


def make_report(told: Told, title: str, source: str, notes: Iterable[Note], earlier: str | None) -> Report:
    """Return the report of an import: only of what the source tells, so that the same import has the same report.

    `earlier` is the text of the report that is there. If it has the same lines, it stays as it is.
    """
    found = frozenset(notes)
    known = _Earlier(earlier or "")
    new = frozenset(known.find_new(found))
    answered = frozenset(note for note in found - new if note.kind is NoteKind.QUESTION and known.is_ticked(note))
    counts = ", ".join(f"{_NOUNS[kind]}: {sum(post.kind is kind for post in told.posts)}" for kind in Kind)
    lines = [
        f"# What was imported from {title}",
        "",
        f"Source: `{printable(source)}`. Services: {len(told.services)}. Posts: {len(told.posts)} ({counts}).",
        "",
        "Each line names the file of the source and the line in it. This file is not published. The next import reads",
        "it: what is checked off stays so, and what is not in it yet is listed first. A line that was deleted comes "
        "back.",
    ]
    for kind in _SECTIONS if earlier is not None else ():
        if of_kind := [note for note in new if note.kind is kind]:
            lines += ["", f"## New {_SECTIONS[kind][0].lower()}", "", *_list_notes(kind, of_kind, answered)]
    for kind, (heading, _) in _SECTIONS.items():
        rest = [note for note in (found if earlier is None else found - new) if note.kind is kind]
        lines += ["", f"## {heading}", "", *_list_notes(kind, rest, answered)]
    text = "\n".join(lines) + "\n"
    is_same = earlier is not None and _find_content(earlier) == _find_content(text)
    return Report(earlier if is_same and earlier else text, found, new, answered)


def _list_notes(kind: NoteKind, notes: Iterable[Note], answered: frozenset[Note]) -> Iterator[str]:
    """Yield the lines for notes of one kind, with those of the same words together."""
    places: dict[tuple[str, bool], list[Place]] = defaultdict(list)
    for note in sorted(notes):
        places[note.what, note in answered].append(note.place)
    if not places:
        yield "None."
        return
    yield from (_SECTIONS[kind][1], "")
    is_question = kind is NoteKind.QUESTION
    for (what, is_answered), where in sorted(places.items(), key=lambda entry: (entry[1][0], entry[0])):
        # Of a question every place is listed: a person ticks it, and the next import has to know of which.
        most = len(where) if is_question else _MOST_PLACES
        shown = ", ".join(f"`{_write_place(place)}`" for place in where[:most])
        more = f" and {len(where) - most} more" if len(where) > most else ""
        box = f"[{'x' if is_answered else ' '}] " if is_question else ""
        yield f"- {box}{shown}{more}: {_write_words(what)}"


def _write_words(what: str) -> str:
    """Return the words of a note; what is quoted of the source is no link, picture or tag where the report is shown."""
    return _MARKS.sub(lambda mark: f"&#{ord(mark[0])};", what)


def _write_place(place: Place) -> str:
    return printable(str(place)).replace("`", "'")


def _find_content(text: str) -> list[str]:
    """Return the lines that say something, in any section."""
    return sorted(line for line in text.split("\n") if line.startswith(("- ", "Source: ")))


class _Earlier:
    """The notes of a report that is there: by their words and their files, each place with whether it is ticked."""

    def __init__(self, text: str) -> None:
        self._ticks: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
        self._more: dict[str, int] = defaultdict(int)
        for line in text.split("\n"):
            if not (found := _LINE.fullmatch(line)):
                continue
            self._more[found["what"]] += int(found["more"] or 0)
            for place in found["places"].strip("`").split("`, `"):
                ticks = self._ticks[found["what"], _file_of(place)]
                ticks[place] = found["tick"] in ("x", "X")

    def find_new(self, notes: Iterable[Note]) -> Iterator[Note]:
        """Yield the notes that it does not have.

        What is added to a file moves the lines below it. So a note is known by its words and its file, unless there are
        more of these than before.
        """
        by_words: dict[tuple[str, str], list[Note]] = defaultdict(list)
        for note in sorted(notes):
            by_words[_write_words(note.what), _file_of(_write_place(note.place))].append(note)
        for key, group in by_words.items():
            known = self._ticks.get(key, {})
            unknown = [note for note in group if _write_place(note.place) not in known]
            excess = len(group) - len(known)
            if excess <= 0:
                continue
            if excess <= self._more[key[0]]:
                self._more[key[0]] -= excess
                continue
            yield from unknown if len(unknown) == excess else group

    def is_ticked(self, note: Note) -> bool:
        """Return whether somebody ticked it: at its place, or all that it can have been where the lines moved."""
        place = _write_place(note.place)
        known: Mapping[str, bool] = self._ticks.get((_write_words(note.what), _file_of(place)), {})
        return known.get(place, bool(known) and all(known.values()))


def _file_of(place: str) -> str:
    return place.rpartition(":")[0]
