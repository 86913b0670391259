"""Statuspage's terms for our values."""

from collections.abc import Callable, Sequence

from statusgen.board.model.incidents import IncidentStatus, UpdateResult
from statusgen.board.model.spans import Phase
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status

COMPONENT_STATUSES = {
    Status.WORKING: "operational",
    Status.NOT_SAID: "operational",  # it has no word for what nobody spoke of
    Status.MAINTENANCE: "under_maintenance",
    Status.CATCHING_UP: "degraded_performance",
    Status.DIFFERENTLY: "degraded_performance",
    Status.DEGRADED: "degraded_performance",
    Status.UNKNOWN: "degraded_performance",
    Status.LIMITED: "partial_outage",
    Status.PARTLY_DOWN: "partial_outage",
    Status.DOWN: "major_outage",
}
# The impact of an incident by the worst status that it brought to a component.
IMPACTS = {
    "operational": "none",
    "under_maintenance": "maintenance",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}
INCIDENT_STATES = {
    State.INVESTIGATING: "investigating",
    State.IDENTIFIED: "identified",
    State.MONITORING: "monitoring",
    State.SCHEDULED: "scheduled",
    State.IN_PROGRESS: "in_progress",
    State.VERIFYING: "verifying",
    State.COMPLETED: "completed",
}


def overall_status(statuses: Sequence[Status], gettext: Callable[[str], str]) -> tuple[str, str]:
    """Return the indicator and the description of a page whose components have these statuses.

    The rules, and the English words, are Atlassian's: "Top-level status and incident impact calculations" in its help.
    Only "All Systems Operational" needs somebody to have said of each that it works.
    """
    _ = gettext
    words = {COMPONENT_STATUSES[status] for status in statuses}
    all_same = len(words) == 1
    if "major_outage" in words and all_same:
        return "critical", _("Major System Outage")
    if "major_outage" in words or ("partial_outage" in words and all_same):
        return "major", _("Partial System Outage")
    if "partial_outage" in words:
        return "minor", _("Minor Service Outage")
    if "degraded_performance" in words and all_same and len(statuses) > 1:
        return "minor", _("Degraded System Service")
    if "degraded_performance" in words:
        return "minor", _("Partially Degraded Service")
    if "under_maintenance" in words:
        return "maintenance", _("Service Under Maintenance")
    if any(status is not Status.WORKING for status in statuses):
        return "none", _("No problems reported")
    return "none", _("All Systems Operational")


def impact(incident: IncidentStatus) -> str:
    """Return the worst that it ever did; none if it was withdrawn. For planned work it is always the same.

    An incident is at least minor while it is open, also if nobody has named a service that does not work.
    """
    if incident.incident.kind is Kind.MAINTENANCE:
        return "maintenance"
    worst = "none" if incident.state is State.WITHDRAWN else IMPACTS[COMPONENT_STATUSES[incident.worst_status]]
    return "minor" if worst == "none" and incident.is_open else worst


def current_state(incident: IncidentStatus) -> str:
    """Return its state, by what was published and by the clock."""
    if incident.phase is not Phase.PAST:
        return _open_state(incident.state, incident.incident.kind)
    return _past_state(incident, has_report=any(update.state is State.POSTMORTEM for update in incident.updates))


def state_after(incident: IncidentStatus, result: UpdateResult) -> str:
    """Return its state after an update."""
    if not result.snapshot.is_over:
        return _open_state(result.snapshot.state, incident.incident.kind)
    return _past_state(incident, has_report=result.update.state is State.POSTMORTEM)


def _open_state(state: State, kind: Kind) -> str:
    # A notice has no cause to be investigated.
    return "identified" if kind is Kind.NOTICE and state is State.INVESTIGATING else INCIDENT_STATES[state]


def _past_state(incident: IncidentStatus, *, has_report: bool) -> str:
    """Return the state of what is over; there is none for canceled or withdrawn, but the update's text says it."""
    if incident.incident.kind is Kind.MAINTENANCE:
        return "completed"
    return "postmortem" if has_report else "resolved"
