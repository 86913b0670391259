"""The form that corrects what residents read: each sentence and each fact is a choice."""

from collections.abc import Iterator
from typing import Any

from statusgen.cli.correct import CorrectFlags, correct
from statusgen.cli.new import MissingFlagsError
from statusgen.desk.drafts import Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.form import RIGHT, WRONG, Form, FormContext
from statusgen.desk.forms.said import key_name, require_post, say_time, say_written_time
from statusgen.desk.forms.ticked import (
    BETWEEN,
    TEXT,
    find_standing,
    is_bare,
    list_ticked,
    quote_right,
    quote_wrong,
    split_sentences,
)
from statusgen.desk.questions import Field, FormPage, Question, Sentence, Shape
from statusgen.desk.rehearse import DeskSession, function_of
from statusgen.editor.find_update import normalize_words
from statusgen.editor.statements import Standing, find_statements
from statusgen.editor.times import format_time
from statusgen.model.posts import Update
from statusgen.model.statuses import Status

_ORDER = (
    *("rename", "claim", "fact", "do", "services", "expected", "known", "not_known", "doing"),
    *("waivers", "deadlines", "next_update", "starts", "ends"),
)
_TIMES = ("since", "until", "on", "next_update", "starts", "ends")
_MIN_SHARED_LETTERS = 12


def _page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    sentences = _add_same_words(context, list(_sentences(context)))
    said = Field(
        "said",
        Shape.SENTENCES,
        choices=form.status_choices(context),
        sentences=tuple(sentences),
        flags=("--wrong", "--update", "--holds"),
    )
    return FormPage(
        _("Correct an update: %s") % context.say(require_post(context).incident.title),
        _("What was wrong stays in the record, struck through, beside what is right. No word is changed in silence."),
        (
            Question(
                _("What is wrong, and what is right?"),
                (said, form.keep_field(context)),
                _("Select each sentence that is wrong, and write all of it as people should read it now."),
            ),
            Question(
                _("What does the correction say?"),
                (
                    Field("wrong", Shape.LINE, _("What was wrong")),
                    Field("right", Shape.LINE, _("What is right"), flags=("--right",), keys=("right",)),
                ),
                _("Leave both open if the sentences above say it. If you selected a status or a time, say it here."),
            ),
            Question(
                _("More (optional)"),
                (form.text_field(context, _("More, in your own words")), *form.more_fields(context, "by")),
                is_optional=True,
            ),
        ),
    )


def _sentences(context: FormContext) -> Iterator[Sentence]:
    """Yield the sentences of each text, and every fact that the post tells now."""
    post, _ = require_post(context), context.words.gettext
    for number, update in reversed([*enumerate(post.updates, 1)]):
        for index, words in enumerate(_text_of(context, update), 1):
            where = _("Text, %s") % say_time(context, update.time)
            yield _sentence(context, f"{TEXT}{number}.{index}", words, where, update)
    facts = find_statements(post, context.board.site, context.vocabulary.estimate)
    for standing in sorted(facts, key=lambda each: _ORDER.index(each.statement.path[0])):
        yield _fact(context, standing)


def _text_of(context: FormContext, update: Update) -> Iterator[str]:
    """Yield the sentences of a text that no correction has struck through."""
    if update.correction:
        texts = [update.correction.right.texts[0][1]] if update.correction.right else []
    else:
        markup = update.text()
        texts = split_sentences(markup.text) if markup else []
    corrections = (each.correction for each in require_post(context).updates)
    struck = {normalize_words(each.wrong.texts[0][1]) for each in corrections if each and each.wrong}
    for text in texts:
        words = " ".join(text.split())
        if words and normalize_words(words) not in struck:
            yield words


def _fact(context: FormContext, standing: Standing) -> Sentence:
    said, kind = standing.statement.said, standing.statement.kind
    if kind == "status":
        said = context.vocabulary.status(Status(said))
    elif kind in _TIMES:
        said = say_written_time(context, said)
    where = f"{_about(context, standing)}, {say_time(context, standing.update.time)}"
    return _sentence(context, standing.name, said, where, standing.update, kind)


