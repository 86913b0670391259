"""What the commands share: their options, the site that they speak of, and how mistakes are told."""

import calendar
import errno
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from statusgen.problems import ContentError, Problem, StatusgenError

if TYPE_CHECKING:
    from statusgen.cache import Cache
    from statusgen.content.reader import Content
    from statusgen.model import Site, When


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


def handle_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what the user can put right into a message and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ContentError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            click.echo(_format_count(error.problems), err=True)
            raise SystemExit(1) from None
        except StatusgenError as error:
            click.echo(str(error), err=True)
            raise SystemExit(1) from None
        except OSError as error:
            from statusgen.folder.filesystem import describe_error

            if error.errno == errno.EPIPE:
                raise  # whoever read what is printed has gone, which click knows
            click.echo(f"The system refuses: {describe_error(error)}", err=True)
            raise SystemExit(1) from None

    return run


def read_site(
    source: Path, cache: "Cache | None" = None, quarantined: frozenset[str] = frozenset()
) -> "tuple[Content, list[Problem]]":
    """What the folder holds, as far as it can be read, and every mistake in it; files in `aside` are not read."""
    from statusgen.content.reader import read_content
    from statusgen.lint.mistakes import find_mistakes
    from statusgen.parallel import processor_count
    from statusgen.wording.interface import available_languages

    content = read_content(
        source, available_languages(), cache=cache, quarantined=quarantined, processes=processor_count()
    )
    if content.site is None:
        return content, content.problems
    return content, [*content.problems, *find_mistakes(content.site, content.texts)]


def load_site(source: Path, cache: "Cache | None" = None) -> "Site":
    """The site, or every mistake in it as one error; with a cache, posts in it are not read again."""
    content, problems = read_site(source, cache)
    if problems or content.site is None:
        raise ContentError(problems)
    return content.site


def resolve_moment(at: str | None, site: "Site") -> datetime:
    """The moment to show: as asked for, as the site says, as the environment says, or now."""
    from statusgen.content.format.values import parse_time
    from statusgen.problems import InvalidValue

    if at:
        try:
            requested = parse_time(at, site.zone)
        except InvalidValue as wrong:
            raise click.BadParameter(f"{wrong.what} {wrong.hint}", param_hint="--at") from None
        return requested.last_minute
    return site.fixed_moment or current_time()


def current_time() -> datetime:
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


def format_moment(moment: datetime, site: "Site") -> str:
    """A moment on the clocks of the site."""
    return f"{moment.astimezone(site.zone):%Y-%m-%d %H:%M %Z}"


def _format_count(problems: Iterable[Problem]) -> str:
    number = len(list(problems))
    return f"{number} {'mistake' if number == 1 else 'mistakes'}. Nothing was written."


def format_time_in_words(when: "When", site: "Site") -> str:
    """A time as people say it, with the day of the week: "Tuesday, November 24, 2026, 12:10 AM CST"."""
    from statusgen.wording.interface import SOURCE_LANGUAGE as ENGLISH
    from statusgen.wording.interface import InterfaceLanguage
    from statusgen.wording.times import Times

    day = calendar.day_name[when.start.astimezone(site.zone).weekday()]
    words = Times(InterfaceLanguage(ENGLISH, site.zone.key), site.zone).when(when)
    # CLDR puts a narrow space before AM, which some terminals show as a box.
    return f"{day}, {words}".replace("\N{NARROW NO-BREAK SPACE}", " ")


def read_flag(flag: str, parse: Callable[[str], T], words: str) -> T:
    """The value of a flag; what cannot be read is explained as a wrong use of it."""
    from statusgen.problems import InvalidValue

    try:
        return parse(words)
    except InvalidValue as wrong:
        raise click.BadParameter(f"{wrong.what} {wrong.hint}", param_hint=flag) from None
