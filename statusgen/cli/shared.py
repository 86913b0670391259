"""What the commands share: their options, the site that they speak of, and how mistakes are told."""

import calendar
import errno
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from statusgen.errors import ContentError, Problem, StatusgenError

P = ParamSpec("P")
T = TypeVar("T")

SOURCE = click.option(
    "--source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder with services.yaml and incidents/. Default: here.",
)
AT = click.option(
    "--at",
    metavar="TIME",
    help='The moment to show, like "2024-05-15 16:00"; a date alone means its last minute. Default: now.',
)


def explained(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what the user can put right into a message and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ContentError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            click.echo(_counted(error.problems), err=True)
            raise SystemExit(1) from None
        except StatusgenError as error:
            click.echo(str(error), err=True)
            raise SystemExit(1) from None
        except OSError as error:
            from statusgen.folder.system import told

            if error.errno == errno.EPIPE:
                raise  # whoever read what is printed has gone, which click knows
            click.echo(f"The system refuses: {told(error)}", err=True)
            raise SystemExit(1) from None

    return run


def read_site(source: Path, cache: Any = None, aside: frozenset[str] = frozenset()) -> tuple[Any, list[Problem]]:
    """What the folder holds, as far as it can be read, and every mistake in it; files in `aside` are not read."""
    from statusgen.checking.mistakes import mistakes
    from statusgen.languages.interface import available
    from statusgen.reading.content import read
    from statusgen.workers import processors

    content = read(source, available(), cache=cache, aside=aside, processes=processors())
    if content.site is None:
        return content, content.problems
    return content, [*content.problems, *mistakes(content.site, content.texts)]


def sound_site(source: Path, cache: Any = None) -> Any:
    """The site, or every mistake in it as one error; with a cache, posts in it are not read again."""
    content, problems = read_site(source, cache)
    if problems:
        raise ContentError(problems)
    return content.site


def moment_of(at: str | None, site: Any) -> datetime:
    """The moment to show: as asked for, as the site says, as the environment says, or now."""
    from statusgen.reading.values import Wrong, when

    if at:
        try:
            asked = when(at, site.zone)
        except Wrong as wrong:
            raise click.BadParameter(f"{wrong.what} {wrong.hint}", param_hint="--at") from None
        return asked.last_minute
    if not is_fixed(site):
        return clock()
    moment: datetime = site.last_word if site.as_of == "last update" else site.as_of.last_minute
    return moment


def is_fixed(site: Any) -> bool:
    """Whether the content says which moment is shown, whatever the clock says."""
    return bool(site.last_word if site.as_of == "last update" else site.as_of)


def clock() -> datetime:
    """Now, or the moment that the environment fixes instead."""
    # https://reproducible-builds.org/specs/source-date-epoch/
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        what = f'SOURCE_DATE_EPOCH is "{epoch}", which is not a number of seconds since 1970.'
        raise click.UsageError(what) from None


def shown(moment: datetime, site: Any) -> str:
    """A moment on the clocks of the site."""
    return f"{moment.astimezone(site.zone):%Y-%m-%d %H:%M %Z}"


def _counted(problems: Iterable[Problem]) -> str:
    number = len(list(problems))
    return f"{number} {'mistake' if number == 1 else 'mistakes'}. Nothing was written."


def in_words(when: Any, site: Any) -> str:
    """A time as people say it, with the day of the week: "Tuesday, November 24, 2026, 12:10 AM CST"."""
    from statusgen.languages.interface import SOURCE as ENGLISH
    from statusgen.languages.interface import Interface
    from statusgen.languages.times import Times

    day = calendar.day_name[when.start.astimezone(site.zone).weekday()]
    words = Times(Interface(ENGLISH, site.zone.key), site.zone).when(when)
    # CLDR puts a narrow space before AM, which some terminals show as a box.
    return f"{day}, {words}".replace("\N{NARROW NO-BREAK SPACE}", " ")


def read_flag(flag: str, read: Callable[[str], T], words: str) -> T:
    """The value of a flag; what cannot be read is explained as a wrong use of it."""
    from statusgen.reading.values import Wrong

    try:
        return read(words)
    except Wrong as wrong:
        raise click.BadParameter(f"{wrong.what} {wrong.hint}", param_hint=flag) from None
