"""A post and its translations → an Incident with every update."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from statusgen.errors import Place, Problem, did_you_mean
from statusgen.model import (
    ANY_STATES,
    Correction,
    Incident,
    Kind,
    Markup,
    State,
    Update,
    When,
)
from statusgen.reading import values
from statusgen.reading.documents import Document, read_yaml
from statusgen.reading.facts import Said, Translated
from statusgen.reading.fields import Names
from statusgen.reading.fitting import MOST_MISTAKES, Shape, fit
from statusgen.reading.posts import Part, RawPost, RawUpdate, split
from statusgen.reading.shapes import FactsShape, PostShape, TranslatedFactsShape, TranslationShape
from statusgen.reading.synonyms import meant
from statusgen.reading.syntax import HARD, HARD_SPACE
from statusgen.reading.values import Wrong, quoted

if TYPE_CHECKING:
    from statusgen.reading.markup import Resolver


@dataclass(frozen=True)
class Source:
    """A file of incidents/: its path within the site's folder, and its text."""

    file: str
    content: str


@dataclass(frozen=True)
class Post:
    """All files of one incident: the post in the first language, and its translations by language."""

    id: str
    original: Source
    translations: Mapping[str, Source]


@dataclass(frozen=True)
class Heading:
    """What the heading of an update says; `state` is None where it names none."""

    time: When
    id: str
    state: State | None


# One translation file: its updates by their ids, the first under None.
Translation = Mapping[str | None, Translated]

F = TypeVar("F", bound=Shape)


