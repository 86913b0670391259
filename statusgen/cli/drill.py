"""`statusgen drill`: a made-up bad night in a copy of the site, and what residents saw of it."""

from dataclasses import dataclass
from pathlib import Path

import click

from statusgen.cli.flags import SOURCE, command, flag
from statusgen.drill.clock import FASTEST
from statusgen.drill.folder import DrillError, find_drill_folder, has_drill, read_drill


@dataclass(frozen=True)
class DrillFlags:
    """What the argument and the flags of `drill` say."""

    folder: Path | None = flag(
        None,
        click.argument("folder", metavar="[FOLDER]", required=False, type=click.Path(file_okay=False, path_type=Path)),
    )
    source: Path = flag(Path(), SOURCE)
    story: str | None = flag(
        None,
        "--story",
        metavar="NAME|FILE",
        show_default="city-network",
        help="What happens: city-network (about an hour), payment-vendor (20 minutes), or a file of your own.",
    )
    parts: tuple[str, ...] = flag(
        (),
        "--service",
        "parts",
        metavar="PART=SERVICE",
        help="Which service plays a part of the story, like payments=water-bill/online. Can be repeated.",
    )
    speed: int | None = flag(
        None,
        "--speed",
        type=click.IntRange(1, FASTEST),
        metavar="NUMBER",
        help="How many times as fast as real time. Default: as the story says, mostly 10.",
    )
    kit: Path | None = flag(
        None,
        "--kit",
        metavar="ZIP",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Copy the site in a kit, not the one in this folder.",
    )
    desk: bool = flag(False, "--desk", help="Open the desk of the drill, too.")
    no_wait: bool = flag(False, "--no-wait", help="Say what is new, and do not wait for more.")
    end: bool = flag(False, "--end", help="End the drill in FOLDER, and print the report.")


@command(DrillFlags)
def drill(flags: DrillFlags) -> None:
    """Hold a drill: copy the site into FOLDER, hear of a made-up bad night there, and publish what residents must know.

    Nothing that is published in the copy leaves this computer, and every page says that it is a drill. Its clock goes
    faster than real time. Leave this running: it shows each piece of news at its time, and the page that
    residents would see. Press Enter to go on to the next news at once; type "done", or press Ctrl-C, to end. At the end
    there is a report of what residents saw, and for how long it was wrong.

    With the FOLDER of a drill that was begun, it goes on there. Default: today's drill that has not ended, or a new
    folder beside that of the site.
    """
    from statusgen.cli.begin_drill import begin_drill, choose_folder
    from statusgen.cli.run_drill import end_drill, run_drill
    from statusgen.drill.site_copy import require_git

    require_git()
    if flags.end and (flags.no_wait or flags.desk):
        raise click.UsageError("--end ends the drill at once. Use it without --no-wait and --desk.")
    if find_drill_folder(flags.source):
        raise DrillError("This is the site of a drill. Go to the folder of your own site to begin another.")
    folder = (flags.folder or choose_folder(flags.source, flags.end)).resolve()
    is_new = not has_drill(folder)
    if is_new and flags.end:
        raise DrillError(f"There is no drill in {folder}. Name its folder: statusgen drill FOLDER --end")
    if not is_new:
        _refuse_new_settings(folder, flags)
    held = begin_drill(folder, flags) if is_new else read_drill(folder)
    if flags.end or held.ended:
        end_drill(held)
    else:
        if not is_new:
            click.echo(f"Going on with the drill in {folder}\n")
        run_drill(held, with_desk=flags.desk, is_waiting=not flags.no_wait)


def _refuse_new_settings(folder: Path, flags: DrillFlags) -> None:
    """Raise DrillError for a flag that only a new drill can have."""
    said = {"--story": flags.story, "--service": flags.parts, "--speed": flags.speed, "--kit": flags.kit}
    if used := [name for name, value in said.items() if value]:
        what = f"There is a drill in {folder} already, which goes on without {' and '.join(used)}."
        raise DrillError(f"{what} To begin another, name another folder: statusgen drill FOLDER {used[0]} …")
