"""The form that translates a post which residents read already."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from statusgen.cli.write_report import WriteReport
from statusgen.content.languages import native_name
from statusgen.content.yaml.documents import KeyPath
from statusgen.desk.drafts import Draft
from statusgen.desk.forms.form import Form, FormContext, in_language
from statusgen.desk.forms.languages import digest_of, fill_all, lay_out, read_translation
from statusgen.desk.forms.said import require_post
from statusgen.desk.questions import Choice, Field, FormPage, Question, Shape
from statusgen.desk.rehearse import DeskSession, Mistake, WrittenFile
from statusgen.editor.blanks import TEXT, Blank, fill_blank, list_blanks
from statusgen.editor.posts import parse_update_text
from statusgen.editor.translations import blank_translation, mark_translator, merge_lines
from statusgen.lint.rule import translation_file
from statusgen.problems import ContentError, InvalidValue
from statusgen.text import decode_text

READ = "read/"
"""Before a language: the field that says that somebody has read the sentences of a machine."""
_MACHINE = "\ntranslated: machine\n"


@dataclass(frozen=True)
class NoFlags:
    """The form has no flags: what it says goes into the translation as it is."""


@dataclass(frozen=True)
class _Missing:
    """The translation of a post into a language: on the disk, as text, and with blanks for what it lacks.

    `whole` is the same with a blank for everything, by which the machine's words are found.
    """

    language: str
    old: bytes | None
    before: str
    laid_out: str
    whole: str

    @property
    def is_by_machine(self) -> bool:
        """Whether a machine made it, and nobody has read it yet."""
        return _MACHINE in self.before

    @property
    def blanks(self) -> list[Blank]:
        """What is missing, the same words once."""
        return list({blank.hint: blank for blank in list_blanks(self.laid_out)}.values())

    @cached_property
    def _machine_blanks(self) -> list[Blank]:
        """A blank for each piece that a machine has translated, which quotes it."""
        missing = {blank.hint for blank in list_blanks(self.before)}
        return [blank for blank in list_blanks(blank_translation(self.before)) if blank.hint not in missing]

    def is_rewritten(self, changed: Mapping[str, str]) -> bool:
        """Return whether somebody has changed each piece that a machine has translated."""
        return 0 < len(self._machine_blanks) == len(changed)

    @cached_property
    def machine_words(self) -> list[tuple[Blank, str]]:
        """What a machine has translated: a blank that asks for the original, and the machine's words."""
        if not self.is_by_machine:
            return []
        theirs = {_place(blank): blank.hint for blank in self._machine_blanks}
        mine = list_blanks(self.whole)
        texts = [_count_texts(each) for each in (mine, self._machine_blanks)]
        return [
            (blank, theirs[_place(blank)])
            for blank in mine
            if _place(blank) in theirs
            # A text that is parted otherwise than its original cannot be shown piece by piece.
            and (blank.path[0] != TEXT or texts[0][_time(blank)] == texts[1][_time(blank)])
        ]

    def with_changes(self, words_by_field: Mapping[str, str]) -> str:
        """Return the translation with what somebody has changed in the machine's words."""
        known = {_place(blank): words_by_field.get(_field(self.language, blank)) for blank, _ in self.machine_words}
        text = blank_translation(self.before)
        for blank in reversed(self._machine_blanks):  # what is before it keeps its place
            text = fill_blank(text, blank, known.get(_place(blank)) or blank.hint)
        return text


def _time(blank: Blank) -> str:
    """Return when the update is from that a blank is in; a heading may have more behind that."""
    return " ".join(blank.update.split()[:2])


def _place(blank: Blank) -> tuple[str, KeyPath]:
    return _time(blank), blank.path


def _count_texts(blanks: Iterable[Blank]) -> Counter[str]:
    """Return in how many pieces the text of each update is."""
    return Counter(_time(blank) for blank in blanks if blank.path[0] == TEXT)


def _find_missing(session: DeskSession, draft: Draft) -> Iterator[_Missing]:
    """Yield what a post lacks in each language; raises ContentError for a translation that cannot be read."""
    post = session.find_incident(draft.post)
    original, _ = decode_text(session.workspace.read_bytes(post), post.place.file)
    for language in session.site.languages[1:]:
        old, before = read_translation(session, post.place.file, language)
        file = post.place.file
        laid_out = [lay_out(session, file, original, translation, language) for translation in (before, "")]
        yield _Missing(language, old, before, *laid_out)


def _field(language: str, blank: Blank) -> str:
    return in_language(language, digest_of(blank.hint))


