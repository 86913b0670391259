"""Moments on the command line: the flag that chooses one, the clock, and how a moment is printed."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from statusgen.board.clock import ClockReading, read_clock
from statusgen.cli.errors import parse_flag
from statusgen.content.format.values import parse_time
from statusgen.drill.folder import find_drill_folder, read_drill

if TYPE_CHECKING:
    from statusgen.model.whole_site import Site

AT = click.option(
    "--at",
    metavar="TIME",
    help='The moment to show, like "2024-05-15 16:00"; a date alone means its last minute. Default: now.',
)


def resolve_moment(at: str | None, site: "Site", drafts: bool = False) -> ClockReading:
    """Return the moment to show, and the site then: the one asked for, or else the site's own, or else the clock's."""
    clock = machine_clock(at, site)
    if clock:
        return read_clock(site, clock, drafts)
    moment = parse_moment(at, site.zone) if at else site.fixed_moment or current_time()
    return ClockReading(site, moment, moment)


def machine_clock(at: str | None, site: "Site") -> datetime | None:
    """Return what the computer's clock says; None if the moment is chosen by --at, the site or SOURCE_DATE_EPOCH."""
    is_chosen = at or site.fixed_moment or os.environ.get("SOURCE_DATE_EPOCH")
    return None if is_chosen else current_time()


def parse_moment(at: str, zone: ZoneInfo) -> datetime:
    """Return the moment that --at names; a date alone means its last minute."""
    return parse_flag("--at", parse_time, at, zone).last_minute


_drill_folder: Path | None = None
"""The folder of the drill whose clock counts; None in all sites but those of drills."""


def keep_time_of(source: Path) -> None:
    """Let the clock of a drill count from now on, if the site in `source` is that of one; otherwise the computer's."""
    global _drill_folder  # the time is one thing for a whole process, with all its threads
    _drill_folder = find_drill_folder(source)


def current_time() -> datetime:
    """Return the current time: that of the computer or, in the site of a drill, that of the drill."""
    now = computer_time()
    return read_drill(_drill_folder).clock.read(now) if _drill_folder else now


def drill_time() -> datetime | None:
    """Return what the clock of the drill says; None in all sites but those of drills."""
    return current_time() if _drill_folder else None


def computer_time() -> datetime:
    """Return the computer's time, or the moment that SOURCE_DATE_EPOCH sets instead."""
    # https://reproducible-builds.org/specs/source-date-epoch/
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        what = f'SOURCE_DATE_EPOCH is "{epoch}", which is not a number of seconds since 1970.'
        raise click.UsageError(what) from None


def format_moment(moment: datetime, site: "Site") -> str:
    """Format a moment in the site's time zone."""
    return f"{moment.astimezone(site.zone):%Y-%m-%d %H:%M %Z}"


def print_early_updates(reading: ClockReading) -> None:
    """Say which updates are shown though they are dated well ahead of the clock."""
    for _, update in reading.suspicious:
        dated, clock = (format_moment(moment, reading.site) for moment in (update.time.start, reading.clock))
        what = f"This is dated {dated}, but the clock says {clock}: one of two clocks is wrong."
        click.echo(f"{update.place}: {what} It is shown at once. See: statusgen check", err=True)
