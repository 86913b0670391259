"""The block of facts of one update, with the words of its translations → values of the model."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from statusgen.errors import Place, did_you_mean
from statusgen.model import Channel, Deadline, Estimate, Kind, Markup, Report, State, Status, Waiver, When, Words
from statusgen.reading import shapes
from statusgen.reading.documents import Document, Path
from statusgen.reading.services import channel
from statusgen.reading.shapes import FactsShape, PostShape, TranslatedFactsShape

# Told a place, what is wrong there, and what to write instead.
Note = Callable[[Place, str, str], None]


@dataclass(frozen=True)
class Translated:
    """One update in another language: its facts' words and where they stand, its text and state, and who made it.

    `place` is its heading, `state` None where the heading leaves the word out, `by` human or machine.
    """

    facts: TranslatedFactsShape
    document: Document
    text: Markup | None
    place: Place
    by: str
    state: State | None = None


@dataclass(frozen=True)
class _Part:
    """A part of a translated update, and where it stands."""

    shape: Any
    document: Document
    path: Path = ()

    def place(self, *more: str | int) -> Place:
        return self.document.place((*self.path, *more))

    def inner(self, *steps: str) -> "Iterator[_Part]":
        """What lies below these keys, where there is something."""
        found = self.shape
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else getattr(found, step)
        if found:
            yield _Part(found, self.document, (*self.path, *steps))

    def entries(self, name: str) -> "Iterator[_Part]":
        """Each entry of the list `name`."""
        for index, entry in enumerate(getattr(self.shape, name)):
            yield _Part(entry, self.document, (*self.path, name, index))


@dataclass(frozen=True)
class Said:
    """The facts of one update, where they stand, and what the translations (by language) make of their words."""

    facts: FactsShape
    document: Document
    translated: Mapping[str, Translated]
    note: Note

    @property
    def theirs(self) -> list[_Part]:
        """The facts of each translation."""
        return [_Part(update.facts, update.document) for update in self.translated.values()]

    def place(self, *path: str | int) -> Place:
        """Where the entry at `path` stands in the original."""
        return self.document.place(path)

    def words(self, name: str) -> Words | None:
        """The words under the key `name`, in all languages."""
        return self.say(self.facts, self.theirs, name)

    def say(self, mine: Any, theirs: Iterable[_Part], name: str) -> Words | None:
        """The words under `name` in a part of the original, with those of the same parts of the translations."""
        words: Any = getattr(mine, name)
        more = [part for translation in theirs for part in translation.inner(name)]
        if isinstance(words, Words):
            return words.translated(part.shape for part in more)
        for part in more:
            what = f'The original has no words to translate under "{name}" here.'
            self.note(part.place(), what, "Delete them, or write the original's first.")
        return None

    def entries(self, name: str) -> tuple[Words, ...]:
        """A list of words; a translation has to have as many."""
        mine: tuple[Words, ...] = getattr(self.facts, name)
        lists = [part for translation in self.theirs for part in translation.inner(name)]
        for theirs in lists:
            if not mine:
                self.note(theirs.place(), f'The original has no "{name}" here.', "Delete it, or write it there first.")
            elif len(theirs.shape) != len(mine):
                what = f'The list "{name}" has a length of {len(theirs.shape)} here and of {len(mine)} in the original.'
                self.note(theirs.place(), what, "Translate each entry, in the same order.")
        return tuple(
            words.translated(part.shape[index] for part in lists if index < len(part.shape))
            for index, words in enumerate(mine)
        )

    def estimate(self) -> Estimate | None:
        """When all that the update speaks of is expected back."""
        return self.estimated(self.facts.expected, self.theirs)

    def estimated(self, shape: shapes.EstimateShape | None, around: Iterable[_Part]) -> Estimate | None:
        """An estimate, with the words of its translations; `around` are the parts that those stand in."""
        theirs = [part for translation in around for part in translation.inner("expected")]
        if shape is None:
            for part in theirs:
                self.note(part.place(), "The original expects nothing here.", "Delete it, or write it there first.")
            return None
        return Estimate(
            unknown=shape.unknown,
            not_before=shape.on or shape.not_before,
            by=shape.on or shape.by,
            words=self.say(shape, theirs, "words"),
            basis=self.say(shape, theirs, "basis"),
            services=shape.services,
        )

    def reports(self) -> tuple[Report, ...]:
        """What is said of each service."""
        for translation in self.theirs:
            for key in translation.shape.services:
                if key not in self.facts.services:
                    what = f'The original says nothing of "{key}" in this update.'
                    place = translation.place("services", key)
                    self.note(place, what, "Delete it, or move it to the update that does.")
        return tuple(self.report(key, shape) for key, shape in self.facts.services.items())

    def report(self, key: str, shape: shapes.ReportShape) -> Report:
        """What is said of one service or channel."""
        service, _, way = key.partition("/")
        theirs = [part for translation in self.theirs for part in translation.inner("services", key)]
        return Report(
            service=service,
            channel=way or None,
            place=self.place("services", key),
            status=shape.status or self.planned_status(),
            do=self.say(shape, theirs, "do"),
            where=self.say(shape, theirs, "where"),
            started_before=shape.started_before,
            expected=self.estimated(shape.expected, theirs),
            channels=self.channels(key, shape, theirs),
        )

    def channels(self, key: str, shape: shapes.ReportShape, theirs: Iterable[_Part]) -> tuple[Channel, ...]:
        """The channels that were set up for a service for a while."""
        ids = [way.id or way.kind.value for way in shape.channels]
        same = self.by_id("channels", ids, theirs)
        return tuple(
            channel(way, self.place("services", key, "channels", index), partial(self.say, way, same[id]))
            for index, (id, way) in enumerate(zip(ids, shape.channels, strict=True))
        )

    def planned_status(self) -> Status | None:
        """The status of a service whose planned work names none."""
        planned = isinstance(self.facts, PostShape) and self.facts.kind is Kind.MAINTENANCE
        return Status.MAINTENANCE if planned else None

    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers."""
        same = self.by_id("waivers", [shape.id for shape in self.facts.waivers], self.theirs)
        return tuple(self.waiver(index, shape, same[shape.id]) for index, shape in enumerate(self.facts.waivers))

    def waiver(self, index: int, shape: shapes.WaiverShape, theirs: Iterable[_Part]) -> Waiver:
        """One waiver."""
        return Waiver(
            id=shape.id,
            place=self.place("waivers", index),
            services=shape.services,
            what=self.say(shape, theirs, "what"),
            by=self.say(shape, theirs, "by"),
            begins=shape.begins,
            until=shape.until if isinstance(shape.until, When) else None,
            until_words=self.say(shape, theirs, "until"),
            how=self.say(shape, theirs, "how"),
        )

    def deadlines(self) -> tuple[Deadline, ...]:
        """The deadlines."""
        same = self.by_id("deadlines", [shape.id for shape in self.facts.deadlines], self.theirs)
        return tuple(
            Deadline(
                id=shape.id,
                place=self.place("deadlines", index),
                on=shape.on,
                what=self.say(shape, same[shape.id], "what"),
                services=shape.services,
            )
            for index, shape in enumerate(self.facts.deadlines)
        )

    def by_id(self, name: str, ids: list[str], around: Iterable[_Part]) -> dict[str, list[_Part]]:
        """The translated entries of the list `name` that belong to each of `ids`."""
        same: dict[str, list[_Part]] = {id: [] for id in ids}
        for entry in (entry for part in around for entry in part.entries(name)):
            id = entry.shape.id
            if id in same:
                same[id].append(entry)
            else:
                hint = did_you_mean(id, same) or "Delete it, or write it there first."
                self.note(entry.place(), f'"{name}" of the original has no "{id}" in this update.', hint)
        return same
