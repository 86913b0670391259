"""What a prepared text adds to a form: its words, and a field for each blank in them.

Blanks stay in the words; one that nobody fills in is left out with its line.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from statusgen.cli.errors import parse_flag
from statusgen.content.posts.blanks import BLANK
from statusgen.desk.drafts import Answers, Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.form import IN, SIDE_BY_SIDE, FormContext
from statusgen.desk.forms.prepared_languages import PreparedTranslation, translated_answers
from statusgen.desk.forms.prepared_text import (
    BLANK_FIELD,
    FIELD_BY_KEY,
    PREPARED,
    WORDS,
    Blank,
    PreparedText,
    chosen_text,
    list_prepared,
)
from statusgen.desk.questions import Field, FormPage, Question, Shape
from statusgen.desk.rehearse import DeskSession
from statusgen.desk.words import DeskWords
from statusgen.editor.blanks import TEXT, fill_blank, list_blanks, remove_blank
from statusgen.editor.posts import parse_update_text


def find_typed(folder: Path, draft: Draft, languages: Iterable[str] = ()) -> list[str]:
    """Return the names of the fields that have somebody's own words, which another text would replace."""
    prepared = _list_answers(folder, chosen_text(folder, draft), languages)
    return [name for name, values in draft.answers.items() if _is_words(name) and values != prepared.get(name, ())]


