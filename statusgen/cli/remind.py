"""`statusgen remind`: what staff have to do."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from statusgen.cli.flags import SOURCE, command, flag
from statusgen.cli.moments import AT, current_time

if TYPE_CHECKING:
    from statusgen.board.model.whole_board import Board
    from statusgen.model.channels import NotifyChannel
    from statusgen.model.whole_site import Site
    from statusgen.notify.reminders import Reminder
    from statusgen.notify.reminding import Reminded, Reminding

EXIT_REMINDERS = 5
"""The exit code if there is something to do, and no channel to say so."""


@dataclass(frozen=True)
class RemindFlags:
    """What the flags of `remind` say."""

    source: Path = flag(Path(), SOURCE)
    at: str | None = flag(None, AT)
    before: int = flag(
        30,
        "--before",
        metavar="MINUTES",
        type=click.IntRange(0, 7 * 24 * 60),
        show_default=True,
        help="How long before an update is due that was promised.",
    )
    dry_run: bool = flag(False, "--dry-run", help="Print each message, and send nothing.")


@command(RemindFlags)
def remind(flags: RemindFlags) -> None:
    """Remind staff of what is promised, late or old, of copies that are behind, and of what others report.

    Each reminder goes once to every channel with staff: true under notify: in services.yaml. Without one, they are
    printed.

    Exit codes: 0, there is nothing to do, or it was sent; 4, something was not sent or may not have been; 5, there is
    something to do, and no channel for staff.
    """
    from statusgen.board.board import make_board
    from statusgen.cli.load import load_site
    from statusgen.cli.moments import resolve_moment
    from statusgen.notify.mirrors import remind_of_mirrors
    from statusgen.notify.reminders import list_reminders
    from statusgen.speed.cache import Cache

    if flags.at and not flags.dry_run:
        raise click.UsageError("For another moment nobody is reminded: use --at with --dry-run.")
    reading = resolve_moment(flags.at, load_site(flags.source, Cache(flags.source), flags.at))
    board = make_board(reading.site, reading.moment, with_next_change=False)
    reminders = list_reminders(board, timedelta(minutes=flags.before))
    reminders += remind_of_mirrors(reading.site, current_time())
    reminders += _remind_of_others(flags, reading.site, board)
    channels = [channel for channel in reading.site.notify.channels if channel.staff]
    if not reminders:
        if flags.dry_run:  # a person asks; a job that prints nothing gets no mail
            click.echo("There is nothing to remind anyone of.")
        return
    if channels:
        _tell_channels(reminders, reading.site, channels, flags)
    else:
        for reminder in reminders:
            click.echo(str(reminder))
        raise SystemExit(EXIT_REMINDERS)


def _remind_of_others(flags: RemindFlags, site: "Site", board: "Board") -> "list[Reminder]":
    """Return what to look at because of what others say; what they say of now has nothing to do with another moment."""
    if flags.at or not site.follow:
        return []
    from statusgen.follow.following import Following
    from statusgen.follow.reminders import list_reminders
    from statusgen.problems import StatusgenError

    following = Following(flags.source, site, current_time())
    try:
        following.look(os.environ)
        return list_reminders(following.suggest(board), site)
    except StatusgenError as error:  # what is due here must be told all the same
        click.echo(str(error), err=True)
        return []


def _tell_channels(
    reminders: "Sequence[Reminder]", site: "Site", channels: "Sequence[NotifyChannel]", flags: RemindFlags
) -> None:
    """Send what is new to each channel, or print it; raise NotifyError, and exit with EXIT_NOT_SENT."""
    from statusgen.cli.ending import ending_orderly
    from statusgen.cli.send_updates import EXIT_NOT_SENT, open_ledger
    from statusgen.notify.ledger import Event
    from statusgen.notify.reminding import Reminding
    from statusgen.notify.senders import make_sender

    reminding = Reminding(site, channels, current_time())
    with open_ledger(flags.source) as ledger:
        record = ledger.read()
        for reminder, channel in reminding.list_doubtful(reminders, record):
            click.echo(f"It may not have reached {channel.id}: {reminder}", err=True)
        if flags.dry_run:
            for channel in channels:
                _print_message(channel.id, reminding.list_new(reminders, channel, record), reminding)
            return
        senders = {channel.id: make_sender(channel, site, os.environ) for channel in channels}
        with ending_orderly():
            results = reminding.remind(reminders, record, ledger, senders)
    _print_results(results)
    if any(result.event is not Event.SENT for result in results):
        raise SystemExit(EXIT_NOT_SENT)


def _print_results(results: "Sequence[Reminded]") -> None:
    from statusgen.notify.ledger import Event

    for result in results:
        said = {Event.SENT: "Sent", Event.NOT_SENT: "Not sent"}.get(result.event, "Not known whether it was sent")
        names = "; ".join(reminder.title for reminder in result.reminders)
        line = f"{said} to {result.channel.id}: {names}. {result.why}".strip()
        click.echo(line, err=result.event is not Event.SENT)


def _print_message(channel: str, reminders: "list[Reminder]", reminding: "Reminding") -> None:
    if not reminders:
        click.echo(f"To {channel}: nothing new.")
        return
    message = reminding.make_message(reminders)
    click.echo(f"To {channel}: {message.subject}\n")
    for line in (*message.text.split("\n"), "", message.url):
        click.echo(f"  {line}".rstrip())
    click.echo()
