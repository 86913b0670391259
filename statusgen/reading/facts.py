"""The block of facts of one update, with the words of its translations → values of the model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from statusgen.errors import Place
from statusgen.model import Deadline, Estimate, Kind, Markup, Report, Status, Waiver, When, Words
from statusgen.reading import shapes
from statusgen.reading.documents import Document
from statusgen.reading.services import channel
from statusgen.reading.shapes import FactsShape, PostShape, TranslatedFactsShape

# Told a place, what is wrong there, and what to write instead.
Note = Callable[[Place, str, str], None]


@dataclass(frozen=True)
class Translated:
    """One update in another language: its facts' words, its text, and whether a human or a machine made it."""

    facts: TranslatedFactsShape
    text: Markup | None
    place: Place
    by: str


@dataclass(frozen=True)
class Said:
    """The facts of one update, where they stand, and what the translations (by language) make of their words."""

    facts: FactsShape
    document: Document
    translated: Mapping[str, Translated]
    note: Note

    def place(self, *path: str | int) -> Place:
        """Where the entry at `path` stands in the original."""
        return self.document.place(path)

    def words(self, name: str) -> Words | None:
        """The words under the key `name`, in all languages."""
        mine: Words | None = getattr(self.facts, name)
        return mine and mine.translated(each(self.translated, name))

    def entries(self, name: str) -> tuple[Words, ...]:
        """A list of words; a translation has to have as many."""
        mine: tuple[Words, ...] = getattr(self.facts, name)
        for translated in self.translated.values():
            theirs = getattr(translated.facts, name)
            if theirs and len(theirs) != len(mine):
                what = f'"{name}" has {len(theirs)} entries here and {len(mine)} in the original.'
                self.note(translated.place, what, "Translate each, in the same order.")
        lists = [getattr(translated.facts, name) for translated in self.translated.values()]
        return tuple(
            words.translated(theirs[index] for theirs in lists if index < len(theirs))
            for index, words in enumerate(mine)
        )

    def estimate(self, shape: shapes.EstimateShape | None, translated: Mapping[str, Any]) -> Estimate | None:
        """An estimate, with the words of its translations."""
        if shape is None:
            return None
        theirs = [estimate for estimate in translated.values() if estimate]
        return Estimate(
            unknown=shape.unknown,
            not_before=shape.on or shape.not_before,
            by=shape.on or shape.by,
            words=shape.words and shape.words.translated(estimate.words for estimate in theirs),
            basis=shape.basis and shape.basis.translated(estimate.basis for estimate in theirs),
            services=shape.services,
        )

    def reports(self) -> tuple[Report, ...]:
        """What is said of each service."""
        for translated in self.translated.values():
            for key in translated.facts.services:
                if key not in self.facts.services:
                    what = f'The original says nothing of "{key}" in this update.'
                    self.note(translated.place, what, "Delete it, or move it to the update that does.")
        return tuple(self.report(key, shape) for key, shape in self.facts.services.items())

    def report(self, key: str, shape: shapes.ReportShape) -> Report:
        """What is said of one service or channel."""
        service, _, way = key.partition("/")
        found = {language: update.facts.services.get(key) for language, update in self.translated.items()}
        theirs = {language: report for language, report in found.items() if report}
        place = self.place("services", key)
        return Report(
            service=service,
            channel=way or None,
            place=place,
            status=shape.status or self.planned_status(),
            do=shape.do and shape.do.translated(report.do for report in theirs.values()),
            where=shape.where and shape.where.translated(report.where for report in theirs.values()),
            started_before=shape.started_before,
            expected=self.estimate(shape.expected, {k: report.expected for k, report in theirs.items()}),
            channels=tuple(
                channel(way, place, _same_id(way.id or way.kind.value, theirs, "channels")) for way in shape.channels
            ),
        )

    def planned_status(self) -> Status | None:
        """The status of a service whose planned work names none."""
        planned = isinstance(self.facts, PostShape) and self.facts.kind is Kind.MAINTENANCE
        return Status.MAINTENANCE if planned else None

    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers."""
        facts = {language: update.facts for language, update in self.translated.items()}
        return tuple(
            self.waiver(shape, _same_id(shape.id, facts, "waivers"), self.place("waivers", index))
            for index, shape in enumerate(self.facts.waivers)
        )

    def waiver(self, shape: shapes.WaiverShape, theirs: Mapping[str, Any], place: Place) -> Waiver:
        """One waiver."""

        def words(name: str) -> Words | None:
            mine = getattr(shape, name)
            translations = (getattr(waiver, name) for waiver in theirs.values())
            return mine.translated(translations) if isinstance(mine, Words) else None

        return Waiver(
            id=shape.id,
            place=place,
            services=shape.services,
            what=words("what"),
            by=words("by"),
            begins=shape.begins,
            until=shape.until if isinstance(shape.until, When) else None,
            until_words=words("until"),
            how=words("how"),
        )

    def deadlines(self) -> tuple[Deadline, ...]:
        """The deadlines."""
        facts = {language: update.facts for language, update in self.translated.items()}
        deadlines = []
        for index, shape in enumerate(self.facts.deadlines):
            theirs = _same_id(shape.id, facts, "deadlines")
            what = shape.what and shape.what.translated(deadline.what for deadline in theirs.values())
            deadlines.append(Deadline(shape.id, self.place("deadlines", index), shape.on, what, shape.services))
        return tuple(deadlines)


def each(translated: Mapping[str, Translated], name: str) -> list[Words | None]:
    """The same words in each translation."""
    return [getattr(update.facts, name) for update in translated.values()]


def _same_id(id: str, theirs: Mapping[str, Any], name: str) -> dict[str, Any]:
    """For each language, the translated entry of the list `name` that has this id."""
    return {language: entry for language, shape in theirs.items() for entry in getattr(shape, name) if entry.id == id}
