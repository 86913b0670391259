"""Whose status the city follows: pages and monitors of others, and which services of ours depend on them."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from statusgen.keys import Id, Key, Link
from statusgen.model.words import Words


class FollowKind(Enum):
    """What somebody's status is published with."""

    STATUSPAGE = "statuspage"
    INSTATUS = "instatus"
    BETTER_STACK = "better_stack"
    STATUSGEN = "statusgen"
    FEED = "feed"
    GATUS = "gatus"
    UPTIME_KUMA = "uptime_kuma"
    ALERTMANAGER = "alertmanager"
    GRAFANA = "grafana"
    HEALTHCHECKS = "healthchecks"

    @property
    def is_monitor(self) -> bool:
        """Whether it is a monitor: its document can also be in a file, or be given to the command."""
        return self in _MONITORS

    @property
    def is_sent(self) -> bool:
        """Whether it has no page to read: it only sends its documents."""
        return self in (FollowKind.ALERTMANAGER, FollowKind.GRAFANA)


_MONITORS = (
    FollowKind.GATUS,
    FollowKind.UPTIME_KUMA,
    FollowKind.ALERTMANAGER,
    FollowKind.GRAFANA,
    FollowKind.HEALTHCHECKS,
)


@dataclass(frozen=True, slots=True)
class Dependence:
    """Which services of ours depend on a component of theirs. Without a component, on their page as a whole."""

    services: Annotated[
        tuple[str, ...],
        Key(
            "The services of ours that depend on it, each by its id, or with a channel: `water-bill/online`.",
            example="[water-bill/online]",
        ),
    ]
    component: Annotated[
        str | None, Key("Their component, by its name or id there; otherwise their page as a whole.")
    ] = None
    do: Annotated[Words | None, Key("What people can do when it does not work: it goes into the draft.")] = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A status page, a feed or a monitor that somebody else publishes.

    `source` is where it is read: a web address, `file:` and an absolute path, or None for what is given to the command.
    """

    id: Annotated[Id, Key("What the command line and the record call it.", example="paygov")]
    kind: Annotated[FollowKind, Key("What it is published with.", example="statuspage")]
    name: Annotated[
        Words,
        Key("What residents call those who run it, as inside of a sentence.", example="the payment company"),
    ]
    dependences: Annotated[
        tuple[Dependence, ...], Key("What of ours depends on it.", written="for", example="- services: [permits]")
    ]
    source: Annotated[
        str | None,
        Key(
            "Its address on the web. Of a monitor also `file:` and the path of its document, or nothing.",
            written="from",
        ),
    ] = None
    url: Annotated[Link | None, Key("The link for residents; otherwise `from`, if that is a page.")] = None

    @property
    def link(self) -> str | None:
        """Where residents can read more: of a monitor, whose address may be private, only if somebody said so."""
        is_page = not self.kind.is_monitor and self.kind is not FollowKind.FEED
        return self.url or (self.source if is_page else None)
