"""How a drill begins: a copy of the site, with a story, a clock of its own, and nobody whom it could reach."""

import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from statusgen.cli.load import load_site
from statusgen.cli.moments import computer_time, format_moment
from statusgen.drill.cast import Casting, cast_parts
from statusgen.drill.clock import DrillClock
from statusgen.drill.folder import Drill, DrillError
from statusgen.drill.residents import make_pages, pick_port
from statusgen.drill.site_copy import Original, copy_site, find_original, isolate_site, unpack_kit
from statusgen.drill.story import Story, find_story, read_story
from statusgen.model.whole_site import Site
from statusgen.text import printable

if TYPE_CHECKING:
    from statusgen.cli.drill import DrillFlags


def name_folder(source: Path) -> Path:
    """Return where the drill of a site is, if nobody says: in a folder beside its own."""
    place = source.resolve()
    return place.parent / f"{place.name}-drill-{computer_time().astimezone():%Y-%m-%d}"


def begin_drill(folder: Path, flags: "DrillFlags") -> Drill:
    """Make the folder of a drill, all of it or nothing; raise StatusgenError."""
    if folder.exists():
        raise DrillError(f"{folder} is there already, and there is no drill in it. Name another folder.")
    with TemporaryDirectory(prefix="statusgen-drill-") as scratch:
        original = unpack_kit(flags.kit, Path(scratch)) if flags.kit else find_original(flags.source)
        try:
            return _set_up(folder, original, flags)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _set_up(folder: Path, original: Original, flags: "DrillFlags") -> Drill:
    copy = copy_site(original, folder / "site")
    site = load_site(copy)
    file = find_story(flags.story)
    story = read_story(file, site)
    castings = cast_parts(story, site, _parse_parts(flags.parts))
    now = computer_time()
    clock = DrillClock([(now, _find_beginning(story, site, now))], flags.speed or story.speed)
    cast = {each.part: each.key for each in castings if each.key}
    begun = Drill(folder, copy, file.stem, clock, cast, pick_port(), None if flags.kit else flags.source.resolve())
    begun.story_file.write_bytes(file.read_bytes())
    isolate_site(copy, site, begun.url)
    make_pages(begun)
    begun.save()
    _introduce(begun, story, site, castings)
    if original.left_out:
        click.echo(f"Not in the copy: {', '.join(map(printable, original.left_out))}\n")
    return begun


def _parse_parts(words: Iterable[str]) -> dict[str, str]:
    pairs = [(word, *word.partition("=")[::2]) for word in words]
    if wrong := [word for word, part, key in pairs if not (part and key)]:
        raise click.BadParameter(f'"{wrong[0]}" is not like payments=water-bill/online.', param_hint="--service")
    return {part: key for _, part, key in pairs}


def _find_beginning(story: Story, site: Site, now: datetime) -> datetime:
    """Return when the story begins next: nothing in it is earlier than what the site has already."""
    local = now.astimezone(site.zone)
    begins = local.replace(hour=story.begins.hour, minute=story.begins.minute, second=0, microsecond=0)
    return (begins if begins >= local else begins + timedelta(days=1)).astimezone(UTC)


def _introduce(begun: Drill, story: Story, site: Site, castings: Sequence[Casting]) -> None:
    click.echo(f"This is a drill: {story.name.in_language(*site.languages).text}.")
    when = format_moment(begun.clock.begins, site)
    click.echo(f"Its clock begins at {when}, and goes {begun.clock.speed:g} times as fast as real time.")
    click.echo("The services in it:")
    for each in castings:
        click.echo(f"  {each.part}: {each.key or 'none'} ({each.why})")
    click.echo("(To choose others, begin again with --service PART=SERVICE.)\n")
    click.echo(f"Write here, in another terminal or at the desk, as on a real night: {begun.site}")
    click.echo(f"The page that residents would see: {begun.url}\n")