class PostReader:
    """Reads one post; gathers the mistakes of all its files in `problems`."""

    def __init__(self, post: Post, names: Names, resolve: "Resolver") -> None:
        self.post, self.names, self.resolve = post, names, resolve
        self.problems: list[Problem] = []
        self.documents: dict[Place, Document] = {}

    def read(self) -> Incident | None:
        """The incident, with what could be read of it; None where its front matter has mistakes."""
        raw, self.problems = split(self.post.original.content, self.post.original.file)
        if raw is None:
            return None
        front, document = self.fit(PostShape, raw.front, self.post.original.file, self.names)
        translations = {
            language: self.translation(source, language, front) for language, source in self.post.translations.items()
        }
        times = self.times(front, document) if front else None
        later = list(self.later_updates(raw, front, translations))
        if front is None or times is None:
            self.text(raw.text, self.names.languages[0], self.post.original.file)
            return None
        started, posted = times
        first = self.first_update(front, document, raw, posted, translations)
        updates = (first, *(update for update in later if update))
        if len(later) == len(raw.updates) and None not in later:
            self.strays(translations, updates)
        return Incident(
            id=self.post.id,
            kind=front.kind,
            title=front.title.translated(said.facts.title for said in _firsts(translations).values()),
            started=started,
            updates=updates,
            place=Place(self.post.original.file, document.place(("title",)).line),
            topic=front.topic,
            repeats=front.repeats,
            draft=front.draft,
            translated=tuple(translations),
            silence=front.silence,
            withhold=front.withhold,
        )

    def fit(self, shape: type[F], part: Part, file: str, names: Names) -> tuple[F | None, Document]:
        """A part of a file as `shape`; None where it has mistakes, which are noted."""
        document, problems = read_yaml(part.content, file, part.line)
        if problems and document.value is None:
            self.problems += [self.beginning_of_text(problem, shape, part) for problem in problems]
            return None, document
        self.problems += problems
        fitted, misfits = fit(shape, document, names)
        self.problems += misfits
        return fitted, document

    def beginning_of_text(self, problem: Problem, shape: type[Shape], part: Part) -> Problem:
        """A mistake in a block of facts, on a line that may be none of them but the text below."""
        line = part.content.split("\n")[problem.place.line - part.line]
        under_heading = shape in (FactsShape, TranslatedFactsShape) and problem.place.line > part.line
        if not under_heading or line[:1].isspace() or line.partition(":")[0] in shape.written():
            return problem
        return replace(problem, hint=f"{problem.hint} If the text begins here, put an empty line above it.")

    def times(self, front: PostShape, document: Document) -> tuple[When, When] | None:
        """When it all began and when the first text was published; None, and problems noted, where nothing tells."""
        planned, named = front.kind is Kind.MAINTENANCE, self.day_named()
        if front.kind is Kind.INCIDENT:
            started, posted = front.started, front.posted or front.started
        elif planned:
            posted = front.posted or named
            started = front.started or front.starts or posted
        else:
            started = front.started or front.posted or named
            posted = front.posted or started
        key, found, begin = ("posted", posted, "you announced it") if planned else ("started", started, "it began")
        if found is None and key not in document.value:
            hint = f"Write when {begin}, for example {key}: 2024-05-05 08:00"
            self.note(document.place(("title",)), f'The key "{key}" is missing.', hint)
        return (started, posted) if started and posted else None

    def day_named(self) -> When | None:
        """The date that the name of the file begins with, if it does."""
        named = re.match(r"\d{4}-\d\d-\d\d", self.post.id)
        try:
            return values.when(named[0], self.names.zone) if named else None
        except Wrong:
            return None

    def value(self, read: Any, text: str, place: Place) -> Any:
        """What `read` makes of `text` in the site's zone; None, and a problem noted, where it cannot."""
        try:
            return read(text, self.names.zone)
        except Wrong as wrong:
            self.note(place, wrong.what, wrong.hint)
            return None

    def note(self, place: Place, what: str, hint: str) -> None:
        """Remember a mistake."""
        self.problems.append(Problem(place, what, hint))

    def heading(self, update: RawUpdate, front: PostShape | None, file: str) -> Heading | None:
        """The time and the state that an update's heading names; the kind of the post tells which states there are."""
        place, words = Place(file, update.heading.line), update.heading.content
        if HARD_SPACE.search(words):
            self.note(place, *HARD)
            return None
        match = values.TIME.match(words)
        after = words.removeprefix(match[0].rstrip()) if match else words
        rest = after.strip(" :.-\u2013\u2014")
        if not match or re.match(r"\w", after) or re.match(r"\d", rest):
            hint = "Write it like 2024-05-15 16:00 Identified. A heading within a text has three signs: ###."
            self.note(place, f"{quoted(words)} is not the time of an update.", hint)
            return None
        time: When | None = self.value(values.when, match[0], place)
        kind = front.kind if front else Kind.INCIDENT
        try:
            state = values.one_of(State, rest, "state") if rest else None
        except Wrong as wrong:
            self.note(place, wrong.what, self.state_hint(rest, file, kind))
            return None
        if state and state not in kind.states:
            allowed = ", ".join(known.value for known in kind.states if known not in ANY_STATES)
            noun = {Kind.MAINTENANCE: "Planned work", Kind.NOTICE: "A notice"}.get(kind, "An incident")
            self.note(place, f"{noun} is never {quoted(rest)}.", f"Write one of: {allowed}.")
            return None
        return Heading(time, self.update_id(time), state) if time else None

    def state_hint(self, rest: str, file: str, kind: Kind) -> str:
        """What to write instead of a state that is none."""
        if file != self.post.original.file:
            return "Leave it out here; it is taken from the original."
        if re.match(r"[ap]\.?m\b", rest.casefold()):
            return "Write the hour from 0 to 23: 7:00 PM is 19:00."
        words = re.split(r"[\s,:]+", rest.casefold())
        named = next((state.value for state in kind.states if state.value in words), None)
        if named and len(words) > 1:
            return f"Write only the time and {named.capitalize()}; more can stand below, like title: {quoted(rest)}"
        states = [state.value for state in kind.states]
        return did_you_mean(meant(rest, states)[:100], states)

    def update_id(self, time: When) -> str:
        """An update's id: its local time."""
        local = time.start.astimezone(self.names.zone)
        return f"{local:%Y-%m-%d}" if time.whole_day else f"{local:%Y-%m-%d-%H%M}"

    def text(self, part: Part, language: str, file: str) -> Markup | None:
        """A part of a file as safe HTML."""
        lines = part.content.split("\n")
        blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
        place = Place(file, part.line + blank)
        # Where all posts are remembered, nobody needs Markdown.
        from statusgen.reading.markup import convert

        text, problems = convert("\n".join(lines[blank:]), language, place, self.resolve)
        self.problems += problems
        return text

    def translation(self, source: Source, language: str, original: PostShape | None) -> Translation:
        """Read a translation file."""
        raw, problems = split(source.content, source.file)
        self.problems += problems
        if raw is None:
            return {}
        names = replace(self.names, languages=(language,))
        front, document = self.fit(TranslationShape, raw.front, source.file, names)
        text = self.text(raw.text, language, source.file)
        place = Place(source.file, raw.front.line)
        by = front.translated if front else "human"
        first = Translated(front or TranslatedFactsShape(), document, text, place, by)
        updates: dict[str | None, Translated] = {None: first}
        for update in raw.updates:
            if len(self.problems) > MOST_MISTAKES:
                break
            heading = self.heading(update, original, source.file)
            facts, document = self.fit(TranslatedFactsShape, update.facts, source.file, names)
            text = self.text(update.text, language, source.file)
            if heading is None:
                continue
            place = Place(source.file, update.heading.line)
            if heading.id in updates:
                self.note(place, "Two updates here have this time.", "Keep one, with the time of its original.")
            said = Translated(facts or TranslatedFactsShape(), document, text, place, by, heading.state)
            updates[heading.id] = said
        return updates

    def strays(self, translations: Mapping[str, Translation], updates: tuple[Update, ...]) -> None:
        """Note what is in a translation and not in the original: updates, and other states."""
        states = {update.id: update.state for update in updates[1:]}
        for translation in translations.values():
            for id, translated in translation.items():
                if id is None:
                    continue
                if id not in states:
                    hint = f"Write the same heading as in {self.post.original.file}."
                    if id == updates[0].id:
                        hint = "Put its words under the front matter, as the original does."
                    self.note(translated.place, "The original has no update of this time.", hint)
                elif translated.state not in (None, states[id]):
                    what = f'The original says "{states[id].value}" at this time.'
                    self.note(translated.place, what, "Write the same, or only the time.")

    def first_update(
        self, front: PostShape, document: Document, raw: RawPost, posted: When, translations: Mapping[str, Translation]
    ) -> Update:
        """The update that the front matter and the text under it make."""
        state = State.SCHEDULED if front.kind is Kind.MAINTENANCE else State.INVESTIGATING
        said = Said(front, document, _firsts(translations), self.note)
        heading = Heading(posted, self.update_id(posted), state)
        return self.update(heading, document.place(("title",)), said, raw.text)

    def later_updates(
        self, raw: RawPost, front: PostShape | None, translations: Mapping[str, Translation]
    ) -> Iterator[Update | None]:
        """Each update under a dated heading; None for those whose heading cannot be read."""
        for update in raw.updates:
            if len(self.problems) > MOST_MISTAKES:
                return
            yield self.later_update(update, front, translations)

    def later_update(
        self, update: RawUpdate, front: PostShape | None, translations: Mapping[str, Translation]
    ) -> Update | None:
        """The update under a dated heading; None where that cannot be read, but the rest is checked all the same."""
        file = self.post.original.file
        heading = self.heading(update, front, file)
        facts, document = self.fit(FactsShape, update.facts, file, self.names)
        id = heading.id if heading else ""
        translated = {language: translation[id] for language, translation in translations.items() if id in translation}
        said = Said(facts or FactsShape(), document, translated, self.note)
        place = Place(file, update.heading.line)
        if heading is None:
            self.text(update.text, self.names.languages[0], file)
            return None
        return self.update(heading, place, said, update.text)

    def update(self, heading: Heading, place: Place, said: Said, text: Part) -> Update:
        """An update from its parts; the kind of each translation is filled in from its file."""
        facts = said.facts
        self.documents[place] = said.document
        self.related(said)
        own = self.text(text, self.names.languages[0], self.post.original.file)
        texts = [own, *(translated.text for translated in said.translated.values())]
        return Update(
            id=heading.id,
            time=heading.time,
            state=heading.state or State.UPDATE,
            place=place,
            texts=tuple(markup for markup in texts if markup) if own else (),
            title=None if isinstance(facts, PostShape) else said.words("title"),
            by=said.words("by"),
            reports=said.reports(),
            expected=said.estimate(),
            next_update=facts.next_update,
            waivers=said.waivers(),
            deadlines=said.deadlines(),
            known=said.entries("known"),
            not_known=said.entries("not_known"),
            doing=said.entries("doing"),
            unrelated_to=facts.unrelated_to,
            correction=self.correction(said),
            starts=facts.starts,
            ends=facts.ends,
            translations=tuple((language, translated.by) for language, translated in said.translated.items()),
        )

    def related(self, said: Said) -> None:
        """Note a post that is said to be unrelated to itself."""
        for index, id in enumerate(said.facts.unrelated_to):
            if id == self.post.id:
                place = said.place("unrelated_to", index)
                self.note(place, "A post cannot be unrelated to itself.", "Name the other one.")

    def place(self, update: Update, key: str) -> Place:
        """Where a fact of an update stands, or else the update."""
        return self.documents[update.place].place((key,)) if self.has(update, key) else update.place

    def has(self, update: Update, key: str) -> bool:
        """Whether an update has this fact, be it one that could not be read."""
        return (key,) in self.documents[update.place].lines

    def correction(self, said: Said) -> Correction | None:
        """What an update puts right."""
        facts = said.facts
        if facts.corrects is None:
            return None
        return Correction(self.update_id(facts.corrects), said.words("wrong"), said.words("right"))


def _firsts(translations: Mapping[str, Translation]) -> dict[str, Translated]:
    return {language: translation[None] for language, translation in translations.items() if None in translation}
