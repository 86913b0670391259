"""What a form says in the other languages of the site, field by field beside the original.

A translation goes into its own file, laid out as `statusgen translate` does: what nobody translated stays a blank
there, and residents read the original. What was translated before the original was changed waits until it is looked at.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from statusgen.content.disk import read_file
from statusgen.content.format.fields import Names
from statusgen.content.posts.split import split_post
from statusgen.desk.drafts import Answers, Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.form import IN, RIGHT, Form, in_language
from statusgen.desk.forms.pictures import PICTURES, SHOWS, show_pictures
from statusgen.desk.forms.prepared import fill_words
from statusgen.desk.forms.prepared_languages import PreparedTranslation
from statusgen.desk.forms.ticked import is_bare, pair_ticked
from statusgen.desk.rehearse import DeskSession, Mistake, WrittenFile
from statusgen.editor.blanks import fill_blank, list_blanks
from statusgen.editor.posts import parse_update_text
from statusgen.editor.times import TimeParser
from statusgen.editor.translations import blank_text, lay_out_translation, make_blank, merge_lines
from statusgen.lint.rule import translation_file
from statusgen.problems import ContentError, InvalidValue
from statusgen.text import MAX_TEXT_BYTES, decode_text

SAME = "same/"
"""Before such a name: the digest of the original that somebody has looked at, and found to say the same."""
AUTOMATIC = "automatic"
"""What posts have for a waiver that nobody has to ask for."""
_WORDS = (
    *form.LISTS,
    "title",
    "text",
    "do",
    "where",
    "basis",
    "by",
    "claim",
    "fact",
    "right",
    "wrong",
    "what",
    "until",
    "how",
)


class TranslationState(Enum):
    """How a field stands in another language."""

    MISSING = "missing"
    TRANSLATED = "translated"
    CHANGED = "changed"
    """The original was changed after it was translated."""
    PREPARED = "prepared"
    """It is as in a prepared text, and a person has read that."""
    UNREAD = "unread"
    """It is as in a prepared text, and nobody has read that."""
    NOT_NEEDED = "not-needed"
    """It is a day, say, which is told in each language by itself."""
    INCOMPLETE = "incomplete"
    """It has a blank that was filled in in the original, and not here."""
    KEPT = "kept"
    """Only the original is corrected: somebody has said that what residents read here stays as it is."""

    @property
    def is_published(self) -> bool:
        """Whether residents read it: a person stands for it."""
        return self in (TranslationState.TRANSLATED, TranslationState.PREPARED, TranslationState.KEPT)


def has_words(name: str) -> bool:
    """Return whether a field has words that residents read, so that they can be translated."""
    if name.startswith(RIGHT):
        return not is_bare(name) or name.endswith(".until")
    return name in _WORDS or name.startswith((form.DO, form.WHERE, SHOWS))


def original_of(answers: Answers, name: str) -> str:
    """Return what a field says in the first language, with its blanks filled in."""
    said = answers.get(f"{name}-own") or answers.get(name, ())  # what was typed counts before what was chosen
    return fill_words(next(iter(said), ""), answers)


def digest_of(words: str) -> str:
    """Return a short digest of words, by which it is known that they are still the same."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def find_states(draft: Draft, language: str, folder: Path) -> Mapping[str, TranslationState]:
    """Return how each field stands in a language that says something in either, by its name in the first."""
    start, translated_from, answers = f"{IN}{language}/", dict[str, str](), dict[str, tuple[str, ...]]()
    for change in draft.changes:
        answers[change.field] = change.new
        if change.field.startswith(start):
            name = change.field.removeprefix(start)
            translated_from[name] = original_of(answers, name)
    prepared = PreparedTranslation.of_draft(folder, draft, language)
    said = (name.removesuffix("-own") for name in draft.answers)
    names = [name for name in (*said, *translated_from) if has_words(name)]
    states = {name: _state(draft, language, name, translated_from, prepared) for name in dict.fromkeys(names)}
    return {name: state for name, state in states.items() if state}


def _state(
    draft: Draft, language: str, name: str, translated_from: Mapping[str, str], prepared: PreparedTranslation | None
) -> TranslationState | None:
    """Return how a field stands; None if the original says nothing."""
    field, original = in_language(language, name), original_of(draft.answers, name)
    words = draft.first(field)
    if not words.strip() and not original.strip():
        return None
    if not words.strip() and name.startswith(RIGHT) and draft.first(SAME + field) == digest_of(original):
        return TranslationState.KEPT
    if not words.strip():
        return TranslationState.MISSING if _has_own_words(draft, name, original) else TranslationState.NOT_NEEDED
    if prepared and prepared.is_unchanged(draft, name):
        return _prepared_state(draft, name, prepared) if original.strip() else None
    if prepared and prepared.fill(words, draft) is None:
        return TranslationState.INCOMPLETE
    is_same = original == translated_from.get(name) or draft.first(SAME + field) == digest_of(original)
    return TranslationState.TRANSLATED if is_same else TranslationState.CHANGED


def _has_own_words(draft: Draft, name: str, original: str) -> bool:
    """Return whether an answer has words of its own: not a day, which each language says by itself."""
    kind = name.rpartition(".")[2]  # for a correction, the name of the fact is before it
    if kind == "how":
        return original != AUTOMATIC
    if kind != "until":
        return True
    try:
        TimeParser(draft.opened, ZoneInfo("UTC")).parse_future(original)
    except InvalidValue:
        return True
    return False


