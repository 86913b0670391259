"""What `others:` stands for: every service that no open post has said anything about, at the time of the update."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

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


def reports_for_others(update: Update) -> tuple[ServiceReport, ...]:
    """Return what `others:` of an update stands for, on a site on which it is written out."""
    # They stand at the update itself; a report that somebody wrote has a line of its own.
    return tuple(report for report in update.reports if report.place == update.place) if update.others else ()


def list_unsaid_services(site: Site, moment: datetime, post: str = "") -> list[str]:
    """Return the ids of the services that `others:` would stand for in an update of `post` at a moment.

    For a new post its id makes no difference.
    """
    said = _SaidSoFar(site)
    for incident, update in _in_order(site):
        if update.time.start <= moment:
            said.apply(incident, update)
    return said.list_others(post, moment)


def _with_reports(incident: Incident, found: dict[tuple[str, str], tuple[ServiceReport, ...]]) -> Incident:
    updates = (
        replace(update, reports=(*update.reports, *found[incident.id, update.id])) if update.others else update
        for update in incident.updates
    )
    return replace(incident, updates=tuple(updates))


def _reports_for_others(site: Site) -> dict[tuple[str, str], tuple[ServiceReport, ...]]:
    """Apply the updates of all posts in the order of time, and ask each time what nothing was said about."""
    said = _SaidSoFar(site)
    return {(incident.id, update.id): said.apply(incident, update) for incident, update in _in_order(site)}


class _SaidSoFar:
    """What the updates of all posts said, as far as they were applied."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.replays = {incident.id: Replay(incident, site) for incident in site.incidents}

    def apply(self, incident: Incident, update: Update) -> tuple[ServiceReport, ...]:
        """Apply the next update of a post; return what its `others:` stands for."""
        reports: tuple[ServiceReport, ...] = ()
        if update.others:
            named = {report.service for report in update.reports}
            left = (id for id in self.list_others(incident.id, update.time.start) if id not in named)
            reports = tuple(ServiceReport(id, None, update.place, update.others) for id in left)
            update = replace(update, reports=(*update.reports, *reports))
        self.replays[incident.id].apply(update)
        return reports

    def list_others(self, post: str, now: datetime) -> list[str]:
        """Return the services, by id, of which neither the post nor any that is open now said anything."""
        heard = (replay for id, replay in self.replays.items() if id == post or _is_open(replay, now))
        said = {service for replay in heard for service in replay.mentioned}
        return [service.id for service in self.site.services if service.id not in said]


def _in_order(site: Site) -> Iterator[tuple[Incident, Update]]:
    pairs = [(incident, update) for incident in site.incidents for update in incident.updates]
    yield from sorted(pairs, key=lambda pair: (pair[1].time.start, pair[0].id))


def _is_open(replay: Replay, now: datetime) -> bool:
    """Return whether a post has begun and is not over; planned work silences nobody."""
    if not replay.update_results or replay.ended or replay.incident.kind is Kind.MAINTENANCE:
        return False
    return replay.ends is None or replay.ends.end > now
