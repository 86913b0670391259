"""`statusgen diff`: what residents will see change."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import click

from statusgen.cli.shared import AT, SOURCE, explained, moment_of, sound_site


@click.command()
@SOURCE
@AT
@click.option(
    "--against",
    metavar="URL|FOLDER|REVISION",
    help="A live site, a built one, or a revision of git. Default: site/ in the source, else the last commit.",
)
@explained
def diff(source: Path, at: str | None, against: str | None) -> None:
    """Tell in sentences what residents will see change, before it is published."""
    from statusgen.comparing import published
    from statusgen.comparing.differences import differences
    from statusgen.comparing.others import words_alone

    now, look = _now(source, source, at)
    files = _data(now, look)
    with tempfile.TemporaryDirectory() as folder:
        if against is None:
            against = str(source / "site") if (source / "site" / "status.json").exists() else "HEAD"
        if "://" in against:
            before = partial(published.at_address, against)
        elif Path(against).is_dir():
            before = partial(published.in_folder, Path(against))
        else:
            earlier = published.at_revision(source, against, Path(folder))
            before = partial(published.of_files, _data(*_now(earlier, source, at)))
        first = before(), published.of_files(files)
        said = differences(*first)
        # A language that only one of them has is told of already.
        for language in (code for code in first[0].translations if code in first[1].translations):
            if words_alone(first, (before(f"{language}/"), published.of_files(files, f"{language}/"))):
                said.append(f'Words in "{language}" change, where those in "{now.site.languages[0]}" do not.')
    click.echo(f"Compared with {against}:")
    for sentence in said:
        click.echo(f"- {sentence}")
    if not said:
        click.echo("Residents will see no change.")
    if look.has_own:
        click.echo("What templates/ make of the pages was not compared.")


def _now(source: Path, theme: Path, at: str | None) -> tuple[Any, Any]:
    from statusgen.status.board import board
    from statusgen.theme.look import Look

    site = sound_site(source)
    return board(site, moment_of(at, site)), Look(theme)


def _data(now: Any, look: Any) -> list[Any]:
    """The files of data, and no others: pages need not be made for this."""
    from statusgen.outputs.open_data import incidents, status

    document = incidents.of_incident(now, look)
    return [*status.files(now, look), *(file for standing in now.incidents for file in document(standing))]
