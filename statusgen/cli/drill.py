"""`statusgen drill`: a made-up bad night in a copy of the site, and what residents saw of it."""

from dataclasses import dataclass
from pathlib import Path

import click

from statusgen.cli.flags import SOURCE, command, flag
from statusgen.drill.folder import STATE_FILE, DrillError, find_drill_folder, read_drill


@dataclass(frozen=True)
class DrillFlags:
    """What the argument and the flags of `drill` say."""

    folder: Path | None = flag(
        None,
        click.argument("folder", metavar="[FOLDER]", required=False, type=click.Path(file_okay=False, path_type=Path)),
    )
    source: Path = flag(Path(), SOURCE)
    story: str = flag(
        "city-network",
        "--story",
        metavar="NAME|FILE",
        show_default=True,
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
        type=click.IntRange(1, 60),
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
    end: bool = flag(False, "--end", help="End the drill in FOLDER, and write the report.")


@command(DrillFlags)
def drill(flags: DrillFlags) -> None:
    """Hold a drill: copy the site into FOLDER, hear of a made-up bad night there, and publish what residents must know.

    Nothing that is published in the copy leaves this computer, and every page says that it is a drill. Its clock goes
    faster than real time. Leave this running: it shows each piece of news when its moment comes, and the page that
    residents would see. Press Enter to go on to the next news at once; type "done", or press Ctrl-C, to end. At the end
    there is a report of what residents saw, and for how long it was wrong.

    With the FOLDER of a drill that was begun, it goes on there. Default: a new folder beside that of the site.
    """
    from statusgen.cli.begin_drill import begin_drill, name_folder
    from statusgen.cli.run_drill import showing
    from statusgen.drill.site_copy import require_git

    require_git()
    if find_drill_folder(flags.source):
        raise DrillError("This is the site of a drill. Go to the folder of your own site to begin another.")
    folder = (flags.folder or name_folder(flags.source)).resolve()
    is_new = not (folder / STATE_FILE).exists()
    if is_new and flags.end:
        raise DrillError(f"There is no drill in {folder}. Name its folder: statusgen drill FOLDER --end")
    held = begin_drill(folder, flags) if is_new else read_drill(folder)
    with showing(held) as run:
        if is_new:
            run.publish_first()
        if flags.desk:
            run.open_desk()
        run.tell_news()
        if not (flags.end or flags.no_wait):
            run.watch()
        if not flags.no_wait:
            run.end()
