"""The block of facts of one update, with the words of its translations → values of the model."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from statusgen.content.format import shapes
from statusgen.content.format.declared import make_fact
from statusgen.content.format.shapes import FactsShape, PostShape, TranslatedFactsShape
from statusgen.content.format.validation import TranslatedShape
from statusgen.content.posts.channel_kinds import KIND_EXAMPLE, KIND_MISSING
from statusgen.content.services import make_channel
from statusgen.content.yaml.documents import Document, KeyPath
from statusgen.model.reports import Estimate, ServiceReport
from statusgen.model.services import CHANGEABLE_KEYS, EVERY_WAY, Channel, ChannelKind
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.words import Markup, Words
from statusgen.problems import Place
from statusgen.text import did_you_mean

# Told a place, what is wrong there, and what to write instead.
AddProblem = Callable[[Place, str, str], None]


@dataclass(frozen=True)
class TranslatedUpdate:
    """One update in another language: its facts' words and where they are, its text and state, and who made it.

    `place` is its heading, `state` None if the heading leaves the word out, `translated_by` human or machine.
    """

    facts: TranslatedFactsShape
    document: Document
    text: Markup | None
    place: Place
    translated_by: str
    state: State | None = None

    @property
    def says_something(self) -> bool:
        """Whether any of it is translated: there may be nothing but blanks."""
        return self.text is not None or _has_words(self.facts)


def _has_words(value: object) -> bool:
    if isinstance(value, Words):
        return bool(value.texts)
    if isinstance(value, dict | tuple):
        return any(map(_has_words, value.values() if isinstance(value, dict) else value))
    return isinstance(value, TranslatedShape) and any(map(_has_words, vars(value).values()))


@dataclass(frozen=True)
class _TranslatedPart:
    """A part of a translated update, and where it is."""

    shape: Any
    document: Document
    path: KeyPath = ()

    def place(self, *more: str | int) -> Place:
        return self.document.place((*self.path, *more))

    def find(self, *keys: str) -> "Iterator[_TranslatedPart]":
        """Yield what is under these keys, if anything is."""
        found = self.shape
        for step in keys:
            found = found.get(step) if isinstance(found, dict) else getattr(found, step)
        if found:
            yield _TranslatedPart(found, self.document, (*self.path, *keys))

    def entries(self, name: str) -> "Iterator[_TranslatedPart]":
        """Yield each entry of the list `name`."""
        for index, entry in enumerate(getattr(self.shape, name)):
            yield _TranslatedPart(entry, self.document, (*self.path, name, index))


@dataclass(frozen=True)
class UpdateFacts:
    """The facts of one update, where they stand, and what the translations (by language) make of their words."""

    facts: FactsShape
    document: Document
    translations: Mapping[str, TranslatedUpdate]
    add_problem: AddProblem

    @property
    def translated_facts(self) -> list[_TranslatedPart]:
        """The facts of each translation."""
        return [_TranslatedPart(update.facts, update.document) for update in self.translations.values()]

    def place(self, *path: str | int) -> Place:
        """Return the place of the entry at `path` in the original."""
        return self.document.place(path)

    def words(self, name: str) -> Words | None:
        """Return the words under the key `name`, in all languages."""
        return self.merge_words(self.facts, self.translated_facts, name)

    def merge_words(self, original: Any, translations: Iterable[_TranslatedPart], name: str) -> Words | None:
        """Return the words under `name` in a part of the original, with those of the same parts of the translations."""
        words: Any = getattr(original, name)
        more = [part for translation in translations for part in translation.find(name)]
        if isinstance(words, Words):
            return words.with_translations(part.shape for part in more)
        for part in more:
            what = f'The original has no words to translate under "{name}" here.'
            hint = "Delete them, or add them to the original first."
            if isinstance(words, When):
                what = f'The original gives a date under "{name}", for every language.'
                hint = "Delete it here."
            self.add_problem(part.place(), what, hint)
        return None

    def words_list(self, name: str) -> tuple[Words, ...]:
        """Return a list of words; a translation has to have as many."""
        mine: tuple[Words, ...] = getattr(self.facts, name)
        lists = [part for translation in self.translated_facts for part in translation.find(name)]
        for theirs in lists:
            if not mine:
                self.add_problem(
                    theirs.place(), f'The original has no "{name}" here.', "Delete it, or add it there first."
                )
            elif len(theirs.shape) != len(mine):
                what = f'The list "{name}" has {len(theirs.shape)} entries here and {len(mine)} in the original.'
                self.add_problem(theirs.place(), what, "Translate each entry, in the same order.")
        return tuple(
            words.with_translations(part.shape[index] for part in lists if index < len(part.shape))
            for index, words in enumerate(mine)
        )

    def merge_advice(self, shape: Any, translations: Iterable[_TranslatedPart]) -> dict[str, Words | When | None]:
        """Return what people can do, with the words of the translations, and until when that holds."""
        if shape.do is None:
            return {"do": self.merge_words(shape, translations, "do")}
        theirs = [part for translation in translations for part in translation.find("do")]
        short = self.merge_words(shape.do, theirs, "short")
        return {"do": self.merge_words(shape.do, theirs, "words"), "do_short": short, "do_until": shape.do.until}

    def make_estimate(self) -> Estimate | None:
        """Return when everything that the update is about is expected back."""
        self.check_estimate(self.facts.expected, "expected")
        return self.merge_estimate(self.facts.expected, self.translated_facts)

    def merge_estimate(
        self, shape: shapes.EstimateShape | None, translations: Iterable[_TranslatedPart]
    ) -> Estimate | None:
        """Return an estimate, with the words of its translations."""
        theirs = [part for translation in translations for part in translation.find("expected")]
        if shape is None:
            for part in theirs:
                self.add_problem(
                    part.place(), "The original gives no estimate here.", "Delete it, or add it there first."
                )
            return None
        words = partial(self.merge_words, shape, theirs)
        first, last = shape.on or shape.not_before, shape.on or shape.by
        return make_fact(Estimate, shape, words, not_before=first, by=last)

    def make_reports(self) -> tuple[ServiceReport, ...]:
        """Return what the update says about each service."""
        for translation in self.translated_facts:
            for key in translation.shape.services:
                if key not in self.facts.services:
                    what = f'The original does not mention "{key}" in this update.'
                    place = translation.place("services", key)
                    self.add_problem(place, what, "Delete it, or move it to the update that does.")
        return tuple(self.make_report(key, shape) for key, shape in self.facts.services.items())

    def make_report(self, key: str, shape: shapes.ReportShape) -> ServiceReport:
        """Return what the update says about one service or channel."""
        service, _, channel = key.partition("/")
        self.check_start(key, shape)
        self.check_estimate(shape.expected, "services", key, "expected")
        theirs = [part for translation in self.translated_facts for part in translation.find("services", key)]
        return make_fact(
            ServiceReport,
            shape,
            partial(self.merge_words, shape, theirs),
            service=service,
            channel=channel or None,
            place=self.place("services", key),
            status=shape.status or self.planned_status(),
            since=shape.since,
            **self.merge_advice(shape, theirs),
            expected=self.merge_estimate(shape.expected, theirs),
            channels=self.make_channels(key, shape, theirs),
            for_now=self.make_changes(key, shape, theirs),
        )

    def check_start(self, key: str, shape: shapes.ReportShape) -> None:
        """Collect the mistake of a beginning that no page would show, as nothing is said here to have begun then."""
        names = [name for name in ("since", "started_before") if getattr(shape, name)]
        for name in names:
            if len(names) > 1:
                what, hint = 'Either "since" or "started_before" can be true.', "Keep only one of them."
            elif self.planned_status():
                what, hint = f'Planned work begins when "starts" says, not "{name}".', f"Delete {name}: here."
            elif shape.status is None:
                what = f'"{name}" says when a status began, but no status is given here.'
                hint = f"Write the status again beside it, like {{status: down, {name}: 2024-05-15}}."
            elif shape.status is Status.WORKING:
                what = f'"{name}" is about what does not work, and this says that it works.'
                hint = f"Delete {name}: here, and write in the text when it came back."
            else:
                continue
            self.add_problem(self.place("services", key, name), what, hint)
            return

    def check_estimate(self, shape: Any, *path: str) -> None:
        """Collect the mistake of an estimate (if any) that says nothing, or two things of which one would be shown."""
        if shape is None:
            return
        times = [name for name in ("on", "not_before", "by") if getattr(shape, name)]
        if shape.unknown and times:
            what = f'An estimate cannot be "unknown" and have "{times[0]}".'
            self.add_problem(self.place(*path), what, "Keep only one of them.")
        elif "on" in times and len(times) > 1:
            what = f'"on" is the day itself: beside it, "{times[1]}" says something else.'
            self.add_problem(self.place(*path), what, "Write either on:, or not_before: and by:.")
        elif not (shape.unknown or times or shape.words):
            what = "This estimate does not say when."
            self.add_problem(self.place(*path), what, "Write on:, by:, not_before: or words:, or expected: unknown.")
        if shape.services and "services" in path:
            what = '"services" is for an estimate of the whole post; this one is about the service above it.'
            self.add_problem(self.place(*path, "services"), what, "Delete it, or move expected: out of services:.")

    def make_changes(self, key: str, shape: shapes.ReportShape, translations: list[_TranslatedPart]) -> Channel | None:
        """Return what is other than usual at a channel for now; None if nothing is."""
        names = [name for name in (*CHANGEABLE_KEYS, "opens", "until") if getattr(shape, name)]
        if not names:
            return None
        place, (service, _, way) = self.place("services", key), key.partition("/")
        first = "from" if names[0] == "opens" else names[0]
        if way in ("", EVERY_WAY):
            what = f'"{first}" is about one channel, and what is different there for now.'
            hint = f"Write it under the channel, like {service}/in_person: {{accepts: [cash]}}."
            self.add_problem(self.place("services", key, first), what, hint)
            return None
        if not set(names) & set(CHANGEABLE_KEYS):
            what = f'"{first}" is about what is different at a channel for now, but nothing here says what is.'
            hint = f"Add that, like hours: 9 to 4, or delete {first}: here."
            self.add_problem(self.place("services", key, first), what, hint)
            return None
        words = partial(self.merge_words, shape, translations)
        return make_fact(Channel, shape, words, id=way, kind=ChannelKind.OTHER, place=place, name=None)

    def make_channels(
        self, key: str, shape: shapes.ReportShape, translations: Iterable[_TranslatedPart]
    ) -> tuple[Channel, ...]:
        """Return the channels that were set up for a service for a while."""
        ids = [channel.id or (channel.kind.value if channel.kind else "") for channel in shape.channels]
        same = self.match_by_id("channels", ids, translations)
        return tuple(
            make_channel(
                channel, self.place("services", key, "channels", index), partial(self.merge_words, channel, same[id])
            )
            for index, (id, channel) in enumerate(zip(ids, shape.channels, strict=True))
            if id or self.reject_nameless(self.place("services", key, "channels", index))
        )

    def reject_nameless(self, place: Place) -> bool:
        """Collect the mistake of a channel without a kind and an id; return False."""
        self.add_problem(place, KIND_MISSING, f"{KIND_EXAMPLE}, or give the id of a channel that was set up before.")
        return False

    def planned_status(self) -> Status | None:
        """Return the status of a service whose planned work names none."""
        planned = isinstance(self.facts, PostShape) and self.facts.kind is Kind.MAINTENANCE
        return Status.MAINTENANCE if planned else None

    def make_waivers(self) -> tuple[Waiver, ...]:
        """Return the waivers."""
        same = self.match_by_id("waivers", [shape.id for shape in self.facts.waivers], self.translated_facts)
        return tuple(self.make_waiver(index, shape, same[shape.id]) for index, shape in enumerate(self.facts.waivers))

    def make_waiver(self, index: int, shape: shapes.WaiverShape, translations: Iterable[_TranslatedPart]) -> Waiver:
        """Return one waiver."""
        return make_fact(
            Waiver,
            shape,
            partial(self.merge_words, shape, translations),
            place=self.place("waivers", index),
            until=shape.until if isinstance(shape.until, When) else None,
            until_words=self.merge_words(shape, translations, "until"),
        )

    def make_deadlines(self) -> tuple[Deadline, ...]:
        """Return the deadlines."""
        same = self.match_by_id("deadlines", [shape.id for shape in self.facts.deadlines], self.translated_facts)
        return tuple(
            make_fact(
                Deadline,
                shape,
                partial(self.merge_words, shape, same[shape.id]),
                place=self.place("deadlines", index),
            )
            for index, shape in enumerate(self.facts.deadlines)
        )

    def match_by_id(
        self, name: str, ids: list[str], translations: Iterable[_TranslatedPart]
    ) -> dict[str, list[_TranslatedPart]]:
        """Return the translated entries of the list `name` that belong to each of `ids`."""
        same: dict[str, list[_TranslatedPart]] = {id: [] for id in ids}
        for entry in (entry for part in translations for entry in part.entries(name)):
            id = entry.shape.id
            if id in same:
                same[id].append(entry)
            else:
                hint = did_you_mean(id, same) or "Delete it, or add it there first."
                self.add_problem(entry.place(), f'"{name}" in the original has no "{id}" in this update.', hint)
        return same
