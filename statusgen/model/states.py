"""How far an incident or planned work has come, and the kinds of posts."""

from statusgen.model.format_enum import FormatEnum


class State(FormatEnum):
    """The word in an update's heading: how far the incident or the planned work has come."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHDRAWN = "withdrawn"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing is held back anymore once this was said."""
        return self in (State.RESOLVED, State.COMPLETED, State.CANCELLED, State.WITHDRAWN)

    @property
    def is_state_change(self) -> bool:
        """Whether the word changes the state at all; an update or a correction does not."""
        return self not in (State.UPDATE, State.CORRECTION, State.POSTMORTEM)


ANY_STATES = (State.UPDATE, State.CORRECTION, State.WITHDRAWN)


PROBLEM_STATES = (
    State.INVESTIGATING,
    State.IDENTIFIED,
    State.MONITORING,
    State.RESOLVED,
    State.POSTMORTEM,
    *ANY_STATES,
)


MAINTENANCE_STATES = (
    State.SCHEDULED,
    State.IN_PROGRESS,
    State.VERIFYING,
    State.COMPLETED,
    State.CANCELLED,
    *ANY_STATES,
)


class Kind(FormatEnum):
    """What a post is about."""

    INCIDENT = "incident"
    MAINTENANCE = "maintenance"
    NOTICE = "notice"

    @property
    def states(self) -> tuple[State, ...]:
        """The states that its updates may name."""
        return MAINTENANCE_STATES if self is Kind.MAINTENANCE else PROBLEM_STATES
