"""`statusgen check`: every mistake, and advice."""

from functools import partial
from pathlib import Path

import click

from statusgen.board.board import make_board
from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE
from statusgen.cli.forms import read_forms
from statusgen.cli.moments import AT, current_time, machine_clock, parse_moment, resolve_moment
from statusgen.cli.problem_formats import FORMATS
from statusgen.cli.requirements import find_missing_files
from statusgen.speed.cache import Cache

IS_NOT_READY = 3
"""The exit code of `check --ready` if something is not in place."""


@click.command()
@SOURCE
@AT
@click.option("--format", "form", type=click.Choice([*FORMATS]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Fail on advice as well.")
@click.option("--ready", is_flag=True, help="Go through what should be in place before a bad night.")
@click.option("--rules", is_flag=True, help="List the rules of advice, with their reasons.")
@handle_errors
def check(source: Path, at: str | None, form: str, strict: bool, ready: bool, rules: bool) -> None:
    """Check everything that was written, and give advice; change nothing.

    With --ready, the exit code is 3 if something is not in place.
    """
    from statusgen.cli.load import read_site
    from statusgen.editor.templates import read_own_templates
    from statusgen.lint import registry
    from statusgen.lint.deprecated import find_deprecated_keys

    if rules:
        for rule in registry.RULES:
            click.echo(f"{rule.name}: {rule.reason}")
        return
    if ready:
        _print_readiness(source, at)
        return
    content, problems = read_site(source, Cache(source), get_clock=partial(machine_clock, at))
    if content.site is not None and not problems:
        reading = resolve_moment(at, content.site)
        board = make_board(reading.site, reading.moment, with_next_change=False)
        beside = read_forms(source), find_missing_files(source)
        problems += registry.find_advice(reading.site, content.texts, board, reading, *beside)
        # What they say becomes a post only later, so no other advice is about them.
        problems += find_deprecated_keys(read_own_templates(source), reading.site.languages[1:])
    problems = sorted(set(problems))
    if report := FORMATS[form](problems):
        click.echo(report)
    if any(strict or not problem.is_advice for problem in problems):
        raise SystemExit(1)


def _print_readiness(source: Path, at: str | None) -> None:
    """Go through the checklist of docs/hosts/index.md."""
    from statusgen.cli.load import load_site
    from statusgen.kit.ready import Readiness, list_readiness

    site = load_site(source, at=at)
    lines = [*list_readiness(site, source, parse_moment(at, site.zone) if at else current_time())]
    for line in lines:
        click.echo(str(line))
    if any(line.answer is Readiness.NO for line in lines):
        raise SystemExit(IS_NOT_READY)
