"""A service and its channels at one moment."""

from dataclasses import dataclass

from statusgen.board.model.advice import Workaround
from statusgen.board.model.channels import TemporaryChannel
from statusgen.board.model.dates import DeadlineStatus, WaiverStatus
from statusgen.board.model.estimates import Promise, PublishedEstimate
from statusgen.board.model.spans import Interval, StartTime
from statusgen.model.services import Channel, ChannelKind, Service
from statusgen.model.statuses import Status
from statusgen.model.times import When


@dataclass(frozen=True, slots=True)
class Standing:
    """How a service, or a way to use it, stands now, and on whose word.

    `said_at` is when that was last said; None if nothing was, or for planned work. It `is_stale` once that is longer
    ago than `Site.stale_after`, or if an incident began since that may reach further: then it is told as past.
    `restored_at` is when it came back, for as long as that is news. `corrected_at` is when a correction said so.
    `said_working` is when a way was last said to work whose service has not worked since. `ways` are the channels that
    the status is about, if only some are. It `is_in_doubt` if nothing was said of it, and an open incident may reach
    it.
    """

    status: Status
    since: StartTime | None = None
    said_at: When | None = None
    is_stale: bool = False
    restored_at: When | None = None
    corrected_at: When | None = None
    said_working: When | None = None
    ways: tuple[Channel, ...] = ()
    is_in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """A channel, how it stands now, and its statuses, oldest first. A `temporary` one was set up for an incident.

    `changed_keys` are the keys of the channel that are other than usual for now, each with when that ends, if it is
    known.
    """

    channel: Channel
    standing: Standing
    timeline: tuple[Interval, ...]
    temporary: bool = False
    changed_keys: tuple[tuple[str, When | None], ...] = ()

    @property
    def status(self) -> Status:
        """Its status now."""
        return self.standing.status

    @property
    def is_usable(self) -> bool:
        """Whether somebody said that it can be used, and not too long ago."""
        return self.status.is_usable and not self.standing.is_stale

    @property
    def automatic(self) -> bool:
        """Whether it works, or should, without the resident doing anything."""
        return self.channel.kind is ChannelKind.AUTOMATIC

    @property
    def since(self) -> StartTime | None:
        """Since when it has had this status."""
        return self.standing.since


@dataclass(frozen=True, slots=True)
class ContraryWord:
    """That another open incident says that a service works, which does not according to the one that counts."""

    incident: str
    said_at: When


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How a service stands, when it is expected back, and what to do instead.

    `day` counts the local days of a problem from 1, if its beginning is known. `estimates` are about this service,
    oldest first, `outage_estimate` is about the incident as a whole, if it says more. `incidents` are the ids of those
    that affect it now, `planned_work` of the work that closes it. `contrary_words` are from incidents that say that it
    works. `coming_channels` were
    announced and are not open yet. `timeline` has its statuses, oldest first, `own_timeline` those of them
    that were said of it as such.
    """

    service: Service
    standing: Standing
    day: int | None
    channels: tuple[ChannelStatus, ...]
    workarounds: tuple[Workaround, ...]
    estimates: tuple[PublishedEstimate, ...]
    outage_estimate: PublishedEstimate | None
    is_outage_estimate_late: bool
    promise: Promise | None
    waivers: tuple[WaiverStatus, ...]
    deadlines: tuple[DeadlineStatus, ...]
    coming_channels: tuple[TemporaryChannel, ...]
    incidents: tuple[str, ...]
    planned_work: tuple[str, ...]
    contrary_words: tuple[ContraryWord, ...]
    timeline: tuple[Interval, ...]
    own_timeline: tuple[Interval, ...]

    @property
    def id(self) -> str:
        """The id of the service."""
        return self.service.id

    @property
    def status(self) -> Status:
        """Its status now."""
        return self.standing.status

    @property
    def since(self) -> StartTime | None:
        """Since when it has had this status."""
        return self.standing.since

    @property
    def confirmed_at(self) -> When | None:
        """When its status was last said."""
        return self.standing.said_at

    @property
    def restored_at(self) -> When | None:
        """When it came back, for as long as that is news."""
        return self.standing.restored_at

    @property
    def stale(self) -> bool:
        """Whether its status was said too long ago to be told as of now."""
        return self.standing.is_stale

    @property
    def has_problem(self) -> bool:
        """Whether somebody said that it does not work as usual, for any reason but planned work."""
        return self.status.is_stated_problem and self.status not in (Status.MAINTENANCE, Status.UNKNOWN)

    @property
    def is_unusual(self) -> bool:
        """Whether it has a problem, may have one, or is closed for planned work."""
        return self.status.is_stated_problem

    @property
    def is_working(self) -> bool:
        """Whether somebody said that it works as usual."""
        return self.status is Status.WORKING

    @property
    def works_somehow(self) -> bool:
        """Whether somebody said that it works as usual, or that some ways do and nothing of the others."""
        return self.is_working or (self.is_not_said and bool(self.standing.ways))

    @property
    def is_not_said(self) -> bool:
        """Whether nobody said how it stands."""
        return self.status is Status.NOT_SAID

    @property
    def is_never_mentioned(self) -> bool:
        """Whether nothing at all is said of it now: neither of the service nor of one of its ways."""
        return self.is_not_said and all(channel.status is Status.NOT_SAID for channel in self.channels)

    @property
    def estimate(self) -> PublishedEstimate | None:
        """When it is expected back, according to the newest estimate."""
        return self.estimates[-1] if self.estimates else None

    @property
    def is_estimate_late(self) -> bool:
        """Whether the time of an estimate that counts has passed."""
        return any(each.is_late for each in self.current_estimates)

    @property
    def current_estimates(self) -> tuple[PublishedEstimate, ...]:
        """The newest estimate of the service, and those of its ways that are not older, each the newest of its way."""
        newest = {each.key[1] if each.key else None: each for each in self.estimates}
        whole = newest.get(None)
        return tuple(
            each for each in newest.values() if whole is None or each.published_at.start >= whole.published_at.start
        )

    @property
    def earlier_estimates(self) -> tuple[PublishedEstimate, ...]:
        """The estimates that others have taken the place of, oldest first."""
        return tuple(each for each in self.estimates if each not in self.current_estimates)

    @property
    def usable_channels(self) -> tuple[ChannelStatus, ...]:
        """The channels of which somebody said that they can be used now, except automatic ones."""
        return tuple(channel for channel in self.channels if channel.is_usable and not channel.automatic)

    @property
    def unusable_channels(self) -> tuple[ChannelStatus, ...]:
        """The channels of which somebody said that they cannot be used, except automatic ones."""
        return tuple(channel for channel in self.channels if channel.status.is_closed and not channel.automatic)

    @property
    def unconfirmed_channels(self) -> tuple[ChannelStatus, ...]:
        """The other channels, except automatic ones: nobody said how they stand, or not for long, or nobody knows."""
        told = {channel.channel.id for channel in (*self.usable_channels, *self.unusable_channels)}
        return tuple(each for each in self.channels if each.channel.id not in told and not each.automatic)

    @property
    def automatic_channels(self) -> tuple[ChannelStatus, ...]:
        """The channels that work, or should, without the resident: automatic payment, for example."""
        return tuple(channel for channel in self.channels if channel.automatic)