def _page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    post, session = require_post(context), DeskSession(context.folder)
    try:
        missing = list(_find_missing(session, context.draft))
    except ContentError:
        missing = []
    questions = [question for each in missing for question in _questions(each, context)]
    count = sum(len(each.blanks) for each in missing)
    intro = context.words.ngettext("%d text is missing.", "%d texts are missing.", count) % count
    more = _("Times, statuses and names of services are translated automatically.")
    title = _("Translate: %s") % context.say(post.incident.title)
    return FormPage(title, f"{intro} {more}", tuple(questions))


def _questions(missing: _Missing, context: FormContext) -> Iterator[Question]:
    _, name = context.words.gettext, native_name(missing.language)
    for update in dict.fromkeys(blank.update for blank in missing.blanks):
        fields = tuple(
            Field(
                _field(missing.language, blank),
                Shape.TRANSLATION,
                _label(blank, context),
                original=blank.hint,
                language=missing.language,
                rows_high=2,
            )
            for blank in missing.blanks
            if blank.update == update
        )
        when = _("%(language)s: the update of %(time)s") % {"language": name, "time": update}
        yield Question(when if update else name, fields)
    if missing.is_by_machine:
        yield Question(_("%s: what a machine has translated") % name, tuple(_machine_fields(missing, context)))


def _machine_fields(missing: _Missing, context: FormContext) -> Iterator[Field]:
    """Yield the machine's words, which can be changed, and whether somebody has read all of them."""
    _ = context.words.gettext
    for blank, words in missing.machine_words:
        name = _field(missing.language, blank)
        yield Field(
            name,
            Shape.TRANSLATION,
            _label(blank, context),
            original=blank.hint,
            language=missing.language,
            rows_high=2,
            standing=words,
        )
    choice = Choice("yes", _("I read the machine's sentences, and they are right. Mark them as mine."))
    hint = _("The page says that a machine translated it, until someone has read or rewritten all of it.")
    yield Field(READ + missing.language, Shape.CHOICES, hint=hint, choices=(choice,))


def _label(blank: Blank, context: FormContext) -> str:
    _ = context.words.gettext
    labels = {
        "title": _("Headline"),
        "text": _("Text"),
        "do": _("What people can do"),
        "where": _("Where people can go"),
        "known": _("What we know"),
        "not_known": _("What we do not know yet"),
        "doing": _("What is being done about it"),
        "what": _("What it is about"),
        "until": _("Until when"),
        "basis": _("Who estimates that"),
        "wrong": _("What was wrong"),
        "right": _("What is right"),
        "by": _("Who says it (for a statement)"),
    }
    # A key for each part of an entry is below the key of the entry: "do", and in it "words" and "short".
    keys = [step for step in reversed(blank.path) if step in labels]
    return labels[str(keys[0])] if keys else blank.key.replace("_", " ").capitalize()


def _write(session: DeskSession, draft: Draft, _flags: Any) -> None:
    for each in _find_missing(session, draft):
        _write_one(session, draft, each)
    if not session.captured.written and not session.mistakes:
        session.mistakes.append(Mistake("", flag=READ))


def _write_one(session: DeskSession, draft: Draft, missing: _Missing) -> None:
    """Note the translation into one language with what a draft says, if it says anything of that."""
    post, language = session.find_incident(draft.post), missing.language
    pairs = {blank.hint: words for blank in missing.blanks if (words := draft.first(_field(language, blank)))}
    changed = {
        name: words
        for blank, machine in missing.machine_words
        if (words := draft.first(name := _field(language, blank)).strip()) and " ".join(words.split()) != machine
    }
    is_read = missing.is_by_machine and (bool(draft.first(READ + language)) or missing.is_rewritten(changed))
    if not pairs and not changed and not is_read:
        return
    try:
        for words in (*pairs.values(), *changed.values()):
            parse_update_text(words)
    except InvalidValue as error:
        session.mistakes.append(Mistake(error.message))
        return
    laid_out = missing.laid_out
    if changed:
        original, _ = decode_text(session.workspace.read_bytes(post), post.place.file)
        laid_out = lay_out(session, post.place.file, original, missing.with_changes(changed), language)
    text = fill_all(laid_out, pairs)
    text = mark_translator(text, "human") if is_read else text
    file, old = translation_file(post.place.file, language), missing.old
    dry_run = session.captured.dry_run(file, new := merge_lines(old or b"", text), old)
    session.captured.written.append(WrittenFile(file, new, old))
    session.captured.unsaved[file] = new
    session.report = WriteReport(post.id, dry_run, session.now)


TRANSLATION = Form(_page, lambda _: NoFlags(), _write)
