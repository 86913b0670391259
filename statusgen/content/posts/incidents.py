"""Reads a post and its translations into an Incident with every update."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from statusgen import addresses
from statusgen.content.format import values
from statusgen.content.format.declared import make_fact
from statusgen.content.format.fields import Names
from statusgen.content.format.shapes import FactsShape, PostShape, TranslatedFactsShape, TranslationShape
from statusgen.content.format.synonyms import resolve_synonym
from statusgen.content.format.validation import MAX_MISTAKES, Shape, validate_document
from statusgen.content.posts.blanks import BLANK
from statusgen.content.posts.channel_kinds import fill_in_kinds
from statusgen.content.posts.split import RawPost, RawUpdate, Section, split_post
from statusgen.content.posts.update_facts import TranslatedUpdate, UpdateFacts
from statusgen.content.posts.update_ids import make_update_id
from statusgen.content.yaml.documents import Document, read_yaml
from statusgen.english import English, SeveralTexts
from statusgen.model.old_addresses import OldAddress
from statusgen.model.posts import Correction, Incident, Update
from statusgen.model.states import ANY_STATES, Kind, State
from statusgen.model.times import When
from statusgen.model.words import Markup
from statusgen.problems import InvalidValue, Place, Problem
from statusgen.text import HARD_SPACE, HARD_SPACE_MISTAKE, did_you_mean, quote_text

if TYPE_CHECKING:
    from statusgen.content.markdown.convert import Resolver


@dataclass(frozen=True)
class SourceFile:
    """A file of incidents/: its path within the site's folder, and its text."""

    file: str
    content: str


@dataclass(frozen=True)
class PostFiles:
    """All files of one incident: the post in the first language, and its translations by language."""

    id: str
    original: SourceFile
    translations: Mapping[str, SourceFile]


@dataclass(frozen=True)
class UpdateHeading:
    """What the heading of an update says; `state` is None if it names none."""

    time: When
    id: str
    state: State | None


# The updates of one translation file by their ids, the first under None.
TranslatedPost = Mapping[str | None, TranslatedUpdate]

F = TypeVar("F", bound=Shape)


