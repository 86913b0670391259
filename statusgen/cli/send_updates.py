"""What `statusgen notify` does: finds what is to be sent, asks back or sends it, and says what came of it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from statusgen.board.board import make_board
from statusgen.board.clock import ClockReading
from statusgen.board.model.whole_board import Board
from statusgen.cli.ending import ending_orderly
from statusgen.cli.load import load_site
from statusgen.cli.moments import current_time, format_moment, resolve_moment
from statusgen.drill.folder import refuse_in_drill
from statusgen.model.channels import HUB, NotifyChannel
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.notify.deliver import Delivery, Parcel, Report, Result, split_moved
from statusgen.notify.git_ledger import GitLedger, find_remote
from statusgen.notify.ledger import Event, Ledger, Record
from statusgen.notify.local_ledger import LocalLedger
from statusgen.notify.messages import MessageMaker
from statusgen.notify.published import PublishedUpdates
from statusgen.notify.selecting import Selection, Unit, Wait, keep_order
from statusgen.notify.senders import make_sender
from statusgen.notify.websub import HUB_MEMORY, hub_channel, read_hub
from statusgen.problems import NotifyError
from statusgen.speed.cache import Cache
from statusgen.text import did_you_mean
from statusgen.theme.renderer import Renderer
from statusgen.trust.copies import Copy, FolderCopy, WebCopy

if TYPE_CHECKING:
    from statusgen.cli.notify import NotifyFlags

EXIT_NOT_SENT = 4
"""The exit code if something was not sent, or nobody can tell."""
_NEWS_PERIOD = timedelta(days=1)
"""How long what nobody can tell is worth an exit code: it is shown as long as it is so."""


def send_updates(flags: "NotifyFlags", report: Report = lambda _: None) -> None:
    """Send what is to be sent; raise StatusgenError, and exit with EXIT_NOT_SENT. `report` is told each result."""
    reading = resolve_moment(flags.at, load_site(flags.source, Cache(flags.source), flags.at))
    board = make_board(reading.site, reading.moment, with_next_change=False)
    channels = _choose_channels(board, flags.channel)
    if not channels:
        click.echo("services.yaml has no channel for updates under notify:, so nobody is notified.")
        return
    with open_ledger(flags.source) as ledger:
        run = _Run(flags, reading, board, channels, ledger.read())
        units = run.list_units()
        if flags.again:
            units = _choose_unknown(units, flags.again)
        parcels, moved = split_moved(run.make_parcels(units), run.record, board)
        for parcel, entry in moved:
            said = "was sent already" if entry.event is Event.SENT else Wait.UNKNOWN.value
            click.echo(f"{parcel.unit.name} to {entry.channel}: it {said}, as {entry.key.name}.")
        if flags.dry_run:
            _print_messages(parcels, board.site)
            _print_missing_settings(parcels, board.site)
            _print_waiting(units, run)
            return
        _require_few(parcels, board.site, flags)
        ledger.add(lambda _record: [replace(entry, update=parcel.message.update_id) for parcel, entry in moved])
        are_sent = _send(parcels, run, ledger, report)
    if _print_waiting(units, run) or not are_sent:
        raise SystemExit(EXIT_NOT_SENT)


@dataclass(frozen=True)
class _Run:
    """What one run of the command looks at."""

    flags: "NotifyFlags"
    reading: ClockReading
    board: Board
    channels: Sequence[NotifyChannel]
    record: Record

    @property
    def renderer(self) -> Renderer:
        """What makes pages from templates; messages are made without."""
        return Renderer(self.flags.source)

    def language_of(self, channel: NotifyChannel) -> str:
        """Return the language of a channel's messages."""
        return channel.language or self.board.site.languages[0]

    def list_units(self) -> list[Unit]:
        """Return what each channel has not got for certain, in the order of time, and why it waits."""
        selection = Selection(self.board, self.record, self.reading.clock)
        units = [unit for channel in self.channels for unit in selection.list_units(channel)]
        if not any(unit.wait is None for unit in units):
            return keep_order(units)
        published = PublishedUpdates(_open_published(self.flags, self.board.site), self.board, self.renderer)
        published.require_site()
        return keep_order(
            replace(unit, wait=Wait.NOT_PUBLISHED)
            if unit.wait is None and not published.shows(unit.view, self.language_of(unit.channel))
            else unit
            for unit in units
        )

    def make_parcels(self, units: Sequence[Unit]) -> list[Parcel]:
        """Return what can be sent now, with its words."""
        maker = MessageMaker(self.reading.site, self.board, self.renderer)
        due = (unit for unit in units if unit.wait is None)
        return [Parcel(unit, maker.make(unit.view, self.language_of(unit.channel))) for unit in due]


