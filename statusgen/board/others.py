"""What `others:` stands for: every service that no open post has said anything about, at the time of the update."""

from collections.abc import Iterator
from dataclasses import replace

from statusgen.board.replay.replay import Replay
from statusgen.model.posts import Incident, Update
from statusgen.model.reports import ServiceReport
from statusgen.model.states import Kind
from statusgen.model.whole_site import Site


def expand_others(site: Site) -> Site:
    """Return the site with `others:` written out in each update, for the services that were left then."""
    if not any(update.others for incident in site.incidents for update in incident.updates):
        return site
    found = _reports_for_others(site)
    return replace(site, incidents=tuple(_with_reports(incident, found) for incident in site.incidents))


def _with_reports(incident: Incident, found: dict[tuple[str, str], tuple[ServiceReport, ...]]) -> Incident:
    updates = (
        replace(update, reports=(*update.reports, *found[incident.id, update.id])) if update.others else update
        for update in incident.updates
    )
    return replace(incident, updates=tuple(updates))


def _reports_for_others(site: Site) -> dict[tuple[str, str], tuple[ServiceReport, ...]]:
    """Apply the updates of all posts in the order of time, and ask each time what nothing was said about."""
    found: dict[tuple[str, str], tuple[ServiceReport, ...]] = {}
    replays = {incident.id: Replay(incident, site) for incident in site.incidents}
    for incident, update in _in_order(site):
        if update.others:
            said = {report.service for report in update.reports} | replays[incident.id].mentioned
            said |= {id for replay in replays.values() if _is_open(replay, update) for id in replay.mentioned}
            left = (service.id for service in site.services if service.id not in said)
            reports = tuple(ServiceReport(id, None, update.place, update.others) for id in left)
            found[incident.id, update.id] = reports
            update = replace(update, reports=(*update.reports, *reports))
        replays[incident.id].apply(update)
    return found


def _in_order(site: Site) -> Iterator[tuple[Incident, Update]]:
    pairs = [(incident, update) for incident in site.incidents for update in incident.updates]
    yield from sorted(pairs, key=lambda pair: (pair[1].time.start, pair[0].id))


def _is_open(replay: Replay, update: Update) -> bool:
    """Return whether a post had begun and was not over when an update was published; planned work silences nobody."""
    if not replay.update_results or replay.ended or replay.incident.kind is Kind.MAINTENANCE:
        return False
    return replay.ends is None or replay.ends.end > update.time.start
