"""How a drill begins: a copy of the site, with a story, a clock of its own, and nobody whom it could reach."""

import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from statusgen.cli.load import load_site
from statusgen.cli.moments import computer_time, format_moment
from statusgen.drill.cast import Casting, cast_parts
from statusgen.drill.clock import DrillClock
from statusgen.drill.folder import COPY, Drill, DrillError, has_drill, read_drill
from statusgen.drill.residents import make_pages, pick_port
from statusgen.drill.site_copy import Original, copy_site, find_original, isolate_site, unpack_kit
from statusgen.drill.story import DEFAULT_STORY, Story, find_story, read_story
from statusgen.git import repository_top
from statusgen.model.whole_site import Site
from statusgen.text import printable

if TYPE_CHECKING:
    from statusgen.cli.drill import DrillFlags


def choose_folder(source: Path, is_end: bool) -> Path:
    """Return where the drill of a site is, if nobody says: beside its folder, and outside of its repository.

    It is the drill of today that has not ended, else a new folder; `is_end` is whether a drill is to be ended, for
    which the last of today is meant.
    """
    place = source.resolve()
    outside = (repository_top(place) or place).parent
    base = f"{place.name}-drill-{computer_time().astimezone():%Y-%m-%d}"
    names = (outside / (f"{base}-{number}" if number > 1 else base) for number in count(1))
    taken = [*takewhile(Path.exists, names)]
    held = [folder for folder in taken if has_drill(folder)]
    going_on = [folder for folder in held if is_going_on(folder)]
    if going_on or (is_end and held):
        return (going_on or held)[-1]
    return outside / (f"{base}-{len(taken) + 1}" if taken else base)


def is_going_on(folder: Path) -> bool:
    """Return whether the drill in a folder has not ended."""
    try:
        return read_drill(folder).ended is None
    except DrillError:  # it was never finished, or is of another version
        return False


def begin_drill(folder: Path, flags: "DrillFlags") -> Drill:
    """Make the folder of a drill, all of it or nothing; raise StatusgenError."""
    if folder.exists():
        raise DrillError(f"{folder} is there already, and there is no drill in it. Name another folder.")
    if folder.is_relative_to(flags.source.resolve()):
        raise DrillError(f"{folder} is inside the folder of your site. Name one outside of it, like ../drill.")
    with TemporaryDirectory(prefix="statusgen-drill-") as scratch:
        original = unpack_kit(flags.kit, Path(scratch)) if flags.kit else find_original(flags.source)
        try:
            return _set_up(folder, original, flags)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise DrillError(f"{folder} cannot be written ({error.strerror}). Name another folder.") from None
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _set_up(folder: Path, original: Original, flags: "DrillFlags") -> Drill:
    copy = copy_site(original, folder / COPY)
    site = load_site(copy)
    file = find_story(flags.story or DEFAULT_STORY)
    story = read_story(file, site)
    castings = cast_parts(story, site, _parse_parts(flags.parts))
    now = computer_time()
    clock = DrillClock([(now, _find_beginning(story, site, now))], flags.speed or story.speed)
    cast = {each.part: each.key for each in castings if each.key}
    begun = Drill(folder, copy, file.stem, clock, cast, pick_port(), None if flags.kit else flags.source.resolve())
    begun.story_file.write_bytes(file.read_bytes())
    isolate_site(folder / COPY, copy, site, begun.url, clock.begins)
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
