"""Errors on the command line: each one becomes a message and an exit code here, and nowhere else."""

import errno
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import click

from statusgen.english import English
from statusgen.folder.filesystem import describe_error
from statusgen.problems import ContentError, InvalidValue, StatusgenError

P = ParamSpec("P")
T = TypeVar("T")
NOTHING_WRITTEN = English("Nothing was written.")


def handle_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Turn each error that the user can fix into a message and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ContentError as error:
            number = len(error.problems)
            count = f"{number} {'mistake' if number == 1 else 'mistakes'}. Nothing was written."
            _fail(*map(str, error.problems), count)
        except StatusgenError as error:
            _fail(str(error))
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # the program that read our output has ended; click deals with that
            _fail(f"The operating system reported: {describe_error(error)}")

    return run


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(1)


class FlagValueError(click.BadParameter):
    """A mistake in one `value` of a flag that can be repeated."""

    def __init__(self, message: str, flag: str, value: str) -> None:
        super().__init__(message, param_hint=flag)
        self.value = value


def parse_flag(flag: str, parse: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `parse` makes of its arguments; blame `flag`, with exit code 2, if it raises InvalidValue."""
    try:
        return parse(*args, **kwargs)
    except InvalidValue as error:
        # The error stays its cause, so that a command that can ask can offer the word that was meant.
        raise click.BadParameter(error.message, param_hint=flag) from error


def parse_flag_value(flag: str, value: str, parse: Callable[[str], T]) -> T:
    """Return what `parse` makes of one value of a flag that can be repeated; blame that value as `parse_flag` does."""
    try:
        return parse(value)
    except InvalidValue as error:
        raise FlagValueError(error.message, flag, value) from None
