"""A table of outages in a file of CSV, as a spreadsheet saves it.

Each row is one outage: what it was, since when, until when, which services, how they stood, what was said. Where a
column names the outage, the rows with the same name are one: the first begins it, and each other is an update of it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from statusgen.content.format.synonyms import resolve_synonym
from statusgen.imports.names import ServiceNames
from statusgen.imports.source import Answers, Source, SourceError
from statusgen.imports.texts import clean_line
from statusgen.imports.times import read_time
from statusgen.imports.told import Note, NoteKind, Told, ToldPost, ToldUpdate
from statusgen.model.states import Kind, State
from statusgen.model.statuses import WRITTEN_STATUSES, Status
from statusgen.model.times import When
from statusgen.problems import InvalidValue, Place
from statusgen.text import did_you_mean, fold_word, quote_text

COLUMNS = {
    "title": "What it is about.",
    "started": "When it began.",
    "ended": "When it was over.",
    "services": "The services, with semicolons between them.",
    "status": "Their status: one of ours, like down or degraded, or resolved in the row that ends it.",
    "text": "What was said.",
    "end_text": "What was said when it was over.",
    "incident": "What the rows of one outage have in common, like a number.",
    "time": "When a row was written; otherwise when it began.",
    "group": "The group that the services belong to.",
}
"""What a column can have in it, by the name that --column has for that."""

_REQUIRED = ("title", "started", "services", "status")
_DELIMITERS = ",;\t|"
_MAX_ROWS = 100_000
_RESOLVED = frozenset(("resolved", "closed", "fixed", "restored", "completed", "done", "over", "ok"))
_BY_VALUE = {status.value: status for status in WRITTEN_STATUSES}


@dataclass(frozen=True)
class _Row:
    """What is in the columns of one row, and where it is."""

    cells: Mapping[str, str]
    place: Place

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read(source: Source, answers: Answers) -> Told:
    """Return what a table tells; raises SourceError."""
    path = _find_file(source)
    text = source.read_text(path) or ""
    reader = _TableReader(answers.choose_zone())
    posts = list(reader.read(_read_rows(text, path, answers.columns)))
    groups = [service.group for service in reader.names.services if service.group]
    return Told(
        title=None,
        url=None,
        timezone=reader.zone.key,
        groups=tuple(dict.fromkeys(groups)),
        services=tuple(reader.names.services),
        posts=tuple(posts),
        notes=(*reader.notes, *reader.names.notes),
    )


def _find_file(source: Source) -> str:
    files = [path for ending in ("csv", "tsv", "txt") for path in source.list_files(f"*.{ending}")]
    if len(files) != 1:
        raise SourceError(f"{source.name} is not one table: name the file of CSV itself. Nothing was written.")
    return files[0]


def _read_rows(text: str, path: str, columns: Mapping[str, str]) -> Iterator[_Row]:
    """Yield the rows below the headings; raise SourceError if a column is not there."""
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        example = '--column title=Outage --column started="Began at" --column services=System --column status="=down"'
        words = ", ".join(missing)
        raise SourceError(f"Which columns have these: {words}? Say it like {example}. Nothing was written.")
    fixed = {name: heading[1:] for name, heading in columns.items() if heading.startswith("=")}
    wanted = {name: _fold(heading) for name, heading in columns.items() if name not in fixed}
    positions: dict[str, int] | None = None
    nearest: list[str] = []
    for line, cells in _split_rows(text, path, _choose_delimiter(text, set(wanted.values()))):
        folded = [_fold(cell) for cell in cells]
        if positions is None:
            nearest = max(nearest, cells, key=lambda row: len({*map(_fold, row)} & {*wanted.values()}))
            if set(wanted.values()) <= set(folded):
                positions = {name: folded.index(heading) for name, heading in wanted.items()}
            continue
        found = {name: cells[position].strip() for name, position in positions.items() if position < len(cells)}
        if any(found.values()):
            yield _Row({**fixed, **found}, Place(path, line))
    if positions is None:
        lacking = next((columns[name] for name, heading in wanted.items() if heading not in map(_fold, nearest)), "")
        what = f"No row of {path} has the heading {quote_text(lacking)} and the others that were named."
        raise SourceError(f"{what} {did_you_mean(lacking, filter(str.strip, nearest))} Nothing was written.")


def _choose_delimiter(text: str, headings: Set[str]) -> str:
    """Return what divides the cells: by it, the most of the headings are cells of one row. Most often it is a comma."""
    sample = text[:20_000]

    def count_headings(delimiter: str) -> int:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        return max((len({*map(_fold, row)} & headings) for row in rows), default=0)

    return max(_DELIMITERS, key=count_headings)


def _split_rows(text: str, path: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its line; raise SourceError."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for number, cells in enumerate(rows):
            if number > _MAX_ROWS:
                raise SourceError(f"{path} has more than {_MAX_ROWS:,} rows. Nothing was written.")
            yield line, cells
            line = rows.line_num + 1
    except csv.Error as error:
        raise SourceError(f"{path}:{line} cannot be read as CSV: {error}. Nothing was written.") from None


def _fold(heading: str) -> str:
    return " ".join(heading.casefold().split())


@dataclass
class _TableReader:
    """Makes posts of rows."""

    zone: ZoneInfo
    names: ServiceNames = field(default_factory=lambda: ServiceNames((), has_configuration=False))
    notes: list[Note] = field(default_factory=list)

    def read(self, rows: Iterable[_Row]) -> Iterator[ToldPost]:
        """Yield one post for each outage."""
        outages: dict[str, list[_Row]] = {}
        for row in rows:
            key = row["incident"] or f"{row['started']} {row['title']}".strip()
            outages.setdefault(key, []).append(row)
        for key, group in outages.items():
            yield from self.read_outage(" ".join(key.split()), group)

    def read_outage(self, key: str, rows: Sequence[_Row]) -> Iterator[ToldPost]:
        """Yield the post of one outage; none, with a question, if nobody says when it began."""
        first, *others = rows
        started = self.read_time(first, "started")
        if started is None:
            what = "This was left out, because nobody says when it began. When was it?"
            self.note(first, NoteKind.QUESTION, what)
            return
        statuses = self.read_statuses(first, {})
        ends = [end for row in rows if (end := self.read_time(row, "ended"))]
        end = self.check_end(rows[-1], started, ends[-1] if ends else None)
        is_planned = set(statuses.values()) == {Status.MAINTENANCE}
        if is_planned and not end:
            what = "This is planned work without an end, so it is a notice. When was it over?"
            self.note(first, NoteKind.QUESTION, what)
        kind = (Kind.MAINTENANCE if end else Kind.NOTICE) if is_planned else Kind.INCIDENT if statuses else Kind.NOTICE
        about = tuple(self.read_services(first))
        if kind is Kind.NOTICE:
            statuses = {}
        written = self.read_time(first, "time") or started
        opening = ToldUpdate(written, None, first["text"], first.place, statuses, () if statuses else about)
        updates = [opening, *self.read_updates(others, started, statuses)]
        if end and not any(update.state is State.RESOLVED for update in updates):
            working = dict.fromkeys((name for update in updates for name in update.statuses), Status.WORKING)
            words = next((row["end_text"] for row in reversed(rows) if row["end_text"]), "")
            updates.append(ToldUpdate(end, State.RESOLVED, words, rows[-1].place, working))
        yield ToldPost(
            key=key,
            title=first["title"],
            kind=kind,
            started=started,
            updates=(updates[0], *sorted(updates[1:], key=lambda update: update.time.last_minute)),
            place=first.place,
            starts=started if kind is Kind.MAINTENANCE else None,
            ends=end if kind is Kind.MAINTENANCE else None,
            unpublished=any([self.lacks_end(rows, updates, end), not clean_line(first["title"])]),
        )

    def lacks_end(self, rows: Sequence[_Row], updates: Sequence[ToldUpdate], end: When | None) -> bool:
        """Return whether a post has to wait, with a question, until somebody says when it was over.

        A table with a column for ends leaves a cell empty because it goes on, or because nobody filled it in.
        """
        if end or any(update.state is State.RESOLVED for update in updates) or "ended" not in rows[0].cells:
            return False
        if not any(row["ended"] for row in rows):
            what = "Nobody says when this was over, so its post is a draft. If it goes on, delete the line draft: true."
            self.note(rows[-1], NoteKind.QUESTION, f"{what} If not, when was it over?")
        return True

    def read_updates(self, rows: Sequence[_Row], started: When, statuses: Mapping[str, Status]) -> Iterator[ToldUpdate]:
        """Yield what the rows below the first one say."""
        known = dict(statuses)
        for row in rows:
            time = self.read_time(row, "time") or self.read_time(row, "started")
            is_known = time is not None and (bool(row["time"]) or time != started)
            if time is None or not is_known:
                time = When.day(started.start.astimezone(self.zone).date(), self.zone)
            is_end = fold_word(row["status"]) in _RESOLVED
            said = dict.fromkeys(known, Status.WORKING) if is_end else self.read_statuses(row, known)
            known |= said
            state, words = State.RESOLVED if is_end else None, row["text"] or row["end_text"]
            yield ToldUpdate(time, state, words, row.place, said, is_time_known=is_known)

    def read_services(self, row: _Row) -> Iterator[str]:
        """Yield the names of the services of a row, as posts speak of them."""
        for written in re.split(r"[;\n]", row["services"]):
            if written.strip():
                yield self.names.find(written, row.place, row["group"] or None)

    def read_statuses(self, row: _Row, known: Mapping[str, Status]) -> dict[str, Status]:
        """Return the status of each service of a row; of those that are known already, if it names none."""
        names = [*self.read_services(row)] or [*known]
        word = fold_word(row["status"])
        status = _BY_VALUE.get(resolve_synonym(word, [*_BY_VALUE]))
        if status is None and word:
            choices = ", ".join(_BY_VALUE)
            what = f"There is no status {quote_text(row['status'])}, so none was taken. Which is meant: {choices}?"
            self.note(row, NoteKind.QUESTION, what)
        return dict.fromkeys(names, status) if status else {}

    def check_end(self, row: _Row, started: When, end: When | None) -> When | None:
        """Return an end that can be true."""
        if end and end.end <= started.start:
            what = "It was over before it began, so its post is a draft. Which of the two times is right?"
            self.note(row, NoteKind.QUESTION, what)
            return None
        return end

    def read_time(self, row: _Row, column: str) -> When | None:
        """Return the time in a column; None if there is none, with a question if it is something else."""
        if not row[column]:
            return None
        try:
            read = read_time(row[column], self.zone)
        except InvalidValue as error:
            waits = " Until that is known, its post is a draft." if column == "ended" else ""
            self.note(row, NoteKind.QUESTION, f"{error.what} Which time is meant by {column}?{waits}")
            return None
        if read.guess:
            self.note(row, NoteKind.GUESS, read.guess)
        return read.when

    def note(self, row: _Row, kind: NoteKind, what: str) -> None:
        """Note something about a row."""
        self.notes.append(Note(row.place, kind, what))