def _choose_channels(board: Board, wanted: str | None) -> list[NotifyChannel]:
    """Return the channels that updates go to: not those for staff, and the hub after the others."""
    site = board.site
    found = [channel for channel in site.notify.channels if not channel.staff]
    if site.hub:
        found.append(hub_channel(site, When.moment(board.moment - HUB_MEMORY)))
    if wanted is None:
        return found
    ids = [channel.id for channel in found]
    if wanted not in ids:
        raise click.BadParameter(
            f'There is no channel "{wanted}" for updates. {did_you_mean(wanted, ids)}'.strip(), param_hint="--channel"
        )
    return [channel for channel in found if channel.id == wanted]


@contextmanager
def open_ledger(source: Path) -> Iterator[Ledger]:
    """Give the ledger: in the remote repository, or where there is none, in a folder beside services.yaml.

    Raise DrillError in a drill, and NotifyError.
    """
    refuse_in_drill(source, "Updates and reminders would be sent to people")
    remote = find_remote(source)
    if remote is None:
        yield LocalLedger(source)
        return
    with TemporaryDirectory(prefix="statusgen-sent-") as folder:
        yield GitLedger(source, remote, Path(folder))


def _open_published(flags: "NotifyFlags", site: Site) -> Copy:
    """Return what residents see: where the flag says, otherwise what was built here, otherwise the live site.

    Of a site with places under `publish:`, what was built here may not have been sent to any of them.
    """
    built = flags.source / "site"
    where = flags.published or (str(built) if built.is_dir() and not site.targets else site.url)
    return WebCopy(where) if where.startswith(("http://", "https://")) else FolderCopy(Path(where))


def _choose_unknown(units: Sequence[Unit], again: str) -> list[Unit]:
    """Return what is to be sent again: what nobody can tell of one update, what was refused, or given up."""
    doubtful = [unit for unit in units if unit.wait in (Wait.UNKNOWN, Wait.GIVEN_UP, Wait.RETRY)]
    chosen = [replace(unit, wait=None) for unit in doubtful if unit.name == again]
    if not chosen:
        names = ", ".join(dict.fromkeys(unit.name for unit in doubtful))
        hint = f"Choose from: {names}." if names else "There is none."
        what = f'"{again}" is not an update that was tried and may not have arrived. {hint}'
        raise click.BadParameter(what, param_hint="--again")
    return chosen


def _require_few(parcels: Sequence[Parcel], site: Site, flags: "NotifyFlags") -> None:
    """Raise NotifyError before a mistake, such as an import of old posts, is sent to everybody."""
    number = sum(parcel.unit.channel.id != HUB for parcel in parcels)
    if number > site.notify.at_most and not flags.yes:
        what = f"{number} messages would be sent, and at_most in services.yaml is {site.notify.at_most}."
        raise NotifyError(f"{what} Nothing was sent. Look at them with --dry-run, then say --yes.")


