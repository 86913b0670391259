"""`statusgen diff`: what residents will see change."""

import tempfile
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

    now, look = _now(source, source, at)
    after = published.of_files(_data(now, look))
    with tempfile.TemporaryDirectory() as folder:
        if against is None:
            against = str(source / "site") if (source / "site" / "status.json").exists() else "HEAD"
        if "://" in against:
            before = published.at_address(against)
        elif Path(against).is_dir():
            before = published.in_folder(Path(against))
        else:
            earlier = published.at_revision(source, against, Path(folder))
            before = published.of_files(_data(*_now(earlier, source, at)))
    said = differences(before, after)
    click.echo(f"Compared with {against}:")
    for sentence in said:
        click.echo(f"- {sentence}")
    if not said:
        click.echo("Residents will see no change.")
    if others := now.site.languages[1:]:
        click.echo(f"Words in other languages were not compared: {', '.join(others)}.")


def _now(source: Path, theme: Path, at: str | None) -> tuple[Any, Any]:
    from statusgen.status.board import board
    from statusgen.theme.look import Look

    site = sound_site(source)
    return board(site, moment_of(at, site)), Look(theme)


def _data(now: Any, look: Any) -> Any:
    """The files of data in the first language, and no others: pages need not be made for this."""
    from statusgen.outputs.open_data import incidents, status

    languages = now.site.languages[1:]
    document = incidents.of_incident(now, look)
    of_incidents = (file for standing in now.incidents for file in document(standing))
    files = (file for output in (status.files(now, look), of_incidents) for file in output)
    return (file for file in files if not file.path.startswith(tuple(f"{language}/" for language in languages)))
