"""What an alert says in the fixed terms of CAP 1.2: one message for each update of an incident or a notice.

Each message is made from its update and from nothing later, so it never changes. Planned work makes no alerts: it
begins and ends by the clock, without an update that could be sent.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen.board.model.news import UpdateView
from statusgen.board.model.whole_board import Board
from statusgen.model.posts import Topic
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.whole_site import Site

# How long to show that something is over.
ALL_CLEAR_DURATION = timedelta(hours=24)
_CATEGORIES = {Topic.HEALTH: "Health", Topic.FRAUD: "Security", Topic.DATA: "Security"}
# From least to most. Never "Severe" or "Extreme", which can make phones ring (47 CFR 10.400): only emergency managers
# may decide that.
_SEVERITIES = ("Minor", "Unknown", "Moderate")


@dataclass(frozen=True)
class Message:
    """An alert without its words: an update, with values of CAP's elements (CAP 1.2, sections 3.2.1 and 3.2.2).

    `kind` is the msgType. `replaces` are the messages that it refers to, oldest first. Both times are in UTC.
    """

    view: UpdateView
    kind: str
    replaces: tuple["Message", ...]
    sent: datetime
    expires: datetime
    urgency: str
    severity: str
    certainty: str

    @property
    def identifier(self) -> str:
        """Its id, which never changes, even if the site moves. The ids in it have no dots, spaces or commas."""
        return f"{self.view.incident.id}.{self.view.update.id}"

    @property
    def category(self) -> str:
        """The field that it belongs to."""
        return _CATEGORIES.get(self.view.incident.topic or Topic.OTHER, "Infra")

    @property
    def response(self) -> str:
        """The responseType: to monitor what we publish, or that nothing is needed anymore."""
        if self.kind == "Cancel":
            return "None"
        return "AllClear" if self.view.snapshot.is_over else "Monitor"

    @property
    def services(self) -> tuple[str, ...]:
        """The ids of the services that it is about, and of those that did not work as usual then."""
        return tuple(sorted({*self.view.services, *(service for service, _ in self.view.snapshot.affected)}))


def all_messages(board: Board) -> tuple[Message, ...]:
    """Return all messages that were sent by the moment of the Board, newest first."""
    by_incident: dict[str, list[Message]] = defaultdict(list)
    sent = []
    for view in reversed(board.updates):
        if view.incident.kind is not Kind.MAINTENANCE:
            sent.append(_make_message(view, by_incident[view.incident.id], board.site))
            by_incident[view.incident.id].append(sent[-1])
    return tuple(reversed(sent))


def _make_message(view: UpdateView, earlier: Sequence[Message], site: Site) -> Message:
    """Return the message of an update; `earlier` are those of its incident that were sent before, oldest first."""
    sent = view.update.time.start
    severity = _severity(view, site)
    return Message(
        view=view,
        kind=_kind(view, earlier),
        # An Update must refer to something, even where all that was sent before has expired.
        replaces=tuple(message for message in earlier if message.expires > sent) or tuple(earlier[-1:]),
        sent=sent,
        expires=_expiry(view, site),
        urgency=_urgency(view),
        severity=severity,
        certainty=_certainty(view, severity),
    )


def _kind(view: UpdateView, earlier: Sequence[Message]) -> str:
    """Return the msgType: withdrawing a post cancels what was sent; the end of a problem is news, and so an Update."""
    if not earlier:
        return "Alert"
    return "Cancel" if view.update.state is State.WITHDRAWN else "Update"


def _expiry(view: UpdateView, site: Site) -> datetime:
    """Return how long the message holds if there is no other: as long as the site itself counts it as recent.

    A promised update cannot shorten that: if an alert expired because the city was late, it would seem that all is
    well.
    """
    published = view.update.time.end
    if view.snapshot.is_over:
        return published + ALL_CLEAR_DURATION
    if view.snapshot.ends:
        return view.snapshot.ends.end
    fresh = published + site.stale_after
    return max(view.snapshot.due.end, fresh) if view.snapshot.due else fresh


def _is_ahead(view: UpdateView) -> bool:
    """Return whether it was announced before it began."""
    return view.incident.started.start > view.update.time.last_minute


def _urgency(view: UpdateView) -> str:
    if view.snapshot.is_over:
        return "Past"
    if _is_ahead(view):
        return "Future"
    return "Immediate" if view.incident.topic is Topic.HEALTH else "Expected"


def _certainty(view: UpdateView, severity: str) -> str:
    if view.update.state is State.WITHDRAWN:
        return "Unlikely"
    if _is_ahead(view):
        return "Likely"
    return "Unknown" if severity == "Unknown" else "Observed"


def _severity(view: UpdateView, site: Site) -> str:
    """Return the worst severity of any service, or of the topic of a notice."""
    if view.snapshot.is_over:
        return "Minor"
    severities = [
        _status_severity(status, site.service_by_id[service].essential) for service, status in view.snapshot.affected
    ]
    if view.incident.topic is Topic.HEALTH:
        severities.append("Moderate")
    # Of an incident that names no service with a problem, nobody has said how bad it is.
    default = "Unknown" if view.incident.kind is Kind.INCIDENT else "Minor"
    return max(severities, key=_SEVERITIES.index, default=default)


def _status_severity(status: Status, essential: bool) -> str:
    if status is Status.UNKNOWN:
        return "Unknown"
    return "Moderate" if essential and status in (Status.DOWN, Status.PARTLY_DOWN, Status.LIMITED) else "Minor"
