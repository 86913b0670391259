"""The text of an issue of cState → the dated messages that it is made of.

People write them in several ways, newest first or oldest first: a label at the beginning (`**Update**: …`,
`*Resolved* -`, `[Final Message]`, `## Update`), the shortcode `track` with a time at the end, or at the beginning of
the next one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from statusgen.imports.times import read_time
from statusgen.imports.told import Note, NoteKind
from statusgen.model.states import State
from statusgen.model.times import When
from statusgen.problems import InvalidValue, Place
from statusgen.text import quote_text

# None of them looks behind where the next shortcode begins, so that many that never end take no longer than others.
_TRACK = re.compile(r"\{\{[<%]\s*track\s(?P<time>[^<>{}]*)[>%]\}\}")
_SHORTCODE = re.compile(r"\{\{[<%](?:(?!\{\{).)*?[>%]\}\}")
_FIGURE = re.compile(r"\{\{[<%]\s*figure\s(?P<fields>(?:(?!\{\{|[>%]\}\}).)*)[>%]\}\}")
_FIELD = re.compile(r"(\w+)=\"([^\"]*)\"")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>\n?", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_RULE = re.compile(r"\s*(?:-\s*){3,}|\s*(?:\*\s*){3,}|\s*(?:_\s*){3,}")
_LABEL = re.compile(
    r"\s{0,3}(?:"
    r"(?P<mark>\*{1,3}|_{1,3})\[?(?P<bold>[^*_\n]{2,60}?)\]?[:.]?(?P=mark)\s*(?:[:\u2013\u2014]|-(?=\s|$))?"
    r"|\[(?P<square>[^\]\n]{2,60})\](?![(\[:])[:]?"
    r"|\#{1,6}\s+(?P<heading>[^\n]{2,60}?)\s*\#*$"
    r")\s*(?P<rest>.*)"
)
_OPENING = frozenset(("initial", "open", "issue", "opening", "start"))
_STATES: dict[str, State | None] = {
    "investigating": State.INVESTIGATING,
    "identified": State.IDENTIFIED,
    "monitoring": State.MONITORING,
    "resolved": State.RESOLVED,
    "final": State.RESOLVED,
    "mensaje final": State.RESOLVED,
    "close": State.RESOLVED,
    "closed": State.RESOLVED,
    "closing": State.RESOLVED,
    "completed": State.RESOLVED,
    "postmortem": State.POSTMORTEM,
    "post-mortem": State.POSTMORTEM,
    "post mortem": State.POSTMORTEM,
    "in progress": State.IN_PROGRESS,
    "update": None,
    "updated": None,
    "updates": None,
    "edit": None,
    **dict.fromkeys(_OPENING, None),
}
_LABEL_WORDS = re.compile(
    rf"(?P<word>{'|'.join(sorted(map(re.escape, _STATES), key=len, reverse=True))})\b"
    r"(?:\s+(?:message|issue|update))?(?:\s*#?\d{1,2}(?!\S))?[\s,:(@\u2013\u2014-]*(?P<time>.*?)\)?",
    re.IGNORECASE,
)


_TURN_OF_YEAR = timedelta(days=180)
# What stands behind a label in round brackets, where some write when that was.
_REMARK = re.compile(r"\((?P<time>[^()\n]{3,60})\)\s*(?:[:\u2013\u2014]|-(?=\s|$))?\s*(?P<rest>.*)")


@dataclass(frozen=True)
class Block:
    """One message: its label, as written and as a state; its time, if it has one; its text; where it begins.

    `is_tracked` is whether it was meant to have a time, also if that cannot be read.
    """

    label: str
    state: State | None
    is_opening: bool
    time: When | None
    text: str
    place: Place
    is_tracked: bool = False
    translations: Mapping[str, str] = field(default_factory=dict)

    @property
    def labeled_text(self) -> str:
        """The text with its label before it, for where nothing else says it."""
        return f"**{self.label}**\n\n{self.text}".strip() if self.label else self.text


def read_blocks(
    body: str, place: Place, zone: ZoneInfo, clock: ZoneInfo, started: When
) -> tuple[list[Block], list[Note]]:
    """Return the messages of a text that begins at `place`, oldest first, and what was noted.

    A time without a zone is in `zone`, and that of a `track` in `clock`. A date without a year is not before the day on
    which the issue `started`. What has neither a label nor a time is part of the first message.
    """
    reader = _BlockReader(place, zone, clock, started)
    blocks = [block for block in reader.read(body) if block.text or block.time or block.label]
    if _is_newest_first(blocks):
        blocks.reverse()
    return _merge_openings(blocks), reader.notes


def _is_newest_first(blocks: Sequence[Block]) -> bool:
    timed = [block.time.start for block in blocks if block.time]
    if len(timed) > 1 and timed[0] != timed[-1]:
        return timed[0] > timed[-1]
    labeled = [block for block in blocks if block.label]
    if not labeled or len(blocks) < 2:
        return False
    first, last = labeled[0], labeled[-1]
    is_end_first = first.state in (State.RESOLVED, State.POSTMORTEM) and first is blocks[0]
    is_start_last = last is blocks[-1] and (last.is_opening or last.state is State.INVESTIGATING) and last is not first
    return is_end_first or is_start_last


def _merge_openings(blocks: list[Block]) -> list[Block]:
    """Return the messages with what has neither label nor time in the first one, wherever it stands."""
    loose = [block for block in blocks if not block.label and not block.is_tracked]
    if not loose or not (rest := [block for block in blocks if block not in loose]):
        return [replace(loose[0], text="\n\n".join(block.text for block in loose))] if loose else blocks
    if blocks[0] in loose:
        return [replace(loose[0], text="\n\n".join(block.text for block in loose)), *rest]
    text = "\n\n".join([rest[0].text, *(block.text for block in loose)])
    return [replace(rest[0], text=text.strip()), *rest[1:]]


class _BlockReader:
    """Goes through the lines of a text and yields a message wherever another one begins."""

    def __init__(self, place: Place, zone: ZoneInfo, clock: ZoneInfo, started: When) -> None:
        self.started = started
        self.file, self.first, self.zone, self.clock = place.file, place.line, zone, clock
        self.notes: list[Note] = []
        self.begin(0)

    def begin(
        self, number: int, label: str = "", word: str = "", time: When | None = None, is_tracked: bool = False
    ) -> None:
        """Begin a message on a line, counted from 0."""
        self.number, self.label, self.word, self.time = number, label, word, time
        self.is_tracked = is_tracked or time is not None
        self.lines: list[str] = []

    def read(self, body: str) -> Iterator[Block]:
        """Yield the messages in the order in which they are written."""
        is_paragraph_start, is_code = True, False
        for number, line in enumerate(self.clean(body).split("\n")):
            is_code ^= bool(_FENCE.match(line))
            if not is_code and is_paragraph_start and (found := self.read_label(line, number)):
                yield self.end()
                self.begin(number, *found[:3])
                line = found[3]
            track = self.split_track(line, number) if not is_code else None
            if track and track[2] and not track[0]:
                # A time at the beginning of a line with words behind it is theirs.
                yield self.end()
                self.begin(number, time=track[1], is_tracked=True)
                self.lines.append(track[2])
            elif track:
                self.lines.append(track[0])
                self.time, self.is_tracked = track[1], True
                yield self.end()
                self.begin(number + 1)
                self.lines.append(track[2])
            else:
                self.lines.append(self.remove_shortcodes(line, number))
            is_paragraph_start = not line.strip() or bool(track) or bool(_RULE.fullmatch(line))
        yield self.end()

    def end(self) -> Block:
        """Return the message that has been read."""
        lines = [*self.lines]
        while lines and (not lines[0].strip() or _RULE.fullmatch(lines[0])):
            del lines[0]
        while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1])):
            del lines[-1]
        place = Place(self.file, self.first + self.number)
        state, is_opening = _STATES.get(self.word), self.word in _OPENING
        return Block(self.label, state, is_opening, self.time, "\n".join(lines), place, self.is_tracked)

    def note(self, number: int, kind: NoteKind, what: str) -> None:
        """Note something about a line, counted from 0."""
        self.notes.append(Note(Place(self.file, self.first + number), kind, what))

    def clean(self, body: str) -> str:
        """Return a text without comments, on the same lines; pictures are written as Markdown."""
        for found in _COMMENT.finditer(body):
            number = body.count("\n", 0, found.start())
            self.note(number, NoteKind.LOSS, "A comment that the old page did not show was left out.")
        text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), body)
        return _FIGURE.sub(_write_figure, text)

    def read_label(self, line: str, number: int) -> tuple[str, str, When | None, str] | None:
        """Return the label at the beginning of a line, the word in it, its time, and the rest; None without one."""
        found = _LABEL.fullmatch(line)
        written = (found["bold"] or found["square"] or found["heading"] or "").strip(" :.") if found else ""
        words = _LABEL_WORDS.fullmatch(written)
        if not found or not words:
            return None
        time, rest, is_in_label = None, found["rest"], bool(words["time"].strip())
        remark = None if is_in_label else _REMARK.fullmatch(rest)
        if is_in_label or remark:
            time = self.read_label_time((remark or words)["time"], number)
            if time is None and is_in_label:
                return None
        if time and remark:
            rest = remark["rest"]
        label = words["word"] if time and is_in_label else written
        return label, words["word"].casefold(), time, rest

    def read_label_time(self, written: str, number: int) -> When | None:
        """Return the time in a label, in the year of the issue if it names none; None if it cannot be read."""
        with suppress(InvalidValue):
            read = read_time(written, self.zone)
            if read.guess:
                self.note(number, NoteKind.GUESS, read.guess)
            return read.when
        begun = self.started.start.astimezone(self.zone)
        for year in (begun.year, begun.year + 1):  # an issue of December can go on in January
            with suppress(InvalidValue):
                when = read_time(f"{written}, {year}", self.zone).when
                if timedelta(0) <= when.start.astimezone(self.zone).date() - begun.date() < _TURN_OF_YEAR:
                    what = f"{quote_text(written)} names no year; {year} was taken, in which its issue is dated."
                    if year != begun.year:
                        what = (
                            f"{quote_text(written)} names no year; {year} was taken, because its issue began "
                            "before that."
                        )
                    self.note(number, NoteKind.GUESS, what)
                    return when
        return None

    def split_track(self, line: str, number: int) -> tuple[str, When | None, str] | None:
        """Return what is before the track of a line, its time if that can be read, and what is behind it."""
        found = _TRACK.search(line)
        if not found:
            return None
        before, after = (
            self.remove_shortcodes(part, number).strip() for part in (line[: found.start()], line[found.end() :])
        )
        try:
            written = found["time"].strip(" \t/").strip("\"'`")
            local, read = (read_time(written, zone) for zone in (self.zone, self.clock))
        except InvalidValue as error:
            self.note(number, NoteKind.GUESS, f"{error.what} Its message has no time.")
            return before, None, after
        if local.when.is_whole_day:
            read = local
        elif read.when != local.when:
            self.note(number, NoteKind.GUESS, "This names no time zone; it was read in UTC, as its issue is dated.")
        if read.guess:
            self.note(number, NoteKind.GUESS, read.guess)
        return before, read.when, after

    def remove_shortcodes(self, line: str, number: int) -> str:
        """Return a line without what only Hugo understands."""
        if _SHORTCODE.search(_TRACK.sub("", line)):
            self.note(number, NoteKind.LOSS, "A shortcode of Hugo, which no post of ours can have, was left out.")
        return _BREAK.sub("  \n", _SHORTCODE.sub("", line)).rstrip(" ") if "{{" in line or "<" in line else line


def _write_figure(found: re.Match[str]) -> str:
    fields = dict(_FIELD.findall(found["fields"]))
    words = fields.get("alt") or fields.get("caption") or fields.get("title") or ""
    return f"![{words}]({fields.get('src', '')})"
