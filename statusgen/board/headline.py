"""The facts at the top of the front page."""

from collections.abc import Sequence

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.news import UpdateView
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.whole_board import Headline
from statusgen.board.outages import Outages
from statusgen.model.statuses import Status


def make_headline(
    services: Sequence[ServiceStatus],
    open_incidents: Sequence[IncidentStatus],
    updates: Sequence[UpdateView],
    outages: Outages,
) -> Headline:
    """Return the facts at the top of the front page."""
    promises = [incident.promise for incident in open_incidents if incident.promise]
    ranked = sorted(open_incidents, key=_incident_weight, reverse=True)
    lately = {service.id for service in services if service.has_problem and not service.stale}
    # The one that most is said of lately; of several, the one that affects more, for the sort is stable.
    by_news = sorted(ranked, key=lambda each: -len(_affected_now(each, Status.UNKNOWN) & lately))
    main = next((each for each in by_news if _affected_now(each, Status.UNKNOWN) & lately), None)
    main = main or next((each for each in ranked if _affected_now(each)), ranked[0] if len(ranked) == 1 else None)
    first = sorted(services, key=lambda service: not service.service.essential)
    broken = [service for service in first if service.has_problem]
    stale_times = [service.confirmed_at for service in broken if service.stale and service.confirmed_at]
    return Headline(
        incident=main.id if main else None,
        day=outages.site.day_number(main.incident.started, outages.moment)
        if main and main.incident.is_start_known
        else None,
        open_incidents=tuple(each.id for each in sorted(ranked, key=lambda each: each is not main)),
        service_count=len(services),
        broken=tuple(service.id for service in broken if not service.stale),
        stale=tuple(service.id for service in broken if service.stale),
        stale_from=min(stale_times, key=lambda when: when.start, default=None),
        stale_to=max(stale_times, key=lambda when: when.start, default=None),
        unknown=tuple(s.id for s in first if s.status is Status.UNKNOWN and not s.stale),
        long_unknown=tuple(s.id for s in first if s.status is Status.UNKNOWN and s.stale),
        unsaid=tuple(service.id for service in first if outages.may_reach_further and service.is_never_mentioned),
        working=tuple(s.id for s in first if s.service.essential and s.is_working and not s.stale),
        is_all_said=all(_is_said(service) for service in services),
        maintenance_count=sum(s.status is Status.MAINTENANCE and not s.standing.ways for s in services),
        last_update_at=updates[0].update.time if updates else None,
        promise=min(promises, key=lambda promise: promise.due.end, default=None),
    )


def _is_said(service: ServiceStatus) -> bool:
    """Return whether somebody said lately how a service and all of its ways stand, not only that it came back once."""
    standings = [service.standing, *(channel.standing for channel in service.channels)]
    return not any(each.status is Status.NOT_SAID or each.restored_at for each in standings)


def _affected_now(incident: IncidentStatus, but: Status | None = None) -> set[str]:
    """Return the services of which an incident says something else than that they work, `but` for one status."""
    return {effect.key[0] for effect in incident.effects if effect.until is None and effect.status is not but}


def _incident_weight(incident: IncidentStatus) -> tuple[int, float]:
    """Return how much an incident matters: by how many services it affects, then by its age."""
    return (len(_affected_now(incident)), -incident.incident.started.start.timestamp())