def _prepared_state(draft: Draft, name: str, prepared: PreparedTranslation) -> TranslationState:
    field = in_language(prepared.language, name)
    if prepared.fill(draft.first(field), draft) is None:
        return TranslationState.INCOMPLETE
    is_read = prepared.reviewed or draft.first(SAME + field) == digest_of(draft.first(name))
    return TranslationState.PREPARED if is_read else TranslationState.UNREAD


def with_languages(form: Form) -> Form:
    """Return a form that writes its translations, too."""

    def write(session: DeskSession, draft: Draft, flags: Any) -> None:
        form.write(session, draft, flags)
        for language in session.site.languages[1:]:
            states = find_states(draft, language, session.workspace.folder)
            said = {name for name, state in states.items() if state.is_published}
            if said and session.captured.written:
                _Translation(session, draft, language, said).write()

    return Form(form.make_page, form.make_flags, write)


@dataclass(frozen=True)
class _Translation:
    """The translation of what a form writes; `said` are the fields that somebody has translated."""

    session: DeskSession
    draft: Draft
    language: str
    said: set[str]

    def write(self) -> None:
        """Add the file of the translation, or say which words cannot be written."""
        post = self.session.captured.written[-1]
        try:
            self._refuse_headings()
            old, before = read_translation(self.session, post.path, self.language)
            original, _ = decode_text(post.new, post.path)
            laid_out = lay_out(self.session, post.path, original, before, self.language)
            text = self._fill(laid_out, _new_text(original, post.old))
            if text != laid_out:
                file = translation_file(post.path, self.language)
                self.session.add_translation(WrittenFile(file, merge_lines(old or b"", text), old))
        except ContentError as error:
            for problem in error.problems:
                self.session.mistakes.append(Mistake(problem.message, self._blamed("")))
        except InvalidValue as error:
            self.session.mistakes.append(Mistake(error.message, self._blamed("text")))

    def _words(self, name: str) -> str:
        """Return what a field says in this language, with its blanks filled in."""
        words = self.draft.first(in_language(self.language, name))
        prepared = PreparedTranslation.of_draft(self.session.workspace.folder, self.draft, self.language)
        return (prepared.fill(words, self.draft) or "") if prepared else words

    def _blamed(self, name: str) -> str:
        return in_language(self.language, name if name in self.said else sorted(self.said)[0])

    def _refuse_headings(self) -> None:
        for name in self.said:
            parse_update_text(self._words(name))

    def _fill(self, laid_out: str, original: str) -> str:
        """Return a translation with what was said in place of its blanks."""
        text = self._text()
        block = blank_text(original.strip("\n")) if text and original.strip() else ""
        if block and block in laid_out:
            before, _, after = laid_out.rpartition(block)
            laid_out = f"{before}{text}{after}"
        return fill_all(laid_out, dict(self._pairs()))

    def _text(self) -> str:
        """Return the whole text of the update, with its pictures; "" if nobody translated it."""
        shown = {name for name in self.said if name.startswith(SHOWS)}
        if "text" not in self.said and (self.draft.first("text") or not shown):
            return ""
        pictures = show_pictures(
            (name, self.draft.first(in_language(self.language, SHOWS + name)) or self.draft.first(SHOWS + name))
            for name in self.draft.answers.get(PICTURES, ())
        )
        text = parse_update_text(self._words("text"))
        return "\n\n".join(filter(None, [text, *pictures]))

    def _pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the original of words and what was said for them."""
        if post := self.session.board.incident_by_id.get(self.draft.post):
            yield from pair_ticked(self.draft, post, self.language, self.said)
        for name in sorted(name for name in self.said - {"text"} if not name.startswith(RIGHT)):
            theirs, mine = self._words(name), original_of(self.draft.answers, name)
            if name in form.LISTS:
                lines = [line for line in theirs.splitlines() if line.strip()]
                originals = [line for line in mine.splitlines() if line.strip()]
                if len(lines) > len(originals):
                    self.session.mistakes.append(Mistake("", in_language(self.language, name)))
                yield from zip(originals, lines, strict=False)
            else:
                yield mine, theirs


def fill_all(text: str, pairs: Mapping[str, str]) -> str:
    """Return a translation with words in place of each blank that quotes their original."""
    words_by_hint = {
        " ".join(make_blank(" ".join(original.split()))[2:-2].split()): " ".join(words.split())
        for original, words in pairs.items()
    }
    for blank in reversed(list_blanks(text)):  # what is before it keeps its place
        if words := words_by_hint.get(blank.hint):
            text = fill_blank(text, blank, words)
    return text


def read_translation(session: DeskSession, post: str, language: str) -> tuple[bytes | None, str]:
    """Return the translation of a post as it is on the disk, and as text; raises ContentError if it is no text."""
    folder, file = session.workspace.folder, translation_file(post, language)
    try:
        old = read_file(folder, folder / file, MAX_TEXT_BYTES)
    except FileNotFoundError:
        return None, ""
    text, problems = decode_text(old, file)
    if problems:
        raise ContentError(problems)
    return old, text


def lay_out(session: DeskSession, post: str, original: str, translation: str, language: str) -> str:
    """Return a translation with a blank for everything that it lacks."""
    names = Names(languages=session.site.languages, zone=session.site.zone, is_known=True)
    return lay_out_translation(original, translation, language, names, translation_file(post, language)).text


def _new_text(post: str, old: bytes | None) -> str:
    """Return the text of the update that a post has, and had not before."""
    raw, _ = split_post(post, "")
    before, _ = split_post(old.decode(errors="replace").replace("\r\n", "\n"), "") if old else (None, [])
    if raw is None:
        return ""
    if before is None:
        return raw.text.content
    known = {update.heading.content for update in before.updates}
    return next((each.text.content for each in raw.updates if each.heading.content not in known), "")
