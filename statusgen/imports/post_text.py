"""What a source tells of one post → the files of that post."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from statusgen.content.images.images import clean_upload
from statusgen.content.posts.split import split_post
from statusgen.editor.fact_values import Facts, drop_empty
from statusgen.editor.posts import format_post, format_update
from statusgen.editor.times import format_time
from statusgen.imports.own_links import OwnLinks
from statusgen.imports.settle import settle_times
from statusgen.imports.texts import LINK, clean_line, fit_text
from statusgen.imports.told import Note, NoteKind, ToldPost, ToldUpdate, name_post
from statusgen.model.posts import Topic
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.problems import InvalidValue, Place
from statusgen.text import quote_text, slugify

_UNFILLED = re.compile(r"\$\{\w+\}|\{\{\s*\w+\s*\}\}")
_POSTED = re.compile(r"^posted: (.+)$", re.MULTILINE)
_PLANNED_STATES = {State.RESOLVED: State.COMPLETED, State.MONITORING: State.VERIFYING}
_UNPLANNED_STATES = {
    State.COMPLETED: State.RESOLVED,
    State.CANCELLED: State.RESOLVED,
    State.VERIFYING: State.MONITORING,
}


@dataclass(frozen=True)
class PostFiles:
    """The files of a post by their paths within the site, where it is in its source, and what was noted."""

    place: Place
    files: Mapping[str, bytes]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class PostWriter:
    """Writes posts of one source: `name` is what the command line calls it, `ids` those of its services by their names.

    Planned work that `now` is still ahead of is announced now: a page cannot wait for its beginning. `links` are those
    of the old page to itself.
    """

    name: str
    zone: ZoneInfo
    languages: Sequence[str]
    ids: Mapping[str, str]
    now: datetime
    links: OwnLinks

    def write(self, post: ToldPost, id: str, old: str = "") -> PostFiles:
        """Return the files of a post whose file is named by `id`; `old` is what an earlier import wrote there."""
        post, notes = settle_times(post)
        pictures, files, more = _write_pictures(post, id)
        notes += more
        post = replace(post, updates=tuple(self._fit(update, post, pictures, notes) for update in post.updates))
        first, *later = post.updates
        later = [update for update in later if self._says_something(update, notes)]
        front = self._front(post, first, old, notes)
        blocks = [format_post(front, first.text), *(self._block(update, post) for update in later)]
        # The first line in the front matter says where the post is from, by which a later import knows it.
        text = "\n".join(blocks).replace("---\n", f"---\n# {self.name}: {post.key}\n", 1)
        _check_parts(text, later, notes, post)
        translations = self._translate(post, [first, *later], id, notes)
        named = tuple(name_post(note, post.name_in_notes) for note in notes)
        return PostFiles(post.place, {f"incidents/{id}.md": text.encode(), **translations, **files}, named)

    def _fit(self, update: ToldUpdate, post: ToldPost, pictures: Mapping[str, str], notes: list[Note]) -> ToldUpdate:
        texts = {self.languages[0]: update.text, **update.translations}
        fitted = {}
        for language, text in texts.items():
            shown = _rename_pictures(text, post, pictures)
            text, more = fit_text(shown, language, update.place, set(pictures.values()))
            fitted[language], losses = self.links.settle(text, update.place)
            notes += [*more, *losses]
        return replace(update, text=fitted.pop(self.languages[0]), translations=fitted)

    def _says_something(self, update: ToldUpdate, notes: list[Note]) -> bool:
        if update.text or update.statuses or update.state or update.title:
            return True
        notes.append(Note(update.place, NoteKind.LOSS, "An update that says nothing was left out."))
        return False

    def _front(self, post: ToldPost, first: ToldUpdate, old: str, notes: list[Note]) -> Facts:
        title = clean_line(post.title)
        if not title:
            what = "This has no title. What is it about? Its post is called by its key until you write one"
            what += ", and a draft." if post.unpublished else "."
            notes.append(Note(post.place, NoteKind.QUESTION, what))
        if _UNFILLED.search(title):
            what = f"A part of the title {quote_text(title)} was never filled in. What should it say?"
            notes.append(Note(post.place, NoteKind.QUESTION, what))
        is_planned = post.kind is Kind.MAINTENANCE
        posted = format_time(first.time, self.zone)
        earlier = _POSTED.search(old)
        if is_planned and (first.time.start > self.now or (earlier and earlier[1] != posted)):
            today = When.day(self.now.astimezone(self.zone).date(), self.zone)
            posted = earlier[1] if earlier else format_time(today, self.zone)
            what = "Nobody says when this planned work was announced; it is dated by the day of its import."
            notes.append(Note(post.place, NoteKind.GUESS, what))
        started = None if is_planned else format_time(post.started, self.zone)
        return drop_empty(
            {
                "title": title or clean_line(post.key),
                "kind": None if post.kind is Kind.INCIDENT else post.kind.value,
                "topic": Topic.OTHER.value if post.kind is Kind.NOTICE else None,
                "draft": post.unpublished,
                "started": started,
                "posted": posted if posted != started else None,
                "starts": format_time(post.starts, self.zone) if post.starts and is_planned else None,
                "ends": format_time(post.ends, self.zone) if post.ends and post.kind is not Kind.INCIDENT else None,
                **self._facts(first),
                "was": list(post.was),
            }
        )

    def _facts(self, update: ToldUpdate) -> Facts:
        worst: dict[str, Status] = {}
        for name, status in update.statuses.items():  # several names can be one service here
            id = self.ids[name]
            worst[id] = max(worst.get(id, status), status, key=lambda each: each.severity)
        statuses = {id: status.value for id, status in worst.items()}
        about = list(dict.fromkeys(self.ids[name] for name in update.about))
        return drop_empty({"title": clean_line(update.title or ""), "services": statuses or about})

    def _block(self, update: ToldUpdate, post: ToldPost) -> str:
        time, state = format_time(update.time, self.zone), fit_state(update.state, post.kind)
        facts = self._facts(update)
        if state is State.COMPLETED and post.ends and post.ends.start < update.time.start:
            facts = {"ends": time, **facts}  # it took longer than it was planned to
        return format_update(time, state, facts, update.text)

    def _translate(self, post: ToldPost, updates: Sequence[ToldUpdate], id: str, notes: list[Note]) -> dict[str, bytes]:
        """Return the translations of a post by their paths."""
        files = {}
        for language, title in post.translated_titles.items():
            if language not in self.languages[1:]:
                what = f"Its translation into {language!r} was left out: the site has no such language."
                notes.append(Note(post.place, NoteKind.LOSS, what))
                continue
            first, *later = updates
            blocks = [format_post({"title": clean_line(title)}, first.translations.get(language, ""))]
            for update in later:
                if text := update.translations.get(language, ""):
                    blocks.append(f"## {format_time(update.time, self.zone)}\n\n{text}\n")
            files[f"incidents/{id}.{language}.md"] = "\n".join(blocks).encode()
        return files


def fit_state(state: State | None, kind: Kind) -> State:
    """Return the state as a post of this kind can say it; one that it cannot say is no change of state."""
    other = _PLANNED_STATES if kind is Kind.MAINTENANCE else _UNPLANNED_STATES
    fitted = other.get(state, state) if state else State.UPDATE
    return fitted if fitted in kind.states else State.UPDATE


def _write_pictures(post: ToldPost, id: str) -> tuple[dict[str, str], dict[str, bytes], list[Note]]:
    """Return the names of pictures in our texts by those in the source, their files, and what was lost."""
    names, files, notes = dict[str, str](), dict[str, bytes](), list[Note]()
    for name, content in post.pictures.items():
        try:
            suffix, clean = clean_upload(content)
        except InvalidValue as error:
            what = f"A picture, {quote_text(name)}, was left out: {error.message}"
            notes.append(Note(post.place, NoteKind.LOSS, what))
            continue
        stem = slugify(name.rpartition("/")[2].rpartition(".")[0]) or "picture"
        names[name] = f"files/{id}-{stem}{suffix}"
        files[f"incidents/{names[name]}"] = clean
    return names, files, notes


def _rename_pictures(text: str, post: ToldPost, names: Mapping[str, str]) -> str:
    """Return a text in which pictures have the names of ours, and words stand for those that cannot be shown."""

    def rename(found: re.Match[str]) -> str:
        target = found["target"]
        if not found["mark"] or target not in post.pictures:
            return found[0]
        return f"![{found['words']}]({names[target]})" if target in names else found["words"]

    return LINK.sub(rename, text)


def _check_parts(text: str, later: Sequence[ToldUpdate], notes: list[Note], post: ToldPost) -> None:
    """Note a question if a post would be taken apart otherwise than it was put together."""
    raw, _ = split_post(text, "")
    if raw is None or [part.text.content.strip() for part in raw.updates] != [each.text.strip() for each in later]:
        what = (
            "A text of this looks like the facts of an update. Is it shown as it was? Compare the post with its source."
        )
        notes.append(Note(post.place, NoteKind.QUESTION, what))
