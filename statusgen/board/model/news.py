"""What changed, and the update that said so."""

from dataclasses import dataclass

from statusgen.board.model.incidents import IncidentSnapshot
from statusgen.board.model.spans import Source
from statusgen.model.posts import Incident, Update
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of a service, or of one of its channels, from one status to another.

    `before` is `NOT_SAID` if nothing was said of it before. `published_at` is when residents were told about it, or
    when it happened by the clock.
    """

    service: str
    channel: str | None
    before: Status
    after: Status
    published_at: When
    source: Source | None

    @property
    def is_recovery(self) -> bool:
        """Whether it works again after a problem that was named."""
        return self.after is Status.WORKING and self.before.is_broken


@dataclass(frozen=True, slots=True)
class UpdateView:
    """One published update, with its incident and the status changes that it brought.

    `services` are the ids of those that it is about, even if it names none of them (because it ends what affected them,
    or corrects what was said about them). `waivers` and `deadlines` are those that it mentions, each as it was then.
    `snapshot` is the whole incident at that time; `is_reopening` is whether the incident was over before and affects
    something again.
    """

    incident: Incident
    update: Update
    transitions: tuple[Transition, ...]
    is_first: bool
    services: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    deadlines: tuple[Deadline, ...]
    snapshot: IncidentSnapshot
    is_reopening: bool = False
    late_for: When | None = None

    @property
    def is_recovery(self) -> bool:
        """Whether everything that it changed works again."""
        return bool(self.recoveries) and len(self.recoveries) == len(self.transitions)

    @property
    def recoveries(self) -> tuple[Transition, ...]:
        """The changes that brought something back."""
        return tuple(change for change in self.transitions if change.is_recovery)
