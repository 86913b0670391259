"""Questions in the terminal: each with an example; a wrong answer is explained, and asked for again."""

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from statusgen.problems import InvalidValue

T = TypeVar("T")


def is_interactive() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str, parse: Callable[[str], T], default: str = "") -> T:
    """What `read` makes of the answer, or of `default` if that is empty; it raises Wrong where it makes nothing of it.

    Ctrl-C, and the end of the input, raise click's Abort.
    """
    click.echo(f"\n{question}")
    while True:
        words = click.prompt(">", default="", show_default=False, prompt_suffix=" ").strip()
        try:
            return parse(words or default)
        except InvalidValue as wrong:
            click.echo(f"{wrong.what} {wrong.hint}")


def choose(question: str, choices: Sequence[str]) -> int:
    """Which of these somebody means, from 0."""

    def read(words: str) -> int:
        if words.isascii() and words.isdigit() and 1 <= int(words) <= len(choices):
            return int(words) - 1
        raise InvalidValue(f"That is none of the {len(choices)}.", f"Write a number from 1 to {len(choices)}.")

    numbered = "\n".join(f"{number:3} {choice}" for number, choice in enumerate(choices, 1))
    return ask(f"{question}\n{numbered}", read)