def _print_messages(parcels: Sequence[Parcel], site: Site) -> None:
    for parcel in parcels:
        message, unit = parcel.message, parcel.unit
        click.echo(f"To {unit.channel.id}: {unit.name}, of {format_moment(message.at, site)}")
        if unit.channel.id == HUB:
            click.echo("  The hub is notified of the feeds that have it.\n")
            continue
        click.echo(f"  Language: {message.language}\n  Subject: {message.subject}\n")
        for line in (*message.text.split("\n"), "", message.url):
            click.echo(f"  {line}".rstrip())
        click.echo(f"\n  Short: {message.short}\n")
    click.echo(f"{_count(parcels)} would be sent." if parcels else "There is nothing to send.")


def _print_missing_settings(parcels: Sequence[Parcel], site: Site) -> None:
    """Say what would keep channels from sending."""
    for channel in {parcel.unit.channel.id: parcel.unit.channel for parcel in parcels}.values():
        try:
            _ = read_hub(site.hub or "") if channel.id == HUB else make_sender(channel, site, os.environ)
        except NotifyError as error:
            click.echo(f"It cannot be sent yet: {error}", err=True)


def _send(parcels: Sequence[Parcel], run: _Run, ledger: Ledger, tell: Report) -> bool:
    """Send the parcels, and say what came of each; return whether all of them were sent, by us or by someone else."""
    results: list[Result] = []

    def report(result: Result) -> None:
        results.append(result)
        tell(result)
        unit, said = result.parcel.unit, {Event.SENT: "Sent", Event.NOT_SENT: "Not sent"}
        words = f"{said.get(result.event, 'Not known whether it was sent')}: {unit.name} to {unit.channel.id}."
        click.echo(f"{words} {result.why}".strip(), err=result.event is not Event.SENT)

    channels = {parcel.unit.channel.id: parcel.unit.channel for parcel in parcels}
    site = run.board.site
    senders = {id: make_sender(each, site, os.environ) for id, each in channels.items() if id != HUB}
    hub = read_hub(site.hub) if site.hub and HUB in channels else None
    if not parcels:
        click.echo("There is nothing to send.")
        return True
    with ending_orderly():
        Delivery(site, ledger, senders, hub, current_time).deliver(parcels, report, bool(run.flags.again))
    sent = [result for result in results if result.event is Event.SENT]
    untried = len(parcels) - len(results)
    click.echo(f"{_count(sent)} sent{f', {untried} not tried' if untried else ''}.")
    return len(sent) == len(results)


def _print_waiting(units: Sequence[Unit], run: _Run) -> bool:
    """Say what was not sent, and why; return whether somebody should look at that."""
    is_alarming = False
    for unit in (unit for unit in units if unit.wait):
        wait = unit.wait
        assert wait
        hint = ""
        if wait is Wait.RETRY:
            hint = f" From {format_moment(run.record.standings[unit.key].next_try, run.board.site)} on."
        if wait is Wait.UNDATED:
            hint = " To have it sent, write its time of day."
        if wait is Wait.JUST_BEFORE:
            hint = " To have it sent, write an earlier since: in services.yaml."
        if wait in (Wait.UNKNOWN, Wait.GIVEN_UP, Wait.RETRY):
            hint += f" To send it now: statusgen notify --again {unit.name} --channel {unit.channel.id}"
        click.echo(f"{unit.name} to {unit.channel.id}: it {wait.value}.{hint}", err=True)
        is_alarming = is_alarming or _is_alarming(unit, wait, run)
    return is_alarming


def _is_alarming(unit: Unit, wait: Wait, run: _Run) -> bool:
    if wait in (Wait.UNKNOWN, Wait.GIVEN_UP):
        return run.reading.clock - run.record.standings[unit.key].at < _NEWS_PERIOD
    return wait in (Wait.NOT_PUBLISHED, Wait.RETRY, Wait.UNDATED)


def _count(things: Sequence[object]) -> str:
    return f"{len(things)} message{'' if len(things) == 1 else 's'}"
