"""`statusgen translate`: what a post lacks in another language, laid out beside the original."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.ask_blanks import ask_blanks, describe_place, parse_words
from statusgen.cli.flags import flag
from statusgen.cli.write_command import incident_command
from statusgen.content.disk import read_file
from statusgen.content.format.fields import Names
from statusgen.content.languages import english_name
from statusgen.content.posts.update_ids import heading_time
from statusgen.editor.blanks import Blank, list_blanks
from statusgen.editor.translations import LaidOut, lay_out_translation, mark_translator
from statusgen.lint.rule import translation_file
from statusgen.model.posts import Incident
from statusgen.problems import ContentError
from statusgen.text import MAX_TEXT_BYTES, decode_text, did_you_mean, quote_text

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class TranslateFlags:
    """What the arguments and the flags of `translate` say."""

    language: str | None = flag(
        None, click.argument("language", metavar="[LANG]", required=False, shell_complete=completion.languages)
    )
    translated: str | None = flag(
        None,
        "--translated",
        type=click.Choice(["human", "machine"]),
        help="Who made the translation; the page marks that of a machine until a person has checked all of it.",
    )


@incident_command(TranslateFlags, is_dated=False)
def translate(session: "WriteSession", post: Incident, flags: TranslateFlags) -> None:
    """Prepare what INCIDENT lacks in LANG, with the original in brackets in each place.

    Residents see the original of anything that is still in brackets. Run it again when the post has grown: it adds
    what is new, and keeps what is written.
    """
    language = _choose_language(session, flags.language)
    file = translation_file(post.place.file, language)
    old = _read(session, file)
    before = _decode(old, file) if old else ""
    laid_out = lay_out(session, post, before, language)
    text = mark_translator(laid_out.text, flags.translated) if flags.translated else laid_out.text
    _print_outdated(post, language)
    if session.can_ask:
        text = _ask(session, text, english_name(language))
    for words in laid_out.by_hand:
        click.echo(f"Write this into {file} yourself, there is no place for it: {words}")
    if text == before:
        click.echo(f"Nothing was added to {file}.")
    else:
        session.save_translation(file, text, old, _new_lines(before, text))
        click.echo(f"Wrote {file}.")
    _print_rest(text, english_name(language))


def lay_out(session: "WriteSession", post: Incident, translation: str, language: str) -> LaidOut:
    """Return the translation of a post with blanks for everything that it lacks; "" for a new one."""
    names = Names(languages=session.site.languages, zone=session.site.zone, is_known=True)
    original = _decode(session.workspace.read_bytes(post), post.place.file)
    return lay_out_translation(original, translation, language, names, translation_file(post.place.file, language))


def _choose_language(session: "WriteSession", said: str | None) -> str:
    """Return the language that is named, or the only one besides that of the posts."""
    first, *others = session.site.languages
    language = (said or "").casefold() or (others[0] if len(others) == 1 else "")
    if language in others:
        return language
    if language == first:
        raise click.BadParameter(f"Posts are written in {english_name(first)}.", param_hint="LANGUAGE")
    if not others:
        hint = f"This site is published in {english_name(first)} only. Add one to languages: in services.yaml first."
        raise click.BadParameter(hint, param_hint="LANGUAGE")
    what = f"This site is not published in {quote_text(said)}. " if said else ""
    raise click.BadParameter(f"{what}{did_you_mean(language, others)}", param_hint="LANGUAGE")


def _read(session: "WriteSession", file: str) -> bytes | None:
    folder = session.workspace.folder
    try:
        return read_file(folder, folder / file, MAX_TEXT_BYTES)
    except FileNotFoundError:
        return None


def _decode(content: bytes, file: str) -> str:
    text, problems = decode_text(content, file)
    if problems:
        raise ContentError(problems)
    return text


def _print_outdated(post: Incident, language: str) -> None:
    """Name the updates whose original was changed since they were translated, as far as git knows."""
    for update in post.updates:
        if language in update.outdated_languages:
            time = heading_time(update.id)
            click.echo(f"{update.place}: the original of {time} was changed after it was translated. Compare them.")


def _ask(session: "WriteSession", text: str, language: str) -> str:
    """Ask for each blank, with the original; return the text with the answers."""
    if not list_blanks(text):
        return text
    session.should_confirm = True
    click.echo(f"Each text in the original; write it in {language}. Enter leaves it for later.")

    def describe(blank: Blank) -> str:
        place = describe_place(blank)
        return f"{place}:\n{blank.hint}" if place else blank.hint

    return ask_blanks(text, describe, parse_words)[0]


def _new_lines(before: str, text: str) -> str:
    """Return the lines of a text that were not there before."""
    known = {*before.split("\n")}
    return "\n".join(line for line in text.split("\n") if line not in known or not before) + "\n"


def _print_rest(text: str, language: str) -> None:
    left = len(list_blanks(text))
    if left:
        count = "1 text is" if left == 1 else f"{left} texts are"
        hint = "Replace the brackets and what is in them. Until then, readers see the original, marked as such."
        click.echo(f"{count} still to be written in {language}. {hint}")
    if "\ntranslated: machine" in text:
        click.echo("The page says that a machine translated it. Checked by a person: --translated human")
