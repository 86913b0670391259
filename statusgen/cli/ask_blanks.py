"""The blanks of a text, asked for one after the other: each with what it asks for, and Enter leaves it for later."""

from collections.abc import Callable, Collection
from functools import partial

from statusgen.cli.prompts import ask
from statusgen.content.format.fields import check_short_length
from statusgen.editor.blanks import TEXT, Blank, fill_blank, list_blanks, remove_blank
from statusgen.editor.posts import parse_update_text

REMOVE = "-"
"""The answer that takes a blank out, with its line."""


def ask_blanks(
    text: str,
    describe: Callable[[Blank], str],
    parse: Callable[[Blank, str], str],
    skip: Collection[str] = (),
    can_remove: bool = False,
) -> tuple[str, list[Blank]]:
    """Return a text with the blanks filled that somebody has an answer for, and those that were taken out.

    `parse` returns an answer as it is to be written; raises InvalidValue. What is in `skip` is not asked for, and the
    same only once.
    """
    left = {*skip}
    removed: list[Blank] = []
    while blank := _next_blank(text, left):
        words = ask(describe(blank), partial(_parse_answer, blank, parse, can_remove))
        if words == REMOVE and can_remove:
            removed.append(blank)
            text = remove_blank(text, blank)
        elif words:
            text = fill_all(text, blank, words)
        else:
            left.add(blank.hint)
    return text, removed


def fill_all(text: str, blank: Blank, words: str) -> str:
    """Return a text with these words in place of each blank that asks for the same."""
    while same := next((each for each in list_blanks(text) if each.hint == blank.hint), None):
        text = fill_blank(text, same, words)
    return text


def parse_words(blank: Blank, words: str) -> str:
    """Return words for a blank; raises InvalidValue if its place cannot have them."""
    if blank.path[0] == TEXT:
        return parse_update_text(words)
    if blank.key == "short":
        check_short_length(words)
    return words


def describe_place(blank: Blank) -> str:
    """Return where a blank is: the time of its update, and its keys."""
    keys = " ".join(str(step) for step in blank.path if isinstance(step, str) and step != TEXT)
    return ", ".join(filter(None, (blank.update, keys)))


def _next_blank(text: str, left: Collection[str]) -> Blank | None:
    return next((blank for blank in list_blanks(text) if blank.hint not in left), None)


def _parse_answer(blank: Blank, parse: Callable[[Blank, str], str], can_remove: bool, words: str) -> str:
    return words if not words or (words == REMOVE and can_remove) else parse(blank, words)
