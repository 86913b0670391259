"""A post and its translations → an Incident with every update."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from statusgen.errors import Place, Problem
from statusgen.model import (
    ANY_STATES,
    Correction,
    Incident,
    Kind,
    Markup,
    State,
    Update,
    When,
    Words,
)
from statusgen.reading import markup, shapes, values
from statusgen.reading.documents import Document, read_yaml
from statusgen.reading.facts import Said, Translated, each
from statusgen.reading.posts import Part, RawPost, RawUpdate, split
from statusgen.reading.shapes import FactsShape, Names, PostShape, TranslatedFactsShape, TranslationShape
from statusgen.reading.values import Wrong


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


# One translation file: its updates by their ids, the first under None.
Translation = Mapping[str | None, Translated]

F = TypeVar("F", bound=shapes.Shape)


class PostReader:
    """Reads one post; gathers the mistakes of all its files in `problems`."""

    def __init__(self, post: Post, names: Names, resolve: markup.Resolver) -> None:
        self.post, self.names, self.resolve = post, names, resolve
        self.problems: list[Problem] = []

    def read(self) -> Incident | None:
        """The incident, with what could be read of it; None where its front matter has mistakes."""
        raw, self.problems = split(self.post.original.content, self.post.original.file)
        if raw is None:
            return None
        front, document = self.fit(PostShape, raw.front, self.post.original.file, self.names)
        translations = {
            language: self.translation(source, language) for language, source in self.post.translations.items()
        }
        kind = front.kind if front else Kind.INCIDENT
        headed = [(update, self.heading(update, kind, self.post.original.file)) for update in raw.updates]
        later = [self.later_update(update, *heading, translations) for update, heading in headed if heading is not None]
        if front is None:
            return None
        started = self.start(front, document)
        if started is None:
            return None
        first = self.first_update(front, document, raw, started, translations)
        updates = (first, *later)
        self.strays(translations, {update.id for update in updates})
        return Incident(
            id=self.post.id,
            kind=kind,
            title=front.title.translated(each(_firsts(translations), "title")),
            started=started,
            updates=updates,
            place=Place(self.post.original.file, document.place(("title",)).line),
            topic=front.topic,
            repeats=front.repeats,
            draft=front.draft,
            translated=tuple(translations),
        )

    def fit(self, shape: type[F], part: Part, file: str, names: Names) -> tuple[F | None, Document]:
        """A part of a file as `shape`; None where it has mistakes, which are noted."""
        document, problems = read_yaml(part.content, file, part.line)
        self.problems += problems
        if problems and document.value is None:
            return None, document
        fitted, misfits = shapes.fit(shape, document, names)
        self.problems += misfits
        return fitted, document

    def start(self, front: PostShape, document: Document) -> When | None:
        """When it all began: `started`, or else the best that the post says of it."""
        named = re.match(r"\d{4}-\d\d-\d\d", self.post.id)
        started = front.started or (None if front.kind is Kind.INCIDENT else front.starts or front.posted)
        if started is None and front.kind is Kind.NOTICE and named:
            started = self.value(values.when, named[0], document.place(("title",)))
        if started is None:
            key, hint = (
                ("starts", "Write when the work begins")
                if front.kind is Kind.MAINTENANCE
                else (
                    "started",
                    "Write when it began",
                )
            )
            what = f'The key "{key}" is missing.'
            self.note(document.place(()), what, f"{hint}, for example {key}: 2024-05-05 08:00")
        return started

    def posted(self, front: PostShape, started: When, document: Document) -> When:
        """When the first text was published."""
        named = re.match(r"\d{4}-\d\d-\d\d", self.post.id)
        if front.posted:
            return front.posted
        if front.kind is not Kind.MAINTENANCE:
            return started
        if named:
            return self.value(values.when, named[0], document.place(("title",))) or started
        hint = "Write when you announced it, for example posted: 2024-05-05 08:00"
        self.note(document.place(("starts",)), 'The key "posted" is missing.', hint)
        return started

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

    def heading(self, update: RawUpdate, kind: Kind, file: str) -> tuple[When, str, State] | None:
        """The time, the id and the state that an update's heading names."""
        place, words = Place(file, update.heading.line), update.heading.content
        match = values.TIME.match(words)
        if not match:
            hint = "Write ## 2024-05-15 16:00 Identified; a heading within a text has three signs: ###."
            self.note(place, f'"{words}" is not the time of an update.', hint)
            return None
        time = self.value(values.when, match[0], place)
        state = State.UPDATE
        if rest := words[match.end() :].strip(" :.-\u2013\u2014"):
            try:
                state = values.one_of(State, rest, "state")
            except Wrong as wrong:
                self.note(place, wrong.what, wrong.hint)
                return None
            if state not in kind.states:
                allowed = ", ".join(known.value for known in kind.states if known not in ANY_STATES)
                noun = {Kind.MAINTENANCE: "Planned work", Kind.NOTICE: "A notice"}.get(kind, "An incident")
                self.note(place, f'{noun} is never "{rest}".', f"Write one of: {allowed}.")
                return None
        return (time, self.update_id(time), state) if time else None

    def update_id(self, time: When) -> str:
        """An update's id: its local time."""
        local = time.start.astimezone(self.names.zone)
        return f"{local:%Y-%m-%d}" if time.whole_day else f"{local:%Y-%m-%d-%H%M}"

    def text(self, part: Part, language: str, file: str) -> Markup | None:
        """A part of a file as safe HTML."""
        lines = part.content.split("\n")
        blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
        place = Place(file, part.line + blank)
        text, problems = markup.convert("\n".join(lines[blank:]), language, place, self.resolve)
        self.problems += problems
        return text

    def translation(self, source: Source, language: str) -> Translation:
        """Read a translation file."""
        raw, problems = split(source.content, source.file)
        self.problems += problems
        if raw is None:
            return {}
        names = Names((language,), self.names.zone, self.names.services)
        front, _ = self.fit(TranslationShape, raw.front, source.file, names)
        text = self.text(raw.text, language, source.file)
        place = Place(source.file, raw.front.line)
        by = front.translated if front else "human"
        updates: dict[str | None, Translated] = {None: Translated(front or TranslatedFactsShape(), text, place, by)}
        for update in raw.updates:
            heading = self.heading(update, Kind.INCIDENT, source.file)
            facts, _ = self.fit(TranslatedFactsShape, update.facts, source.file, names)
            text = self.text(update.text, language, source.file)
            if heading is None:
                continue
            place, id = Place(source.file, update.heading.line), heading[1]
            if id in updates:
                self.note(place, "Two updates here have this time.", "Keep one, with the time of its original.")
            updates[id] = Translated(facts or TranslatedFactsShape(), text, place, by)
        return updates

    def strays(self, translations: Mapping[str, Translation], ids: set[str]) -> None:
        """Note translated updates that the original does not have."""
        for translation in translations.values():
            for id, translated in translation.items():
                if id is not None and id not in ids:
                    hint = f"Write the same heading as in {self.post.original.file}."
                    self.note(translated.place, "The original has no update of this time.", hint)

    def first_update(
        self,
        front: PostShape,
        document: Document,
        raw: RawPost,
        started: When,
        translations: Mapping[str, Translation],
    ) -> Update:
        """The update that the front matter and the text under it make."""
        time = self.posted(front, started, document)
        state = State.SCHEDULED if front.kind is Kind.MAINTENANCE else State.INVESTIGATING
        said = Said(front, document, _firsts(translations), self.note)
        return self.update(time, self.update_id(time), state, document.place(("title",)), said, raw.text, None)

    def later_update(
        self, update: RawUpdate, time: When, id: str, state: State, translations: Mapping[str, Translation]
    ) -> Update:
        """The update under a dated heading."""
        file = self.post.original.file
        facts, document = self.fit(FactsShape, update.facts, file, self.names)
        translated = {language: translation[id] for language, translation in translations.items() if id in translation}
        said = Said(facts or FactsShape(), document, translated, self.note)
        title = facts.title.translated(each(translated, "title")) if facts and facts.title else None
        return self.update(time, id, state, Place(file, update.heading.line), said, update.text, title)

    def update(
        self, time: When, id: str, state: State, place: Place, said: Said, text: Part, title: Words | None
    ) -> Update:
        """An update from its parts; the kind of each translation is filled in from its file."""
        facts = said.facts
        own = self.text(text, self.names.languages[0], self.post.original.file)
        texts = [own, *(translated.text for translated in said.translated.values())]
        return Update(
            id=id,
            time=time,
            state=state,
            place=place,
            texts=tuple(markup for markup in texts if markup) if own else (),
            title=title,
            by=said.words("by"),
            reports=said.reports(),
            expected=said.estimate(facts.expected, {k: t.facts.expected for k, t in said.translated.items()}),
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

    def correction(self, said: Said) -> Correction | None:
        """What an update puts right."""
        facts = said.facts
        if facts.corrects is None:
            return None
        return Correction(self.update_id(facts.corrects), said.words("wrong"), said.words("right"))


def _firsts(translations: Mapping[str, Translation]) -> dict[str, Translated]:
    return {language: translation[None] for language, translation in translations.items() if None in translation}
