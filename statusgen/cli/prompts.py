"""Questions in the terminal: each has an example; a wrong answer is explained, and the question asked again."""

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TypeVar

import click

from statusgen.cli.drafts import current_draft
from statusgen.model.posts import Incident
from statusgen.problems import InvalidValue
from statusgen.text import find_suggestion

T = TypeVar("T")


def is_interactive() -> bool:
    """Return whether somebody can answer questions."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str, parse: Callable[[str], T], default: str = "", flag: str = "") -> T:
    """Return what `parse` makes of the answer, or of `default` if that is empty; ask again if it raises InvalidValue.

    After a mistyped word, an empty answer stands for the one that was meant. Answers are kept in the draft of the
    command, if it has one, and what an earlier run of it answered is not asked again; `flag` is the flag that says the
    same, as `Answer` has it. Ctrl-C, and the end of the input, raise click's Abort.
    """
    draft = current_draft()
    kept = draft.find_answer(question) if draft else None
    # What was answered before needs no list of choices anymore.
    click.echo(f"\n{question.partition(chr(10))[0]}\n> {kept.words}" if kept else f"\n{question}")
    while True:
        typed = kept.words if kept else click.prompt(">", default="", show_default=False, prompt_suffix=" ").strip()
        words = typed or default
        try:
            with draft.reading(kept) if draft else nullcontext():
                found = parse(words)
        except InvalidValue as error:
            click.echo(f"{error.what} {error.hint}".rstrip())
            meant = replace_mistyped(words, error)
            if meant:
                click.echo(f"(Press Enter for: {meant}.)")
            default, kept = meant or default, None
        else:
            if draft:
                draft.keep(question, words, flag)
            return found


def replace_mistyped(words: str, error: InvalidValue) -> str | None:
    """Return an answer with the word that a mistake suggests in place of the mistyped one; None if it suggests none."""
    meant = find_suggestion(error.hint) if error.mistyped else None
    # A status of two words is read with an underscore between them.
    mistyped = re.escape(error.mistyped).replace("_", r"[\s_-]+")
    pattern = rf"(?<![\w-]){mistyped}(?![\w-])"
    return re.sub(pattern, lambda _: meant, words, count=1) if meant and re.search(pattern, words) else None


def ask_for(question: str, what: str, hint: str, flag: str = "") -> str:
    """Return the answer to a question; if it is empty, say `what` is wrong, give a `hint`, and ask again."""

    def require(words: str) -> str:
        if not words:
            raise InvalidValue(what, hint)
        return words

    return ask(question, require, flag=flag)


def parse_yes(words: str) -> bool:
    """Return whether an answer is yes; raises InvalidValue if it is neither yes nor no. An empty one is no."""
    word = words.casefold()
    if word not in ("", "y", "yes", "n", "no"):
        raise InvalidValue("That is neither yes nor no.", "Enter yes or no.")
    return word in ("y", "yes")


def choose(question: str, choices: Sequence[str], flag: str = "") -> int:
    """Return which choice somebody picks, by its number or by words that only it has; counted from 0."""

    def parse(words: str) -> int:
        if words.isascii() and words.isdigit() and 1 <= int(words) <= len(choices):
            return int(words) - 1
        found = [number for number, choice in enumerate(choices) if words and words.casefold() in choice.casefold()]
        if len(found) == 1:
            return found[0]
        hint = "Enter 1." if len(choices) == 1 else f"Enter a number from 1 to {len(choices)}."
        raise InvalidValue(f"There is no such choice. {hint}")

    numbered = "\n".join(f"{number:3} {choice}" for number, choice in enumerate(choices, 1))
    return ask(f"{question}\n{numbered}", parse, flag=flag)


def describe_post(post: Incident) -> str:
    """Return the id and the title of a post, as a choice."""
    return f"{post.id}  {post.title.texts[0][1]}"
