"""One issue of cState → the post that it becomes."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin
from zoneinfo import ZoneInfo

from statusgen.imports.cstate.blocks import Block, read_blocks
from statusgen.imports.cstate.config import Config
from statusgen.imports.cstate.updates import UpdatesMaker
from statusgen.imports.fields import Fields, Page, read_page
from statusgen.imports.names import ServiceNames
from statusgen.imports.source import Source, SourceError, Version
from statusgen.imports.texts import LINK
from statusgen.imports.times import read_time
from statusgen.imports.told import Note, NoteKind, ToldPost
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.problems import InvalidValue, Place
from statusgen.text import quote_text

_STATUSES = {"down": Status.DOWN, "disrupted": Status.DEGRADED}
_SEVERITIES = (*_STATUSES, "notice")
_DATE_IN_NAME = re.compile(r"\d{4}-\d\d-\d\d(?=\D)")
_KEYS = frozenset(
    [
        "title",
        "date",
        "resolved",
        "resolvedwhen",
        "severity",
        "affected",
        "section",
        "informational",
        "aliases",
        "slug",
        "url",
        "draft",
    ]
)
_IN_UTC = re.compile(r"\d:\d\d\S*?\s?(?:Z|UTC|GMT|\+00:?00)$", re.IGNORECASE)
_UTC = ZoneInfo("UTC")
_HTML = re.compile(r"</?(?:div|p|span|a|b|i|u|strong|em|ul|ol|li|table|tr|td|h[1-6]|img|iframe|script|details)\b", re.I)
_MAX_PICTURE = 10_000_000


@dataclass
class IssueReader:
    """Reads one issue."""

    source: Source
    config: Config
    names: ServiceNames
    path: str
    page: Page
    notes: list[Note]
    pictures: dict[str, bytes] = field(default_factory=dict)

    def read(self, translations: Mapping[str, Page]) -> Iterator[ToldPost]:
        """Yield the post; none, with a note, if nobody can say when it was."""
        fields = self.fields
        started = self.read_start()
        if started is None:
            what = "This was left out, because nobody says when it was. On which day did it begin?"
            self.note("date", NoteKind.QUESTION, what)
            return
        end = self.read_end(started)
        severity = self.read_severity()
        affected = tuple(
            dict.fromkeys(self.names.find(name, fields.place("affected")) for name in fields.texts("affected"))
        )
        kind = self.choose_kind(severity, started, end)
        if kind is Kind.MAINTENANCE:
            statuses = dict.fromkeys(affected, Status.MAINTENANCE)
        else:
            statuses = dict.fromkeys(affected, _STATUSES[severity]) if kind is Kind.INCIDENT and severity else {}
        blocks, titles = self.read_blocks(translations, started)
        updates = UpdatesMaker(self, kind, started, end, affected, statuses).make(blocks)
        self.note_rest(kind, end)
        is_counted = fields.flag("resolved") is not None or kind is Kind.NOTICE
        if not is_counted:
            what = "It does not say whether it is resolved, so the old page did not count it. Is it over?"
            self.note("severity", NoteKind.QUESTION, f"{what} Its post is a draft.")
        if kind is Kind.NOTICE and not end and not fields.flag("resolved"):
            what = "Nobody says until when this notice holds, so it was taken to hold still, on the front page."
            self.note("date", NoteKind.GUESS, f"{what} If it does not, write its last day as ends: into the post.")
        yield ToldPost(
            key=self.path,
            title=fields.text("title") or "",
            kind=kind,
            started=started,
            updates=tuple(updates),
            place=fields.place("title"),
            starts=started if kind is Kind.MAINTENANCE else None,
            ends=self.choose_end(kind, started, end),
            was=tuple(self.list_addresses()),
            pictures=self.pictures,
            translated_titles=titles,
            unpublished=not is_counted,
        )

    @property
    def fields(self) -> Fields:
        """The front matter."""
        return self.page.fields

    def note(self, key: str, kind: NoteKind, what: str) -> None:
        """Note something about a key of the front matter."""
        self.notes.append(Note(self.fields.place(key), kind, what))

    def read_time(self, key: str) -> When | None:
        """Return the time of a key; None, with a question if something else is there."""
        written = self.fields.text(key)
        if not written:
            return None
        try:
            read = read_time(written, self.config.zone)
        except InvalidValue as error:
            self.note(key, NoteKind.QUESTION, f"{error.what} Which time is meant by {key}?")
            return None
        if read.guess:
            self.note(key, NoteKind.GUESS, read.guess)
        return read.when

    def read_start(self) -> When | None:
        """Return when it began: its date, the one in the name of its file, or the day on which it was committed."""
        if time := self.read_time("date"):
            return time
        named = _DATE_IN_NAME.match(PurePosixPath(self.path).name)
        with suppress(InvalidValue):
            day = read_time(named[0] if named else "", self.config.zone).when
            self.note("date", NoteKind.GUESS, "It has no date that can be read; the one in its name was taken.")
            return day
        times = [version.time for version in self.versions if version.time]
        if times:
            self.note("date", NoteKind.GUESS, "It has no date that can be read; the day of its first commit was taken.")
            return When.day(times[0].astimezone(self.config.zone).date(), self.config.zone)
        return None

    def read_end(self, started: When) -> When | None:
        """Return `resolvedWhen`, if it can be true."""
        end = self.read_time("resolvedWhen")
        if end and end.end < started.start:
            what = "It was resolved before it began, so its end was not taken. Which of the two times is right?"
            self.note("resolvedWhen", NoteKind.QUESTION, what)
            return None
        return end

    def read_severity(self) -> str | None:
        """Return the severity; None if the old page gave the affected no status for it."""
        if self.fields.flag("informational"):
            return None
        severity = (self.fields.text("severity") or "").casefold()
        if severity in _SEVERITIES:
            return severity
        if severity:
            choices = ", ".join(_SEVERITIES)
            what = f"There is no severity {quote_text(severity)}, so no status was taken. Which is meant: {choices}?"
            self.note("severity", NoteKind.QUESTION, what)
        return None

    def choose_kind(self, severity: str | None, started: When, end: When | None) -> Kind:
        """Return what kind of post it becomes."""
        if severity in _STATUSES:
            return Kind.INCIDENT
        if severity == "notice" and end and end.end > started.start:
            self.note("severity", NoteKind.GUESS, "A notice with an end was taken for planned work.")
            return Kind.MAINTENANCE
        return Kind.NOTICE

    def choose_end(self, kind: Kind, started: When, end: When | None) -> When | None:
        """Return the end of planned work, and of a notice that is not over yet."""
        is_notice = kind is Kind.NOTICE and not self.fields.flag("resolved")
        return end if end and end.end > started.start and (is_notice or kind is Kind.MAINTENANCE) else None

    def note_rest(self, kind: Kind, end: When | None) -> None:
        """Note what the front matter says, and the post does not."""
        if kind is Kind.INCIDENT and end and not self.fields.flag("resolved"):
            what = "resolvedWhen was not taken, because this is not resolved."
            self.note("resolvedWhen", NoteKind.LOSS, what)
        for key, value in self.fields.values.items():
            if key not in _KEYS and value:
                self.note(key, NoteKind.LOSS, f"What the front matter says under {quote_text(key)} was left out.")

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """What git knows of it."""
        return self.source.read_versions(self.path)

    def find_resolution(self) -> When | None:
        """Return when git first had it as resolved after it had been otherwise; None if it does not know."""
        before: bool | None = True
        found = None
        for version in self.versions:
            try:
                now = read_page(version.text, self.path).fields.flag("resolved")
            except InvalidValue:
                continue
            if now and not before and version.time:
                found = When.moment(version.time)
            before = now
        return found

    def find_addition(self, text: str) -> When | None:
        """Return when git first had a text that is not in the first version; None if it does not know."""
        wanted = _fold(text)
        for number, version in enumerate(self.versions):
            if wanted and wanted in _fold(version.text):
                return When.moment(version.time) if number and version.time else None
        return None

    def read_blocks(self, translations: Mapping[str, Page], started: When) -> tuple[list[Block], dict[str, str]]:
        """Return the messages, each with its translations, and the titles by language."""
        zone, clock = self.config.zone, self.choose_clock()
        blocks, more = read_blocks(self.page.body, Place(self.path, self.page.line), zone, clock, started)
        self.notes += more
        titles = {}
        blocks = [replace(block, text=self.fit(block.text, block.place)) for block in blocks]
        for language, page in translations.items():
            place = Place(page.fields.file, page.line)
            others, _ = read_blocks(page.body, place, zone, clock, started)
            if len(others) != len(blocks):
                what = "This has more or fewer messages than what it translates, so the translation was left out."
                self.notes.append(Note(place, NoteKind.LOSS, what))
                continue
            titles[language] = page.fields.text("title") or self.fields.text("title") or ""
            for number, other in enumerate(others):
                told = {**blocks[number].translations, language: self.fit(other.text, other.place)}
                blocks[number] = replace(blocks[number], translations=told)
        return blocks, titles

    def choose_clock(self) -> ZoneInfo:
        """Return the zone of the times of `track` that name none.

        Hugo takes them for UTC, and the old page showed them on one clock with the date of the issue. So they are in
        UTC where that date is, as editors on the web write it, unless one would then be before the issue began.
        """
        zone, written = self.config.zone, self.fields.text("date") or ""
        try:
            started = read_time(written, zone).when
        except InvalidValue:
            return zone
        if not _IN_UTC.search(written):
            return zone
        place = Place(self.path, self.page.line)
        times = [block.time for block in read_blocks(self.page.body, place, zone, _UTC, started)[0] if block.time]
        minute = started.start.replace(second=0, microsecond=0)
        return zone if any(time.start < minute and time.end <= minute for time in times) else _UTC

    def fit(self, text: str, place: Place) -> str:
        """Return a text whose pictures and links lead somewhere from elsewhere, too."""
        if _HTML.search(text):
            self.notes.append(Note(place, NoteKind.LOSS, "HTML in a text is shown as it was written."))
        return LINK.sub(lambda found: self.fit_link(found, place), text)

    def fit_link(self, found: re.Match[str], place: Place) -> str:
        """Return a link or a picture as a post of ours can have it."""
        words, target = found["words"].strip(), found["target"]
        if found["mark"]:
            return self.fit_picture(words, target, place)
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", target):
            return found[0]
        if self.config.url and target and not target.startswith("#"):
            here = self.config.addresses.make(self.path, self.fields) or "/issues/"
            with suppress(ValueError):  # what looks like a host with a bracket
                return f"[{words}]({urljoin(urljoin(self.config.url, here), target)})"
        self.notes.append(Note(place, NoteKind.LOSS, "A link that leads nowhere from here became words."))
        return words

    def fit_picture(self, words: str, target: str, place: Place) -> str:
        """Return a picture, whose file is kept; a link, if it is elsewhere on the web; or else its words."""
        if re.match(r"https?://", target):
            self.notes.append(Note(place, NoteKind.LOSS, "A picture on another site became a link to it."))
            return f"[{words or 'Picture'}]({target})"
        path = unquote(target.partition("?")[0])
        folder = PurePosixPath(self.path).parent
        beside = [f"{folder}/{path}", f"{self.path.rpartition('.')[0]}/{path}"]
        for candidate in (*([] if path.startswith("/") else beside), f"static/{path.lstrip('/')}"):
            try:
                content = self.source.read_bytes(posixpath.normpath(candidate), _MAX_PICTURE)
            except SourceError as error:
                self.notes.append(Note(place, NoteKind.LOSS, f"A picture was left out. {error}"))
                return words
            if content is not None:
                self.pictures[target] = content
                if not words:
                    what = "A picture has no description. What does it show? It is called by the name of its file."
                    self.notes.append(Note(place, NoteKind.QUESTION, what))
                return f"![{words or PurePosixPath(path).stem}]({target})"
        what = f"A picture, {quote_text(target)}, was left out, because its file is not there."
        self.notes.append(Note(place, NoteKind.LOSS, what))
        return words

    def list_addresses(self) -> Iterator[str]:
        """Yield the addresses of its page on the old site."""
        found = [*self.config.addresses.list(self.path, self.fields, self.notes)]
        if not found and self.config.addresses.is_known:
            what = "Its old address has the date in it, which cannot be read, so that address leads nowhere."
            self.note("date", NoteKind.LOSS, what)
        yield from found


def _fold(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"\{\{[^{}]*\}\}|\]\([^()]*\)", " ", text).casefold()))
