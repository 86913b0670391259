"""What an update says about one service or channel, and when that is expected back."""

from dataclasses import dataclass
from typing import Annotated, Literal

from statusgen.keys import Key, ServiceId
from statusgen.model.services import Channel
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.problems import Place


@dataclass(frozen=True, slots=True)
class Estimate:
    """When something is expected back: unknown, on a day, or between two; `words` and `basis` explain it.

    `services` limits it to those services; if empty, it applies to all that the incident affects.
    """

    unknown: Annotated[bool, Key("Whether nobody knows.", data="Whether it was said that nobody knows.")] = False
    not_before: Annotated[When | None, Key("Not earlier than this.", data="The earliest time.")] = None
    by: Annotated[When | None, Key("Not later than this.", data="The latest time.")] = None
    words: Annotated[Words | None, Key("What was said, in words.", data="How it was put: “weeks, not days”.")] = None
    basis: Annotated[Words | None, Key("On what ground.", data="What it is based on.")] = None
    services: Annotated[
        tuple[ServiceId, ...],
        Key(
            "The services that it is about; otherwise all that the post affects.",
            data="The ids of the services it was said of; none where it holds for the incident.",
        ),
    ] = ()

    @property
    def is_words_alone(self) -> bool:
        """Whether it names neither a time nor that nobody knows."""
        return bool(self.words) and not (self.unknown or self.not_before or self.by)


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """What an update says about a service or one of its channels; None for what it does not mention.

    `channel` is `EVERY_WAY` for all of them. `do_short` is `do` in few words, `do_until` when it ends. `since` is when
    the status began, or the incident if it began with that. `for_now` has what is other than usual at a channel, such
    as what can be paid with.
    """

    service: str
    channel: str | None
    place: Place
    status: Annotated[Status | None, Key("Its status.")] = None
    do: Annotated[Words | None, Key("What people can do meanwhile.", data="What to do meanwhile.")] = None
    do_short: Words | None = None
    do_until: When | None = None
    where: Annotated[Words | None, Key("Where they can go instead.", data="Where to go instead.")] = None
    since: When | Literal["incident"] | None = None
    started_before: Annotated[
        When | None,
        Key("If it began earlier than is known: before when.", data="A time before which this status began."),
    ] = None
    expected: Annotated[Estimate | None, Key("When it is expected back.")] = None
    channels: Annotated[
        tuple[Channel, ...],
        Key("Ways to use it that were set up for a while.", data="Channels that are set up for a while."),
    ] = ()
    for_now: Channel | None = None

    def began(self, incident_started: When) -> When | None:
        """Return when the status began, as far as the update says so, in an incident that started then."""
        return incident_started if self.since == "incident" else self.since
