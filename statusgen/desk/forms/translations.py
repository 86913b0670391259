"""The form that translates a post which residents read already."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from statusgen.cli.write_report import WriteReport
from statusgen.content.languages import native_name
from statusgen.desk.drafts import Draft
from statusgen.desk.forms.form import Form, FormContext, in_language
from statusgen.desk.forms.languages import digest_of, fill_all, lay_out, read_translation
from statusgen.desk.forms.said import require_post
from statusgen.desk.questions import Choice, Field, FormPage, Question, Shape
from statusgen.desk.rehearse import DeskSession, Mistake, WrittenFile
from statusgen.editor.blanks import Blank, list_blanks
from statusgen.editor.posts import parse_update_text
from statusgen.editor.translations import mark_translator, merge_lines
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
    """The translation of a post into a language: on the disk, as text, and with blanks for what it lacks."""

    language: str
    old: bytes | None
    before: str
    laid_out: str

    @property
    def is_by_machine(self) -> bool:
        """Whether a machine made it, and nobody has read it yet."""
        return _MACHINE in self.before

    @property
    def blanks(self) -> list[Blank]:
        """What is missing, the same words once."""
        return list({blank.hint: blank for blank in list_blanks(self.laid_out)}.values())


def _find_missing(session: DeskSession, draft: Draft) -> Iterator[_Missing]:
    """Yield what a post lacks in each language; raises ContentError for a translation that cannot be read."""
    post = session.find_incident(draft.post)
    original, _ = decode_text(session.workspace.read_bytes(post), post.place.file)
    for language in session.site.languages[1:]:
        old, before = read_translation(session, post.place.file, language)
        yield _Missing(language, old, before, lay_out(session, post.place.file, original, before, language))


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
    more = _("Times, statuses and names of services are translated by themselves.")
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
        choice = Choice("yes", _("I read the machine's sentences, and they are right. Mark them as mine."))
        hint = _("The page says that a machine translated it. Read it beside this form, on the page of the post.")
        yield Question(name, (Field(READ + missing.language, Shape.CHOICES, hint=hint, choices=(choice,)),))


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
    post = session.find_incident(draft.post)
    for each in _find_missing(session, draft):
        pairs = {blank.hint: words for blank in each.blanks if (words := draft.first(_field(each.language, blank)))}
        is_read = each.is_by_machine and bool(draft.first(READ + each.language))
        if not pairs and not is_read:
            continue
        try:
            for words in pairs.values():
                parse_update_text(words)
        except InvalidValue as error:
            session.mistakes.append(Mistake(error.message))
            continue
        text = fill_all(each.laid_out, pairs)
        text = mark_translator(text, "human") if is_read else text
        file = translation_file(post.place.file, each.language)
        dry_run = session.captured.dry_run(file, new := merge_lines(each.old or b"", text), each.old)
        session.captured.written.append(WrittenFile(file, new, each.old))
        session.captured.unsaved[file] = new
        session.report = WriteReport(post.id, dry_run, session.now)
    if not session.captured.written and not session.mistakes:
        session.mistakes.append(Mistake("", flag=READ))


TRANSLATION = Form(_page, lambda _: NoFlags(), _write)
