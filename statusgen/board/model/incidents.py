"""An incident, planned work or a notice at one moment, and right after each of its updates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from statusgen.board.model.advice import Advice, LapsedAdvice, Workaround
from statusgen.board.model.channels import ChannelChange, TemporaryChannel
from statusgen.board.model.dates import DeadlineStatus, WaiverStatus, Window
from statusgen.board.model.estimates import Promise, PublishedEstimate
from statusgen.board.model.spans import ChannelKey, Phase, Source, Word
from statusgen.model.posts import Incident, Update
from statusgen.model.services import Channel
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.words import Words


@dataclass(frozen=True, slots=True)
class IncidentSnapshot:
    """An incident as it was right after one update, regardless of anything published or happening later.

    `state` is as reported or, for planned work, as the clock had advanced it by then. `affected` are the services that
    were then not working as usual, by id, each with its status as far as this incident goes. `waivers` are those
    not over; `due` is when the next update was promised; `ends` is when a notice ends; `do` is for everybody. `is_over`
    is whether the incident or notice had ended; then it affects nothing.
    """

    state: State
    is_over: bool
    affected: tuple[tuple[str, Status], ...]
    workarounds: tuple[Workaround, ...]
    waivers: tuple[Waiver, ...]
    due: When | None
    ends: When | None
    do: Advice | None = None


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """An update, together with what follows from it and from the updates before it.

    `services` are those that it mentions, changes, or corrects; `waivers` and `deadlines` are those that it mentions,
    each as merged by then. `late_for` is the promised time of this update, if it came later. `snapshot` is the whole
    incident at that time, `title` its name then.
    """

    update: Update
    services: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    deadlines: tuple[Deadline, ...]
    snapshot: IncidentSnapshot
    title: Words
    late_for: When | None = None


@dataclass(frozen=True)
class IncidentStatus:
    """An incident up to the moment: what was published about it, and what follows from that.

    `incident` has only the updates published by then, and `update_results` has one entry for each. `windows` are those
    of planned work. `words` are what it says, and said, of services. `known`, `not_known` and `doing` are each as last
    reported, `list_times` has when. `estimates` are oldest first; `restored_times` has when each affected service or
    channel last worked again: estimates from before then are void. `do` is for everybody. `ended` is when an incident,
    notice or planned work that is over ended. `may_reach_further`: it may affect services that nothing was said about.
    `has_feeds`: somebody may still wait for news of it, so it has feeds of its own.
    """

    incident: Incident
    update_results: tuple[UpdateResult, ...]
    state: State
    phase: Phase
    words: tuple[Word, ...]
    workarounds: tuple[Workaround, ...]
    lapsed_advice: tuple[LapsedAdvice, ...]
    temporary_channels: tuple[TemporaryChannel, ...]
    channel_changes: tuple[ChannelChange, ...]
    restored_times: tuple[tuple[ChannelKey, When], ...]
    waivers: tuple[WaiverStatus, ...]
    deadlines: tuple[DeadlineStatus, ...]
    estimates: tuple[PublishedEstimate, ...]
    promise: Promise | None
    known: tuple[Words, ...]
    not_known: tuple[Words, ...]
    doing: tuple[Words, ...]
    list_times: tuple[tuple[str, When], ...]
    do: Advice | None
    claim: Words | None
    fact: Words | None
    unrelated_to: tuple[str, ...]
    windows: tuple[Window, ...]
    ends: When | None
    ended: When | None
    may_reach_further: bool
    has_feeds: bool
    earlier_titles: tuple[Words, ...]

    @property
    def id(self) -> str:
        """The id of the incident."""
        return self.incident.id

    @property
    def updates(self) -> tuple[Update, ...]:
        """Its published updates, oldest first."""
        return self.incident.updates

    @cached_property
    def effects(self) -> tuple[Word, ...]:
        """What keeps, or kept, services from working as usual, as far as it says."""
        return tuple(word for word in self.words if word.status.is_stated_problem)

    @property
    def is_state_said(self) -> bool:
        """Whether an update said how far it has come: the first one of an incident gives only what is unsaid a name."""
        is_default = self.incident.kind is Kind.INCIDENT and self.state is State.INVESTIGATING
        return not is_default or any(update.state is State.INVESTIGATING for update in self.updates[1:])

    @property
    def is_open(self) -> bool:
        """Whether it is an incident that is not over."""
        return self.incident.kind is Kind.INCIDENT and self.phase is Phase.OPEN

    @cached_property
    def update_by_id(self) -> Mapping[str, Update]:
        """Its published updates by id."""
        return {update.id: update for update in self.updates}

    def with_known_name(self, service: str, channel: Channel) -> Channel:
        """Return a channel that an update names for a service for a while, with the name that another one gave it."""
        same = (each.channel for each in self.temporary_channels if each.service == service)
        names = [each.name for each in same if each.id == channel.id and each.name]
        return channel if channel.name or not names else replace(channel, name=names[-1])

    @property
    def last_update(self) -> Update:
        """The newest update."""
        return self.updates[-1]

    @property
    def services(self) -> tuple[str, ...]:
        """The ids of all services that it was ever about, from A to Z."""
        mentioned = {service for result in self.update_results for service in result.services}
        return tuple(sorted(mentioned | {word.key[0] for word in self.words}))

    @property
    def closed_by(self) -> Source | None:
        """The update that ended it; None if it ended by the clock or is not over."""
        ends = (u for u in reversed(self.updates) if self.ended and u.state.is_terminal and u.time == self.ended)
        return next((Source(self.id, update.id) for update in ends), None)

    @cached_property
    def corrections(self) -> Mapping[str, tuple[Update, ...]]:
        """The corrections of each corrected update, by that update's id, oldest first."""
        found: dict[str, tuple[Update, ...]] = {}
        for update in self.updates:
            if update.correction:
                corrects = update.correction.corrects
                found[corrects] = (*found.get(corrects, ()), update)
        return found

    @property
    def window(self) -> Window | None:
        """The window of planned work that matters now: the running one, otherwise the next, otherwise the last."""
        return self.windows[-1] if self.windows else None

    @property
    def announced_window(self) -> Window | None:
        """The time of planned work as residents know it, even if the work was canceled.

        If the window has no known end, or there is no window, it is the time last announced. None if this is not
        planned work.
        """
        if self.window and self.window.end:
            return self.window
        starts = [update.starts for update in self.updates if update.starts]
        start = self.window.start if self.window else starts[-1] if starts else None
        return Window(start, self.ends) if start else None

    @property
    def over_at(self) -> datetime | None:
        """The first moment at which it was past: when an update said so, or when its time ran out; None until then."""
        if self.phase is not Phase.PAST or self.ended is None:
            return None
        by_update = any(update.state.is_terminal and update.time == self.ended for update in self.updates)
        return self.ended.start if by_update else self.ended.end

    @property
    def affected_services(self) -> tuple[str, ...]:
        """The ids of all services that it was ever reported, or planned, to affect."""
        return tuple(sorted({service for result in self.update_results for service, _ in result.snapshot.affected}))

    @property
    def worst_status(self) -> Status:
        """The worst status that it was ever reported to cause, as far as it alone goes."""
        statuses = (status for result in self.update_results for _, status in result.snapshot.affected)
        return max(statuses, key=lambda status: status.severity, default=Status.NOT_SAID)
