"""`statusgen import`: the history of another status page, as a site of ours."""

import shlex
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from statusgen import scaffold
from statusgen.cli.errors import NOTHING_WRITTEN, handle_errors, parse_flag
from statusgen.cli.init import find_installation
from statusgen.cli.moments import current_time
from statusgen.content.format.values import check_known_name, parse_zone
from statusgen.content.services import SERVICES_FILE, read_services
from statusgen.imports.registry import SOURCES
from statusgen.imports.report import REPORT_FILE
from statusgen.imports.source import Answers, SourceError, WebSource, open_source
from statusgen.imports.table import COLUMNS
from statusgen.imports.told import Note, NoteKind
from statusgen.imports.write import Origin, SitePlan, plan_site
from statusgen.problems import InvalidValue
from statusgen.text import decode_text, quote_text
from statusgen.wording.interface import available_languages

HAS_QUESTIONS = 3
"""The exit code of an import that wrote everything, and has questions in its report that no earlier one had."""


def _list_words(words: Mapping[str, str]) -> str:
    """Return a list for the help, in which click leaves the lines as they are."""
    return "\n".join(["\b", *(f"  {name:<12}{what}" for name, what in words.items())])


_EPILOG = f"""\
FROM and SOURCE:

{_list_words({name: f"{kind.title}: {kind.takes}" for name, kind in SOURCES.items()})}

The table of csv has one row for each outage. If a column (incident) has the same in several rows, those are one outage:
the first begins it, and each other is an update of it. Name the columns like --column title=Outage
--column started="Began at" --column services=System --column status="=down":

{_list_words(COLUMNS)}
"""


@click.command(name="import", epilog=_EPILOG)
@click.argument("kind", metavar="FROM", type=click.Choice([*SOURCES]))
@click.argument("source", metavar="SOURCE")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--timezone", help="The zone of times that name none, like America/Chicago.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=HEADING",
    help="Of csv: the heading of the column that has this; or, behind another =, what is true of all rows.",
)
@handle_errors
def import_site(kind: str, source: str, folder: Path, timezone: str | None, columns: tuple[str, ...]) -> None:
    """Make a site in DIR that says what another status page says, or add what is new to a site there.

    FROM is the kind of page, and SOURCE what that takes. Everything is checked before a file is written, and
    import-report.md names every guess, loss and question with its line in the source, new ones first. The
    exit code is 3 if a question is new, and 1 if nothing was written.
    """
    zone = parse_flag("--timezone", parse_zone, timezone) if timezone else _read_zone(folder)
    opened = open_source(source)
    if isinstance(opened, WebSource) and not SOURCES[kind].is_on_web:
        what = f"{SOURCES[kind].title} is imported from this computer: {SOURCES[kind].takes}."
        raise SourceError(f"{what} {NOTHING_WRITTEN}")
    told = SOURCES[kind].read(opened, Answers(zone, parse_flag("--column", _parse_columns, columns)))
    told = replace(told, notes=(*told.notes, *opened.notes))
    plan = plan_site(
        told,
        Origin(kind, SOURCES[kind].title, source),
        folder,
        available_languages(),
        current_time(),
        _make_scaffold,
    )
    plan.place(folder)
    _report(plan, folder)
    if any(note.kind is NoteKind.QUESTION for note in plan.report.new):
        raise SystemExit(HAS_QUESTIONS)


def _parse_columns(written: tuple[str, ...]) -> dict[str, str]:
    """Return the headings by what is in their columns; raise InvalidValue."""
    columns = {}
    for entry in written:
        name, equals, heading = entry.partition("=")
        if not equals or not heading.strip("= "):
            raise InvalidValue(f"{quote_text(entry)} is not like title=Outage.")
        columns[check_known_name(name.strip(), COLUMNS, "column")] = heading.strip()
    return columns


def _read_zone(folder: Path) -> ZoneInfo | None:
    """Return the time zone of the site that is there, in which its writers think."""
    try:
        text, _ = decode_text((folder / SERVICES_FILE).read_bytes(), SERVICES_FILE)
    except OSError:
        return None
    site, _, _ = read_services(text, folder, available_languages())
    return site.zone if site else None


def _make_scaffold(services: bytes) -> Mapping[str, bytes]:
    installed = find_installation()
    return {**scaffold.make_files("city", ["github"], installed.requirement, services), **installed.files}


_NOUNS = {
    NoteKind.QUESTION: ("question", "questions"),
    NoteKind.GUESS: ("guess", "guesses"),
    NoteKind.LOSS: ("loss", "losses"),
}


def _count(notes: Collection[Note]) -> str:
    counts = {kind: sum(note.kind is kind for note in notes) for kind in _NOUNS}
    return ", ".join(f"{counts[kind]} {nouns[counts[kind] != 1]}" for kind, nouns in _NOUNS.items())


def _report(plan: SitePlan, folder: Path) -> None:
    """Say what was written, and what is left for a person to do."""
    changed = [path for path in plan.changed if path != REPORT_FILE]
    posts = sum(path.startswith("incidents/") and path.endswith(".md") for path in changed)
    click.echo(f"Wrote {len(changed)} files into {folder}, {posts} of them posts." if changed else "Nothing is new.")
    report = plan.report
    ticked = f" Checked off: {len(report.answered)}." if report.answered else ""
    new = "" if plan.is_new else f" New: {_count(report.new)}." if report.new else " Nothing in it is new."
    click.echo(f"{REPORT_FILE} there has {_count(report.notes)}.{ticked}{new}")
    if plan.is_new:
        click.echo("Next:")
        for command in (f"cd {shlex.quote(str(folder))}", "statusgen check", "statusgen serve    (until Ctrl-C)"):
            click.echo(f"  {command}")
