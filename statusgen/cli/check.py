"""`statusgen check`: every mistake, and advice."""

from collections.abc import Callable
from pathlib import Path

import click

from statusgen.cli.shared import AT, SOURCE, explained, moment_of, read_site
from statusgen.errors import Problem


@click.command()
@SOURCE
@AT
@click.option("--format", "form", type=click.Choice(["text", "github", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Fail on advice as well.")
@explained
def check(source: Path, at: str | None, form: str, strict: bool) -> None:
    """Check everything that was written, and give advice; write nothing."""
    from statusgen import checking

    site, problems = read_site(source)
    if site is not None:
        problems += checking.mistakes(site)
    if site is not None and not problems:
        problems += checking.advice(site, moment_of(at, site))
    problems = sorted(set(problems))
    _FORMS[form](problems)
    if any(strict or not problem.advice for problem in problems):
        raise SystemExit(1)


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
