"""`statusgen check`: every mistake, and advice."""

from pathlib import Path

import click

from statusgen.cli.findings import FORMS
from statusgen.cli.shared import AT, SOURCE, explained, moment_of, read_site


@click.command()
@SOURCE
@AT
@click.option("--format", "form", type=click.Choice([*FORMS]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Fail on advice as well.")
@click.option("--rules", is_flag=True, help="Tell what advice there is, and why.")
@explained
def check(source: Path, at: str | None, form: str, strict: bool, rules: bool) -> None:
    """Check everything that was written, and give advice; change nothing."""
    from statusgen.cache import Cache
    from statusgen.checking import every
    from statusgen.status.board import board

    if rules:
        for rule in every.RULES:
            click.echo(f"{rule.name}: {rule.reason}")
        return
    content, problems = read_site(source, Cache(source))
    if content.site is not None and not problems:
        now = board(content.site, moment_of(at, content.site), ahead=False)
        problems += every.advice(content.site, content.texts, now)
    problems = sorted(set(problems))
    if told := FORMS[form](problems):
        click.echo(told)
    if any(strict or not problem.advice for problem in problems):
        raise SystemExit(1)
