"""Statuspage's words for our values."""

from collections.abc import Callable, Sequence

from statusgen.model import Kind, State, Status
from statusgen.status.standing import IncidentStanding, Phase, Said

COMPONENT = {
    Status.WORKING: "operational",
    Status.MAINTENANCE: "under_maintenance",
    Status.CATCHING_UP: "degraded_performance",
    Status.DIFFERENTLY: "degraded_performance",
    Status.DEGRADED: "degraded_performance",
    Status.UNKNOWN: "degraded_performance",
    Status.LIMITED: "partial_outage",
    Status.DOWN: "major_outage",
}
# The impact of an incident that brought a component no further than that.
IMPACT = {
    "operational": "none",
    "under_maintenance": "maintenance",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}
STATE = {
    State.INVESTIGATING: "investigating",
    State.IDENTIFIED: "identified",
    State.MONITORING: "monitoring",
    State.SCHEDULED: "scheduled",
    State.IN_PROGRESS: "in_progress",
    State.VERIFYING: "verifying",
    State.COMPLETED: "completed",
}


def blended(statuses: Sequence[Status], gettext: Callable[[str], str]) -> tuple[str, str]:
    """The indicator and the description of a page whose components stand so.

    The rules, and the English words, are Atlassian's: "Top-level status and incident impact calculations" in its help.
    """
    _ = gettext
    words = {COMPONENT[status] for status in statuses}
    alike = len(words) == 1
    if "major_outage" in words and alike:
        return "critical", _("Major System Outage")
    if "major_outage" in words or ("partial_outage" in words and alike):
        return "major", _("Partial System Outage")
    if "partial_outage" in words:
        return "minor", _("Minor Service Outage")
    if "degraded_performance" in words and alike and len(statuses) > 1:
        return "minor", _("Degraded System Service")
    if "degraded_performance" in words:
        return "minor", _("Partially Degraded Service")
    if "under_maintenance" in words:
        return "maintenance", _("Service Under Maintenance")
    return "none", _("All Systems Operational")


def impact(standing: IncidentStanding) -> str:
    """The worst that it ever did; none if it was withdrawn. That of planned work is always the same."""
    if standing.incident.kind is Kind.MAINTENANCE:
        return "maintenance"
    return "none" if standing.state is State.WITHDRAWN else IMPACT[COMPONENT[standing.worst]]


def state_now(standing: IncidentStanding) -> str:
    """How far it has come, by what was said and by the clock."""
    if standing.phase is not Phase.PAST:
        return _open(standing.state, standing.incident.kind)
    return _past(standing, report=any(update.state is State.POSTMORTEM for update in standing.updates))


def state_then(standing: IncidentStanding, said: Said) -> str:
    """How far it had come with an update."""
    if not said.then.over:
        return _open(said.then.state, standing.incident.kind)
    return _past(standing, report=said.update.state is State.POSTMORTEM)


def _open(state: State, kind: Kind) -> str:
    # Nobody looks for the cause of what a notice tells.
    return "identified" if kind is Kind.NOTICE and state is State.INVESTIGATING else STATE[state]


def _past(standing: IncidentStanding, *, report: bool) -> str:
    """There is no word for what was cancelled or withdrawn; the text of the update says it."""
    if standing.incident.kind is Kind.MAINTENANCE:
        return "completed"
    return "postmortem" if report else "resolved"
