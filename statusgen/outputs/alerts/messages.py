"""What an alert says in the fixed words of CAP 1.2: one message for each update of an incident or a notice.

Each message is made from what was said by its update and from nothing later, so it never changes. Planned work makes
no alerts: it begins and ends by the clock, without a word that could be sent.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen.model import Kind, Site, State, Status, Topic
from statusgen.status.standing import Board, Post

# For how long to show that something is over.
ALL_CLEAR_FOR = timedelta(hours=24)
_CATEGORIES = {Topic.HEALTH: "Health", Topic.FRAUD: "Security", Topic.DATA: "Security"}
# From least to most. Nothing here is ever "Severe" or "Extreme", with which phones are made to ring (47 CFR 10.400):
# that is for those to say who look after emergencies.
_SEVERITIES = ("Minor", "Unknown", "Moderate")


@dataclass(frozen=True)
class Message:
    """An alert but for its words: an update, with values of CAP's elements (CAP 1.2, sections 3.2.1 and 3.2.2).

    `kind` is the msgType. `replaces` are the messages that it refers to, oldest first. Both times are in UTC.
    """

    post: Post
    kind: str
    replaces: tuple["Message", ...]
    sent: datetime
    expires: datetime
    urgency: str
    severity: str
    certainty: str

    @property
    def identifier(self) -> str:
        """Its id, the same for ever, also where the site moves. The ids in it have no dots, spaces or commas."""
        return f"{self.post.incident.id}.{self.post.update.id}"

    @property
    def category(self) -> str:
        """What field it belongs to."""
        return _CATEGORIES.get(self.post.incident.topic or Topic.OTHER, "Infra")

    @property
    def response(self) -> str:
        """The responseType: to watch what we say, or nothing any more."""
        if self.kind == "Cancel":
            return "None"
        return "AllClear" if self.post.then.over else "Monitor"

    @property
    def services(self) -> tuple[str, ...]:
        """The ids of the services that it is about, and of those that did not work as usual then."""
        return tuple(sorted({*self.post.services, *(service for service, _ in self.post.then.held)}))


def every_message(board: Board) -> tuple[Message, ...]:
    """All messages that were sent by the moment of the Board, newest first."""
    told: dict[str, list[Message]] = defaultdict(list)
    sent = []
    for post in reversed(board.posts):
        if post.incident.kind is not Kind.MAINTENANCE:
            sent.append(_message(post, told[post.incident.id], board.site))
            told[post.incident.id].append(sent[-1])
    return tuple(reversed(sent))


def _message(post: Post, told: Sequence[Message], site: Site) -> Message:
    """The message of an update; `told` are those of its incident that were sent before, oldest first."""
    sent = post.update.time.start
    severity = _severity(post, site)
    return Message(
        post=post,
        kind=_kind(post, told),
        # An Update must refer to something, even where all that was sent before has expired.
        replaces=tuple(message for message in told if message.expires > sent) or tuple(told[-1:]),
        sent=sent,
        expires=_expires(post, site),
        urgency=_urgency(post),
        severity=severity,
        certainty=_certainty(post, severity),
    )


def _kind(post: Post, told: Sequence[Message]) -> str:
    """To withdraw a post takes back what was sent. That a problem is over is news about it, and so an Update."""
    if not told:
        return "Alert"
    return "Cancel" if post.update.state is State.WITHDRAWN else "Update"


def _expires(post: Post, site: Site) -> datetime:
    """Until when the words hold if nobody says more: as long as the site itself takes a word for fresh.

    A promise to say more cannot shorten that: an alert that ended when the city was late would tell that all is well.
    """
    told = post.update.time.end
    if post.then.over:
        return told + ALL_CLEAR_FOR
    if post.then.ends:
        return post.then.ends.end
    fresh = told + site.stale_after
    return max(post.then.due.end, fresh) if post.then.due else fresh


def _ahead(post: Post) -> bool:
    """Whether it was announced before it began."""
    return post.incident.started.start > post.update.time.last_minute


def _urgency(post: Post) -> str:
    if post.then.over:
        return "Past"
    if _ahead(post):
        return "Future"
    return "Immediate" if post.incident.topic is Topic.HEALTH else "Expected"


def _certainty(post: Post, severity: str) -> str:
    if post.update.state is State.WITHDRAWN:
        return "Unlikely"
    if _ahead(post):
        return "Likely"
    return "Unknown" if severity == "Unknown" else "Observed"


def _severity(post: Post, site: Site) -> str:
    """The worst that can be said of any service, or of the subject of a notice."""
    if post.then.over:
        return "Minor"
    found = [_severity_of(status, site.by_id[service].essential) for service, status in post.then.held]
    if post.incident.topic is Topic.HEALTH:
        found.append("Moderate")
    return max(found, key=_SEVERITIES.index, default="Minor")


def _severity_of(status: Status, essential: bool) -> str:
    if status is Status.UNKNOWN:
        return "Unknown"
    return "Moderate" if essential and status in (Status.DOWN, Status.LIMITED) else "Minor"