def choose_text(
    folder: Path, draft: Draft, name: str, keeps_own: bool, languages: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Return what the fields say with another prepared text, or with none (""); with `keeps_own` own words stay.

    `languages` are those of the site besides the first; what the text says in them is shown beside the original.
    """
    text = PreparedText.read(folder, name) if name else None
    said = _list_answers(folder, text, languages)
    kept = set(find_typed(folder, draft, languages)) if keeps_own else set()
    fields = {*(each for each in draft.answers if _is_words(each)), *said} - kept
    shown = {SIDE_BY_SIDE: ("yes",)} if any(each.startswith(IN) for each in said) else {}
    return {PREPARED: (name,) if text else (), **shown, **{each: said.get(each, ()) for each in sorted(fields)}}


def _list_answers(folder: Path, text: PreparedText | None, languages: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return what a prepared text fills in, in every language that it is in."""
    return {**text.answers, **translated_answers(folder, text, languages)} if text else {}


def _is_words(name: str) -> bool:
    """Return whether a field has words that a prepared text may fill in."""
    if name.startswith(IN):
        name = name.split("/", 2)[2]
    return name in (*WORDS, *form.LISTS, "text", "do", "where") or name.startswith((form.DO, form.WHERE))


def offer(make_page: Callable[[FormContext], FormPage]) -> Callable[[FormContext], FormPage]:
    """Return a form that asks for the blanks of the prepared text that was chosen, too."""

    def make(context: FormContext) -> FormPage:
        page = make_page(context)
        text = chosen_text(context.folder, context.draft)
        return _add_blanks(page, text, context) if text else page

    return make


def _add_blanks(page: FormPage, text: PreparedText, context: FormContext) -> FormPage:
    _ = context.words.gettext
    questions = [_give_hints(question, text, context) for question in page.questions]
    names = {field.name for field in page.fields()}
    missing = [name for name in form.LISTS if name in text.words and name not in names]
    more = (Question(_("More of the prepared text"), form.more_fields(context, *missing), is_optional=True),)
    whole = FormPage(page.title, page.intro, (*questions, *(more if missing else ())))
    fields = tuple(_blank_fields(whole, text, context))
    if not fields:
        return whole
    hint = _("What you leave empty is left out, with its sentence. The other words are further down.")
    asked = Question(_("What only you can know"), fields, hint)
    first = next((n for n, each in enumerate(whole.questions) if each.is_optional), len(whole.questions))
    return replace(whole, questions=(*whole.questions[:first], asked, *whole.questions[first:]))


def _give_hints(question: Question, text: PreparedText, context: FormContext) -> Question:
    """Return a question with the hints of the text at the fields that it leaves all blank."""
    _, fields = context.words.gettext, []
    hints = {**text.hints, **_find_hints(text, context)}
    for field in question.fields:
        blank = hints.get(field.name)
        hint = f"{_end(blank.asks)} {blank.hint(context.words)}".strip() if blank else field.hint
        fields.append(replace(field, hint=hint))
        if field.name == "do" and ("where" in text.words or context.draft.first("where")):
            where = hints.get("where")
            hint = f"{_end(where.asks)} {where.hint(context.words)}".strip() if where else ""
            fields.append(Field("where", Shape.LINE, _("Where people can go"), hint, flags=("--where",)))
    return replace(question, fields=tuple(fields))


def _translated(text: PreparedText, context: FormContext) -> PreparedTranslation | None:
    """Return a prepared text in the desk's language, for what its blanks ask; None if the text itself is in that."""
    language = context.words.language
    is_other = language != context.board.site.languages[0]
    return PreparedTranslation.read(context.folder, text, language) if is_other else None


def _find_hints(text: PreparedText, context: FormContext) -> dict[str, Blank]:
    translated = _translated(text, context)
    return {name: blank for name, blank in translated.text.hints.items() if name in text.hints} if translated else {}


def _blank_fields(page: FormPage, text: PreparedText, context: FormContext) -> list[Field]:
    """Return a field for each blank that is left in the words of the form, and in what the form does not ask for."""
    found: dict[str, Field] = {}
    translated = _translated(text, context)
    for field in page.fields():
        words = context.draft.first(field.name) if field.shape in (Shape.LINE, Shape.TEXT, Shape.LIST) else ""
        for match in BLANK.finditer(words):
            blank = Blank.parse(match[1])
            around = _context_of(words, match)
            asked = translated.find_blank(blank.field) if translated else None
            made = _blank_field(asked or blank, "" if asked else around, field.flags, field.keys, context.words)
            found.setdefault(blank.words, replace(made, name=blank.field))
    for each in list_blanks(text.shorten(context.draft)):
        blank = Blank.parse(each.hint)
        if each.path[0] not in (TEXT, "services") and each.key not in FIELD_BY_KEY:
            found.setdefault(blank.words, _blank_field(blank, "", (), (str(each.path[0]),), context.words))
    # In the order of the text, and what somebody has added last.
    return [found[words] for words in sorted(found, key=lambda words: text.template.find(words) % len(text.template))]


def _blank_field(blank: Blank, around: str, flags: tuple[str, ...], keys: tuple[str, ...], words: DeskWords) -> Field:
    asks = blank.asks[:1].upper() + blank.asks[1:]
    hint = f"{_end(asks)} {blank.hint(words)}" if around else blank.hint(words)
    return Field(blank.field, Shape.LINE, around or asks, hint.strip(), flags=flags, keys=keys)


def _context_of(words: str, found: re.Match[str]) -> str:
    """Return the line of a blank with "…" in its place, "Questions: call …"; "" if the blank is all of it."""
    begin, end = words.rfind("\n", 0, found.start()) + 1, words.find("\n", found.end())
    line = words[begin : end if end >= 0 else None]
    around = BLANK.sub("…", line).lstrip("-*+ ").strip()
    return "" if around.strip(" .") == "…" else around


def _end(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


@dataclass(frozen=True)
class Card:
    """A prepared text that can be chosen."""

    name: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class PreparedView:
    """The prepared texts above a form; `chosen` is what the one is called that it begins with.

    `asked_for` is one that would replace somebody's own words; "" if nobody has to be asked.
    """

    cards: tuple[Card, ...]
    chosen: str
    questions: tuple[tuple[str, str], ...]
    open: frozenset[str]
    asked_for: Card | None = None

    @classmethod
    def make(cls, page: FormPage, context: FormContext, asked_for: str | None = None) -> "PreparedView | None":
        """Return what stands above a form; None if there are no texts for it."""
        draft, words = context.draft, context.words
        texts = list_prepared(context.folder, draft.kind, words)
        if not texts:
            return None
        chosen = next((text for text in texts if text.name == draft.first(PREPARED)), None)
        cards = tuple(Card(text.name, text.title(words), text == chosen) for text in texts)
        none = Card("", words.gettext("No prepared text"), chosen is None)
        asked = next((card for card in (*cards, none) if card.name == asked_for), None)
        questions = tuple(_list_questions(page))
        still_open = frozenset(name for name, _ in questions if not _is_answered(draft, name))
        return cls(
            cards,
            chosen.title(words) if chosen else "",
            questions,
            still_open,
            asked,
        )


def _list_questions(page: FormPage) -> Iterator[tuple[str, str]]:
    """Yield the fields that only a person can answer, each with its words."""
    for question in page.questions:
        for field in question.fields:
            if field.name.startswith(BLANK_FIELD):
                yield field.name, field.label
            elif field.shape is Shape.CHOICE_OR_LINE:
                yield field.own_name, question.label
            elif field.name in ("title", "status", "starts", "do", "topic"):
                yield field.name, field.label or question.label


def _is_answered(draft: Draft, anchor: str) -> bool:
    if anchor == "status":
        return bool(form.said_statuses(draft))
    return bool(form.chosen_time(draft, anchor.removesuffix("-own")))


def take_flags(make_flags: Callable[[Draft], Any]) -> Callable[[Draft], Any]:
    """Return the flags of `new` with the prepared text, and what a form asks for because of it."""

    def make(draft: Draft) -> Any:
        flags = make_flags(draft)
        if not draft.first(PREPARED):
            return flags
        lists = {name: getattr(flags, name) or draft.lines(name) for name in form.LISTS}
        where = form.about_all(draft, "where") + flags.where
        return replace(flags, template=draft.first(PREPARED), where=where, **lists)

    return make


def fill_in(write: Callable[[DeskSession, Draft, Any], None]) -> Callable[[DeskSession, Draft, Any], None]:
    """Return what writes a post, with its blanks filled in or left out."""

    def run(session: DeskSession, draft: Draft, flags: Any) -> None:
        text = chosen_text(session.workspace.folder, draft)
        if text:
            session.shorten_template = lambda _: text.shorten(draft)
            session.finish_post = lambda post: fill_blanks(post, draft)
        write(session, draft, flags)

    return run


def fill_words(words: str, answers: Answers) -> str:
    """Return words of a field with their blanks filled in; the lines of those that nobody filled in are left out."""
    return "\n".join(line for each in words.split("\n") if (line := _fill_line(each, answers)) is not None)


def _fill_line(line: str, answers: Answers) -> str | None:
    for found in BLANK.finditer(line):
        said = " ".join(next(iter(answers.get(Blank.parse(" ".join(found[1].split())).field, ())), "").split())
        if not said:
            return None
        line = line.replace(found[0], _no_blank(said), 1)
    return line


def _no_blank(words: str) -> str:
    """Return words that cannot be taken for a blank themselves."""
    return re.sub(r"\[{2,}", "[", re.sub(r"\]{2,}", "]", words))


def fill_blanks(post: str, draft: Draft) -> str:
    """Return a post with its blanks as a draft fills them in; the others are left out, each with its line."""
    while blanks := list_blanks(post):
        blank = blanks[-1]  # what is before it keeps its place
        words = " ".join(draft.first(Blank.parse(blank.hint).field).split())
        if words:
            parse_flag("--text", parse_update_text, words)
            post = fill_blank(post, blank, _no_blank(words))
        else:
            post = remove_blank(post, blank)
    return post