def _sentence(context: FormContext, key: str, words: str, where: str, update: Update, kind: str = "") -> Sentence:
    _ = context.words.gettext
    time = format_time(update.time, context.board.site.zone)
    hint = _("Like 8 AM, yesterday 4 PM.") if kind in _TIMES else ""
    if kind == "since":
        hint = _("Like 8 AM, yesterday 4 PM, or before 8 AM.")
    if kind in ("known", "not_known", "doing"):
        hint = _("Leave it empty to take it from the list.")
    return Sentence(
        key,
        words,
        where,
        f"{time}{BETWEEN}{words}",
        hint,
        is_status=kind == "status",
        standing=tuple(_list_standing(context, key, words)),
    )


def _list_standing(context: FormContext, key: str, words: str) -> Iterator[tuple[str, str]]:
    """Yield each other language in which residents read the words, and what they read there."""
    for language in context.board.site.languages[1:]:
        if said := find_standing(require_post(context), key, words, language):
            yield language, said


def _about(context: FormContext, standing: Standing) -> str:
    """Return what a statement is about."""
    _, path = context.words.gettext, standing.statement.path
    kinds = {
        "rename": _("The headline"),
        "next_update": _("When you will say more"),
        "starts": _("When it begins"),
        "ends": _("When it ends"),
        "claim": _("The rumor"),
        "fact": _("What is true"),
        "do": _("What people can do"),
        "where": _("Where people can go"),
        "known": _("What we know"),
        "not_known": _("What we do not know yet"),
        "doing": _("What is being done about it"),
        "status": _("The status"),
        "since": _("Since when"),
        "expected": _("When it is expected back"),
        "what": _("What is due") if path[0] == "deadlines" else _("What does not apply"),
        "until": _("Until when that does not apply"),
        "how": _("How to get that"),
        "on": _("When it is due"),
    }
    kind = kinds[standing.statement.kind]
    if path[0] != "services":
        return kind
    service, _slash, way = path[1].partition("/")
    return f"{key_name(context, (service, way or None))}: {kind}"


def _add_same_words(context: FormContext, sentences: list[Sentence]) -> Iterator[Sentence]:
    """Yield the sentences, each with where the same words stand elsewhere: the page would go on saying them."""
    _ = context.words.gettext
    texts = ["" if is_bare(each.key) else normalize_words(each.words) for each in sentences]
    for each, own in zip(sentences, texts, strict=True):
        others = [
            other.where
            for other, text in zip(sentences, texts, strict=True)
            if other is not each and min(len(own), len(text)) >= _MIN_SHARED_LETTERS and (own in text or text in own)
        ]
        yield each.with_more(_("The same words are in: %s.") % "; ".join(others)) if others else each


def _list_unticked(draft: Draft) -> list[str]:
    """Return the fields that say what is right in place of a sentence that is not ticked."""
    return [
        field
        for field in sorted(draft.answers)
        if field.startswith(RIGHT) and form.line(draft, field) and not draft.first(WRONG + field.removeprefix(RIGHT))
    ]


def _flags(draft: Draft) -> CorrectFlags:
    ticked = list_ticked(draft)
    times = [each.time for each in ticked if each.is_text] or [each.time for each in ticked]
    return CorrectFlags(
        right=quote_right(draft) or None,
        wrong=quote_wrong(draft) or None,
        time=max(times, default=None),
        holds=tuple(f"{each.name}={each.right}" for each in ticked if not each.is_text),
        by=form.line(draft, "by") or None,
        text=draft.first("text") or None,
        keep=bool(draft.first("keep")),
    )


def _write(session: DeskSession, draft: Draft, flags: Any) -> None:
    missing = [] if flags.time else ["--wrong"]
    missing += [] if flags.right else ["--right"]
    # What is missing is told last, after all that is wrong; until then something stands in for it.
    run = CorrectFlags(**{**vars(flags), "right": flags.right or "…", "wrong": flags.wrong if flags.time else None})
    function_of(correct)(session, session.find_incident(draft.post), run)
    if unticked := _list_unticked(draft):
        raise MissingFlagsError([*missing, *unticked])
    if missing:
        raise MissingFlagsError(missing)
    texts = [each for each in list_ticked(draft) if each.is_text]
    if len({each.time for each in texts}) > 1:
        raise MissingFlagsError(["--update"])
    if not form.line(draft, "right") and (unsaid := [each for each in texts if not each.right]):
        raise MissingFlagsError([f"--holds {unsaid[0].name}"])


CORRECTION = Form(_page, _flags, _write)
