"""Prepared texts: the post that a template makes, its blanks, and what the template says in other languages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import click

from statusgen.cli.ask_blanks import REMOVE, ask_blanks, fill_all, parse_words
from statusgen.cli.errors import parse_flag
from statusgen.cli.fact_flags import parse_since
from statusgen.content.format.values import parse_enum
from statusgen.content.languages import english_name
from statusgen.content.posts.blanks import BLANK
from statusgen.editor.blanks import Blank, list_blanks, pair_blanks, remove_blank
from statusgen.editor.fact_values import Facts, FactValue
from statusgen.editor.posts import format_post
from statusgen.editor.statuses import service_keys
from statusgen.editor.templates import (
    STARTER_TEMPLATES,
    TranslatedTemplate,
    blank_missing_service,
    fill_template,
    read_blank_entry,
    read_comments,
    read_fixed_values,
    read_translated_template,
    translate_template,
)
from statusgen.model.statuses import WRITTEN_STATUSES
from statusgen.problems import InvalidValue, StatusgenError
from statusgen.text import quote_text

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class Template:
    """The template of a new post: its text, the keys that it settles, and its facts about services it does not name.

    `translations` are those that somebody has read, by their languages.
    """

    text: str | None = None
    fixed_values: Mapping[str, str] = field(default_factory=dict)
    blank_entry: Mapping[str, FactValue] = field(default_factory=dict)
    translations: Mapping[str, str] = field(default_factory=dict)

    def fill(self, front: Facts, text: str) -> str:
        """Return the post with this front matter and text; without a template it has nothing else."""
        return format_post(front, text) if self.text is None else fill_template(self.text, front, text)

    def translate(self, front: Facts, text: str) -> dict[str, str]:
        """Return what the template says in other languages, as far as the post says what the template does."""
        return {
            language: translate_template(translation, self.text or "", front, bool(text))
            for language, translation in self.translations.items()
        }


def load_template(session: "WriteSession", name: str | None) -> Template:
    """Return a template by its name, with its translations; name those that nobody has read."""
    if not name:
        return Template()
    keys = service_keys(session.site)
    text = session.read_template(name)
    try:
        text = blank_missing_service(text, keys)
        for comment in read_comments(text):
            click.echo(comment)
        found = {
            language: read_translated_template(session.workspace.folder, name, language)
            for language in session.site.languages[1:]
        }
        for language, translation in found.items():
            if translation and not translation.reviewed:
                click.echo(_describe_unread(translation, language))
        translations = {
            language: blank_missing_service(each.text, keys)
            for language, each in found.items()
            if each and each.reviewed
        }
        return Template(text, read_fixed_values(text), read_blank_entry(text), translations)
    except InvalidValue as error:
        raise StatusgenError(f"{error.what} {error.hint}") from None


def _describe_unread(translation: TranslatedTemplate, language: str) -> str:
    name = english_name(language)
    what = f"The {name} text of this template is not used, because nobody has confirmed having read it."
    file, original = translation.file.name, f"{translation.file.name.partition('.')[0]}.md"
    folder = translation.file.parent
    is_built_in = folder.is_relative_to(STARTER_TEMPLATES)
    first = f"copy {original} and {file} from {folder} to templates/posts/, " if is_built_in else ""
    hint = f"By day, {first}have someone who knows {name} read templates/posts/{file}, and write their name and the day"
    return f"{what} {hint} in its line reviewed: (like: Ada Quimby, 2024-05-05)."


@dataclass(frozen=True)
class PreparedPost:
    """A post made from a template, and the same in other languages."""

    text: str
    translations: Mapping[str, str] = field(default_factory=dict)


def fill_blanks(
    session: "WriteSession", post: PreparedPost, fill: Collection[str], asked: Collection[str]
) -> PreparedPost:
    """Return a post with its blanks filled by what --fill says, and by asking if somebody can be asked.

    `asked` are the keys of the front matter that have been asked for already.
    """
    pairs = {language: pair_blanks(post.text, text) for language, text in post.translations.items()}
    for words in fill:
        post = _fill_from_flag(session, post, words, pairs)
    return _ask(session, post, asked, pairs) if session.can_ask else post


def _fill_from_flag(
    session: "WriteSession", post: PreparedPost, words: str, pairs: Mapping[str, Mapping[str, str]]
) -> PreparedPost:
    """Return a post in which the blank that a flag names is filled, or taken out, in each language that has it."""
    asks_for, _, answer = (part.strip() for part in words.partition("="))
    text, blank = post.text, _find_blank(post.text, asks_for)
    if blank:
        text = _put(session, text, blank, answer)
    translations = dict(post.translations)
    for language, translation in post.translations.items():
        if blank and answer == REMOVE:
            translations[language] = _remove_all(translation, pairs[language].get(blank.hint, ""))
        elif theirs := _find_blank(translation, asks_for):
            translations[language] = _put(session, translation, theirs, answer)
    if (text, translations) == (post.text, post.translations):
        left = ", ".join(dict.fromkeys(quote_text(each.hint) for each in list_blanks(post.text)))
        raise click.BadParameter(f"No blank asks for {quote_text(asks_for)}. There are: {left}.", param_hint="--fill")
    return PreparedPost(text, translations)


def _put(session: "WriteSession", text: str, blank: Blank, answer: str) -> str:
    if not answer:
        raise click.BadParameter(f"Nothing is said about {quote_text(blank.hint)}.", param_hint="--fill")
    if answer == REMOVE:
        return _remove_all(text, blank.hint)
    return fill_all(text, blank, parse_flag("--fill", _parse_blank, session, blank, answer))


def _find_blank(text: str, words: str) -> Blank | None:
    """Return the blank that asks for something in these words; blame the flag if several do."""
    found = {blank.hint: blank for blank in list_blanks(text) if words.casefold() in blank.hint.casefold()}
    if words in found or len(found) == 1:
        return found.get(words) or next(iter(found.values()))
    if found:
        several = ", ".join(map(quote_text, found))
        raise click.BadParameter(f"Several blanks ask for {quote_text(words)}: {several}.", param_hint="--fill")
    return None


def _ask(
    session: "WriteSession", post: PreparedPost, asked: Collection[str], pairs: Mapping[str, Mapping[str, str]]
) -> PreparedPost:
    blanks, asked_paths = list_blanks(post.text), {(key,) for key in asked}
    session.should_confirm = session.should_confirm or bool(blanks)
    text, removed = ask_blanks(
        post.text,
        lambda blank: f"{_describe(blank)}\n(Press Enter for: later. A dash takes it out, with its line.)",
        partial(_parse_blank, session),
        skip={blank.hint for blank in blanks if blank.path in asked_paths or _is_about_nothing(blank)},
        can_remove=True,
    )
    left = {blank.hint for blank in list_blanks(text)}
    translations = {}
    for language, translation in post.translations.items():
        for blank in removed:
            translation = _remove_all(translation, pairs[language].get(blank.hint, ""))
        name = english_name(language)
        translations[language], _ = ask_blanks(
            translation,
            lambda blank: f"{_describe(blank)}\n(In {name}. Press Enter for: later.)",  # noqa: B023 (called in this round)
            parse_words,
            skip={theirs for mine, theirs in pairs[language].items() if mine in left},
        )
    return PreparedPost(text, translations)


def _describe(blank: Blank) -> str:
    """Return what a blank asks for, and the sentence that it is a part of."""
    return f"{blank.sentence}\n{blank.hint}" if blank.sentence else blank.hint


def _is_about_nothing(blank: Blank) -> bool:
    """Return whether a blank is about a service that is a blank itself."""
    return any(isinstance(step, str) and BLANK.search(step) for step in blank.path)


def _remove_all(text: str, hint: str) -> str:
    while found := next((blank for blank in list_blanks(text) if blank.hint == hint), None):
        text = remove_blank(text, found)
    return text


def _parse_blank(session: "WriteSession", blank: Blank, words: str) -> str:
    """Return an answer as posts have it; raises InvalidValue if the key of the blank cannot have it."""
    if blank.key in ("on", "starts", "ends", "next_update"):
        return session.format_time(session.time_parser.parse_future(words))
    if blank.key in ("started", "posted"):
        return session.format_time(session.time_parser.parse_past(words))
    if blank.key == "since":
        return parse_since(session, words)
    return parse_enum(WRITTEN_STATUSES, words, "status").value if blank.key == "status" else parse_words(blank, words)
