"""The commands: options in, one call, one message out."""

import os
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from statusgen import __version__
from statusgen.errors import ContentError, Problem, StatusgenError

P = ParamSpec("P")

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

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="statusgen")
def main() -> None:
    """Turn a folder of service definitions and incident posts into a public status site.

    The folder has a services.yaml and the posts in incidents/. The site is a folder of plain files
    that any web server or file host can publish.
    """


@main.command()
@SOURCE
@click.option(
    "--output", type=click.Path(path_type=Path), help="The folder for the site. Default: site/ in the source."
)
@AT
@click.option("--drafts", is_flag=True, help="Show posts that are marked as drafts too.")
@explained
def build(source: Path, output: Path | None, at: str | None, drafts: bool) -> None:
    """Build the site: all of it or, if anything is wrong, nothing."""
    from statusgen import folder
    from statusgen.outputs.every import every_file
    from statusgen.status.board import board
    from statusgen.theme.look import Look

    began = time.perf_counter()
    site = _sound(source)
    now = board(site, _moment(at, site), drafts)
    files = _counting(every_file(now, Look(source)))
    target = output if output is not None else source / "site"
    written = folder.write(files, target, source=source)
    seconds = time.perf_counter() - began
    counts = f"{len(written.written)} written, {len(written.kept)} unchanged, {len(written.removed)} removed"
    click.echo(f"Built {target / 'index.html'} in {seconds:.1f} s: {counts}.")
    click.echo(f"It shows {_shown(now.moment, site)}.")
    if drafts and any(incident.draft for incident in site.incidents):
        click.echo("It shows drafts too: do not publish it.")
    if now.next_change:
        click.echo(f"It will need building again at {_shown(now.next_change, site)}.")


@main.command()
@SOURCE
@AT
@click.option("--format", "form", type=click.Choice(["text", "github", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Fail on advice as well.")
@explained
def check(source: Path, at: str | None, form: str, strict: bool) -> None:
    """Check everything that was written, and give advice; write nothing."""
    from statusgen import checking

    site, problems = _read(source)
    if site is not None:
        problems += checking.mistakes(site)
    if site is not None and not problems:
        problems += checking.advice(site, _moment(at, site))
    problems = sorted(set(problems))
    _FORMS[form](problems)
    if any(strict or not problem.advice for problem in problems):
        raise SystemExit(1)


@main.command()
@SOURCE
@AT
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@explained
def status(source: Path, at: str | None, as_json: bool) -> None:
    """Show how every service stands, problems first."""
    from statusgen.outputs import plain, summary
    from statusgen.status.board import board

    site = _sound(source)
    now = board(site, _moment(at, site))
    click.echo(summary.as_json(now) if as_json else plain.as_text(now, site.languages[0]), nl=as_json)


@main.command()
@SOURCE
@AT
@click.option("--port", default=8000, show_default=True, help="The port to serve on; 0 picks a free one.")
@click.option("--drafts/--no-drafts", default=True, show_default=True, help="Show posts that are marked as drafts.")
@explained
def serve(source: Path, at: str | None, port: int, drafts: bool) -> None:
    """Show the site in a browser on this computer, and again after every change."""
    from statusgen import preview
    from statusgen.outputs.every import every_file
    from statusgen.reading.content import sources
    from statusgen.status.board import board
    from statusgen.theme.look import Look

    def files() -> Iterable[Any]:
        site = _sound(source)
        return every_file(board(site, _moment(at, site), drafts), Look(source))

    preview.serve(files, partial(sources, source), port=port, say=click.echo)


def _read(source: Path) -> tuple[Any, list[Problem]]:
    from statusgen.languages.interface import available
    from statusgen.reading.content import read

    content = read(source, available())
    return content.site, content.problems


def _sound(source: Path) -> Any:
    """The site, or every mistake in it as one error."""
    from statusgen import checking

    site, problems = _read(source)
    if site is not None:
        problems += checking.mistakes(site)
    if problems:
        raise ContentError(problems)
    return site


def _moment(at: str | None, site: Any) -> datetime:
    """The moment to show: as asked for, as the site says, as the environment says, or now."""
    from statusgen.reading.values import Wrong, when

    if at:
        try:
            asked = when(at, site.zone)
        except Wrong as wrong:
            raise click.BadParameter(f"{wrong.what} {wrong.hint}", param_hint="--at") from None
        return asked.last_minute
    if site.as_of == "last update":
        return site.last_word or _clock()
    return site.as_of.last_minute if site.as_of else _clock()


def _clock() -> datetime:
    # https://reproducible-builds.org/specs/source-date-epoch/
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        what = f'SOURCE_DATE_EPOCH is "{epoch}", which is not a number of seconds since 1970.'
        raise click.UsageError(what) from None


def _shown(moment: datetime, site: Any) -> str:
    return f"{moment.astimezone(site.zone):%Y-%m-%d %H:%M %Z}"


def _counting(files: Iterable[Any]) -> Iterable[Any]:
    """Count the files on the terminal, where there is one and they are many."""
    import sys

    for number, file in enumerate(files, 1):
        if number % 200 == 0 and sys.stderr.isatty():
            click.echo(f"\r{number} files …", nl=False, err=True)
        yield file
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)


def _counted(problems: Iterable[Problem]) -> str:
    number = len(list(problems))
    return f"{number} {'mistake' if number == 1 else 'mistakes'}. Nothing was written."


def _text_form(problems: list[Problem]) -> None:
    for problem in problems:
        click.echo(f"{problem.place}: {'advice: ' if problem.advice else ''}{problem.message}")
    wrong = sum(not problem.advice for problem in problems)
    click.echo(f"Mistakes: {wrong}. Advice: {len(problems) - wrong}.")


def _github_form(problems: list[Problem]) -> None:
    # https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    for problem in problems:
        message = problem.message.replace("%", "%25").replace("\n", "%0A")
        kind = "warning" if problem.advice else "error"
        file = problem.place.file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
        click.echo(f"::{kind} file={file},line={problem.place.line}::{message}")


def _json_form(problems: list[Problem]) -> None:
    import json

    rows = [
        {
            "file": problem.place.file,
            "line": problem.place.line,
            "kind": "advice" if problem.advice else "mistake",
            "what": problem.what,
            "hint": problem.hint,
        }
        for problem in problems
    ]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=2))


_FORMS: dict[str, Callable[[list[Problem]], None]] = {"text": _text_form, "github": _github_form, "json": _json_form}