class PostReader:
    """Reads one post, and collects the mistakes of all its files in `problems`."""

    def __init__(self, post: PostFiles, names: Names, resolve: "Resolver") -> None:
        self.post, self.names, self.resolve = post, names, resolve
        self.problems: list[Problem] = []
        self.documents: dict[Place, Document] = {}

    def read(self) -> Incident | None:
        """Return the incident with everything that could be read; None if its front matter has mistakes."""
        raw, self.problems = split_post(self.post.original.content, self.post.original.file)
        if raw is None:
            return None
        front, document = self.read_shape(PostShape, raw.front_matter, self.post.original.file, self.names)
        translations = {
            language: self.read_translation(source, language, front)
            for language, source in self.post.translations.items()
        }
        times = self.read_times(front, document) if front else None
        later = list(self.read_later_updates(raw, front, translations))
        if front is None or times is None:
            self.convert_text(raw.text, self.names.languages[0], self.post.original.file)
            return None
        started, posted = times
        first = self.make_first_update(front, document, raw, posted, translations)
        updates = tuple(fill_in_kinds(_put_days_in_order([first, *filter(None, later)]), self.add_problem))
        if len(later) == len(raw.updates) and None not in later:
            self.check_strays(translations, updates)
        return Incident(
            id=self.post.id,
            kind=front.kind,
            title=front.title.with_translations(first.facts.title for first in _first_updates(translations).values()),
            started=started,
            updates=updates,
            place=Place(self.post.original.file, document.place(("title",)).line),
            topic=front.topic,
            repeats=front.repeats,
            skipped_days=tuple(day.start.astimezone(self.names.zone).date() for day in front.except_),
            draft=front.draft,
            translation_languages=tuple(translations),
            silence=front.silence,
            withhold=front.withhold,
            was=tuple(
                OldAddress(old, addresses.incident(self.post.id), document.place(("was", index)))
                for index, old in enumerate(front.was)
            ),
        )

    def read_shape(self, shape: type[F], part: Section, file: str, names: Names) -> tuple[F | None, Document]:
        """Read a part of a file as `shape`; None if nothing of it fits. Its mistakes are collected."""
        document, problems = read_yaml(part.content, file, part.line)
        if problems and document.value is None:
            self.problems += [self.add_text_hint(problem, shape, part) for problem in problems]
            return None, document
        self.problems += problems
        value, problems = validate_document(shape, document, names)
        self.problems += problems
        return value, document

    def add_text_hint(self, problem: Problem, shape: type[Shape], part: Section) -> Problem:
        """Return a mistake in a block of facts, with a hint if its line looks like the beginning of the text."""
        line = part.content.split("\n")[problem.place.line - part.line]
        under_heading = shape in (FactsShape, TranslatedFactsShape) and problem.place.line > part.line
        if not under_heading or line[:1].isspace() or line.partition(":")[0] in shape.key_names():
            return problem
        return replace(
            problem, hint=SeveralTexts(problem.hint, English("If your text begins here, put an empty line above it."))
        )

    def read_times(self, front: PostShape, document: Document) -> tuple[When, When] | None:
        """Return when it began and when the first text was published; None, with a mistake, if unknown.

        An incident must say when it began, and planned work when it was announced (for which the date in the file's
        name will do). Anything else that is missing is taken from what is given.
        """
        planned, named = front.kind is Kind.MAINTENANCE, self.date_in_file_name()
        if front.kind is Kind.INCIDENT:
            started, posted = front.started, front.posted or front.started
        elif planned:
            posted = front.posted or named
            started = front.started or front.starts or posted
        else:
            started = front.started or front.posted or named
            posted = front.posted or started
        key, time, event = ("posted", posted, "you announced it") if planned else ("started", started, "it began")
        if time is None and (key,) not in document.lines:
            hint = f"Write when {event}, for example {key}: 2024-05-05 08:00"
            self.add_problem(document.place(("title",)), f'The key "{key}" is missing.', hint)
        return (started, posted) if started and posted else None

    def date_in_file_name(self) -> When | None:
        """Return the date at the beginning of the file's name, if there is one."""
        named = re.match(r"\d{4}-\d\d-\d\d", self.post.id)
        try:
            return values.parse_time(named[0], self.names.zone) if named else None
        except InvalidValue:
            return None

    def parse_time(self, text: str, place: Place) -> When | None:
        """Read a time in the site's zone; None, with a mistake, if it cannot be read."""
        try:
            return values.parse_time(text, self.names.zone)
        except InvalidValue as error:
            self.add_problem(place, error.what, error.hint)
            return None

    def add_problem(self, place: Place, what: str, hint: str) -> None:
        """Collect a mistake."""
        self.problems.append(Problem(place, what, hint))

    def read_heading(self, update: RawUpdate, front: PostShape | None, file: str) -> UpdateHeading | None:
        """Read the time and the state in an update's heading; the kind of the post decides which states there are."""
        place, words = Place(file, update.heading.line), update.heading.content
        if HARD_SPACE.search(words):
            self.add_problem(place, *HARD_SPACE_MISTAKE)
            return None
        match = values.TIME_PATTERN.match(words)
        after = words.removeprefix(match[0].rstrip()) if match else words
        rest = after.strip(" :.-\u2013\u2014")
        if not match or re.match(r"\w", after) or re.match(r"\d", rest):
            hint = (
                "Write it like 2024-05-15 16:00 Identified. For a heading within the text, use three number signs: ###."
            )
            self.add_problem(place, f"{quote_text(words)} is not the heading of an update.", hint)
            return None
        time = self.parse_time(match[0], place)
        kind = front.kind if front else Kind.INCIDENT
        try:
            state = values.parse_enum(State, rest, "state") if rest else None
        except InvalidValue as error:
            self.add_problem(place, error.what, self.state_hint(rest, file, kind))
            return None
        if state and state not in kind.states:
            allowed = ", ".join(known.value for known in kind.states if known not in ANY_STATES)
            noun = {Kind.MAINTENANCE: "Planned work", Kind.NOTICE: "A notice"}.get(kind, "An incident")
            self.add_problem(place, f"{noun} cannot be {quote_text(rest)}.", f"Write one of: {allowed}.")
            return None
        return UpdateHeading(time, make_update_id(time, self.names.zone), state) if time else None

    def state_hint(self, rest: str, file: str, kind: Kind) -> str:
        """Return what to write instead of a state that does not exist."""
        if file != self.post.original.file:
            return "Leave it out here: it is taken from the original."
        if re.match(r"[ap]\.?m\b", rest.casefold()):
            return "Use the 24-hour clock: 7:00 PM is 19:00."
        words = re.split(r"[\s,:]+", rest.casefold())
        named = next((state.value for state in kind.states if state.value in words), None)
        if named and len(words) > 1:
            only = f"Write only the time and {named.capitalize()} here"
            return f"{only}; the rest can go below, like title: {quote_text(rest)}"
        states = [state.value for state in kind.states]
        return did_you_mean(resolve_synonym(rest, states)[:100], states)

    def convert_text(self, part: Section, language: str, file: str) -> Markup | None:
        """Convert a part of a file to safe HTML."""
        lines = part.content.split("\n")
        start = next((number for number, line in enumerate(lines) if line.strip()), 0)
        place = Place(file, part.line + start)
        # It takes long to load, and a build that finds all posts in its cache does not need it.
        from statusgen.content.markdown.convert import convert_markdown

        text, problems = convert_markdown("\n".join(lines[start:]), language, place, self.resolve)
        self.problems += problems
        return text

    def convert_translated_text(self, part: Section, language: str, file: str) -> Markup | None:
        """Convert a translated text; None if it has blanks, for then it is not all translated yet."""
        return None if BLANK.search(part.content) else self.convert_text(part, language, file)

    def read_translation(self, source: SourceFile, language: str, original: PostShape | None) -> TranslatedPost:
        """Read a translation file, update by update."""
        raw, problems = split_post(source.content, source.file)
        self.problems += problems
        if raw is None:
            return {}
        names = replace(self.names, languages=(language,), is_translation=True)
        front, document = self.read_shape(TranslationShape, raw.front_matter, source.file, names)
        text = self.convert_translated_text(raw.text, language, source.file)
        place = Place(source.file, raw.front_matter.line)
        by = front.translated if front else "human"
        first = TranslatedUpdate(front or TranslatedFactsShape.model_construct(), document, text, place, by)
        updates: dict[str | None, TranslatedUpdate] = {None: first}
        for update in raw.updates:
            if len(self.problems) > MAX_MISTAKES:
                break
            heading = self.read_heading(update, original, source.file)
            facts, document = self.read_shape(TranslatedFactsShape, update.facts, source.file, names)
            text = self.convert_translated_text(update.text, language, source.file)
            if heading is None:
                continue
            place = Place(source.file, update.heading.line)
            if heading.id in updates:
                self.add_problem(
                    place,
                    "Two updates here have the same time.",
                    "Keep only one, with the time that it has in the original.",
                )
            facts = facts or TranslatedFactsShape.model_construct()
            updates[heading.id] = TranslatedUpdate(facts, document, text, place, by, heading.state)
        return updates

    def check_strays(self, translations: Mapping[str, TranslatedPost], updates: tuple[Update, ...]) -> None:
        """Collect what is in a translation but not in the original: other updates, and other states."""
        states = {update.id: update.state for update in updates[1:]}
        for translation in translations.values():
            for id, translated in translation.items():
                if id is None:
                    continue
                if id not in states:
                    hint = f"Use the same heading as in {self.post.original.file}."
                    if id == updates[0].id:
                        hint = "Put its text under the front matter, as in the original."
                    self.add_problem(translated.place, "The original has no update at this time.", hint)
                elif translated.state not in (None, states[id]):
                    what = f'The original says "{states[id].value}" at this time.'
                    self.add_problem(translated.place, what, "Write the same, or only the time.")

    def make_first_update(
        self,
        front: PostShape,
        document: Document,
        raw: RawPost,
        posted: When,
        translations: Mapping[str, TranslatedPost],
    ) -> Update:
        """Return the first update, which is made of the front matter and the text under it."""
        state = State.SCHEDULED if front.kind is Kind.MAINTENANCE else State.INVESTIGATING
        facts = UpdateFacts(front, document, _first_updates(translations), self.add_problem)
        heading = UpdateHeading(posted, make_update_id(posted, self.names.zone), state)
        return self.make_update(heading, document.place(("title",)), facts, raw.text)

    def read_later_updates(
        self, raw: RawPost, front: PostShape | None, translations: Mapping[str, TranslatedPost]
    ) -> Iterator[Update | None]:
        """Yield each update under a dated heading; None for one whose heading cannot be read."""
        for update in raw.updates:
            if len(self.problems) > MAX_MISTAKES:
                return
            yield self.read_later_update(update, front, translations)

    def read_later_update(
        self, update: RawUpdate, front: PostShape | None, translations: Mapping[str, TranslatedPost]
    ) -> Update | None:
        """Return the update under a dated heading; None if that cannot be read, though the rest is still checked."""
        file = self.post.original.file
        heading = self.read_heading(update, front, file)
        shape, document = self.read_shape(FactsShape, update.facts, file, self.names)
        if heading is None:
            self.convert_text(update.text, self.names.languages[0], file)
            return None
        id = heading.id
        translated = {language: translation[id] for language, translation in translations.items() if id in translation}
        facts = UpdateFacts(shape or FactsShape.model_construct(), document, translated, self.add_problem)
        return self.make_update(heading, Place(file, update.heading.line), facts, update.text)

    def make_update(self, heading: UpdateHeading, place: Place, said: UpdateFacts, text: Section) -> Update:
        """Return an update, made from its parts."""
        facts = said.facts
        self.documents[place] = said.document
        self.check_unrelated(said)
        own = self.convert_text(text, self.names.languages[0], self.post.original.file)
        texts = [own, *(translated.text for translated in said.translations.values())]
        return make_fact(
            Update,
            facts,
            said.words,
            id=heading.id,
            time=heading.time,
            state=heading.state or State.UPDATE,
            place=place,
            texts=tuple(markup for markup in texts if markup) if own else (),
            title=None if isinstance(facts, PostShape) else said.words("title"),
            reports=said.make_reports(),
            **said.merge_advice(facts, said.translated_facts),
            others=facts.others,
            scope=facts.scope,
            unchanged=facts.unchanged,
            embargo=facts.embargo,
            expected=said.make_estimate(),
            waivers=said.make_waivers(),
            deadlines=said.make_deadlines(),
            **{name: said.words_list(name) for name in ("known", "not_known", "doing")},
            correction=self.make_correction(said),
            translations=tuple(
                (language, translated.translated_by)
                for language, translated in said.translations.items()
                if translated.says_something
            ),
        )

    def check_unrelated(self, said: UpdateFacts) -> None:
        """Collect the mistake of a post that is said to be unrelated to itself."""
        for index, id in enumerate(said.facts.unrelated_to):
            if id == self.post.id:
                place = said.place("unrelated_to", index)
                self.add_problem(place, "A post cannot be unrelated to itself.", "Name the other post.")

    def place(self, update: Update, *keys: str) -> Place:
        """Return the place of the first of these facts that an update has, or of the update if it has none of them."""
        found = next((key for key in keys if self.has_key(update, key)), None)
        return self.documents[update.place].place((found,)) if found else update.place

    def has_key(self, update: Update, key: str) -> bool:
        """Return whether an update has this fact, even one that could not be read."""
        return (key,) in self.documents[update.place].lines

    def make_correction(self, said: UpdateFacts) -> Correction | None:
        """Return what an update corrects, if it does."""
        facts = said.facts
        if facts.corrects is None:
            return None
        return Correction(make_update_id(facts.corrects, self.names.zone), said.words("wrong"), said.words("right"))


def _put_days_in_order(updates: Iterable[Update]) -> Iterator[Update]:
    """Yield the updates; one of which only the day is known can come after one of that day with a time.

    It was made between that and the end of the day.
    """
    above: When | None = None
    for update in updates:
        day = update.time
        if day.is_whole_day and above and not above.is_whole_day and day.start <= above.start < day.end:
            # A second later, wherever updates are put in the order of their times.
            yield replace(update, time=When(above.start + timedelta(seconds=1), day.end))
        else:
            yield update
        above = update.time


def _first_updates(translations: Mapping[str, TranslatedPost]) -> dict[str, TranslatedUpdate]:
    return {language: translation[None] for language, translation in translations.items() if None in translation}
