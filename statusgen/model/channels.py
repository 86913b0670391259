"""By which channels subscribers are told of updates."""

from dataclasses import dataclass
from datetime import time
from enum import Enum
from typing import Annotated

from statusgen.keys import Id, Key, Link, ServiceId
from statusgen.model.states import Kind
from statusgen.model.times import When
from statusgen.model.words import Words

HUB = "hub"
"""The id of the channel that each site with a WebSub hub has by itself."""


class NotifyKind(Enum):
    """How a channel is reached."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    CHAT = "chat"
    MASTODON = "mastodon"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class NotifyChannel:
    """Where updates are sent, and which. No secret is said here: addresses that are secret, keys and passwords come
    from the environment, in `STATUSGEN_` and the id in capital letters (see docs/hosts/notification-channels.md).
    """

    id: Annotated[Id, Key("What the command line and the record call it.", example="water-list")]
    kind: Annotated[
        NotifyKind, Key("How it is reached: `mail`, `webhook`, `chat`, `mastodon` or `cap`.", example="mail")
    ]
    since: Annotated[
        When, Key("At what time it was added: nothing older is ever sent there.", example="2026-11-30 09:00")
    ]
    name: Annotated[
        Words | None, Key("What residents call it, like `the water-bill list`; without a name it is not shown.")
    ] = None
    to: Annotated[
        str | None, Key("Of mail: the address of the list. Of others, where that is no secret: the address.")
    ] = None
    sender: Annotated[str | None, Key("Of mail: the address that it comes from.", written="from")] = None
    list_id: Annotated[str | None, Key("Of mail: the List-Id of the list (RFC 2919).")] = None
    unsubscribe: Annotated[Link | None, Key("Of mail: where to unsubscribe (RFC 8058).")] = None
    language: Annotated[str | None, Key("The language of its messages; otherwise the first of the site.")] = None
    services: Annotated[tuple[ServiceId, ...], Key("Only updates about these services, by their ids.")] = ()
    groups: Annotated[tuple[str, ...], Key("Only updates about services in these groups.")] = ()
    kinds: Annotated[tuple[Kind, ...], Key("Only these kinds of posts: `incident`, `maintenance` or `notice`.")] = ()
    staff: Annotated[bool, Key("Whether it is for staff: reminders go there, updates do not.")] = False


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """`notify:` of services.yaml.

    `quiet` are the hours of the night, local to the site, in which planned work is not told of. At most `at_most`
    messages go at once unless somebody says yes. `show`: the pages say what was sent where.
    """

    channels: tuple[NotifyChannel, ...] = ()
    quiet: tuple[time, time] | None = None
    at_most: int = 20
    show: bool = False
